/* A tile of JupyterLab's launcher that opens the desk: an extension as JupyterLab loads it, written by hand. */
(function () {
  "use strict";

  var shared;
  function loaded(name) { var versions = shared[name]; return versions[Object.keys(versions)[0]].get().then(function (made) { return made(); }); }

  function tile(launcher, coreutils, ui) {
    return {
      id: "clss-desk:tile", autoStart: true, requires: [launcher.ILauncher],
      activate: function (app, tiles) {
        var page = coreutils.PageConfig, words = page.getOption("clssDesk"), open = "clss:desk";
        if (!words) { return; }
        app.commands.addCommand(open, {
          label: words, icon: ui.homeIcon,
          execute: function () { window.open(page.getBaseUrl() + "clss/desk", "_blank", "noopener"); }
        });
        tiles.add({ command: open, category: "Other", rank: 0 });
      }
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["clss-desk"] = {
    init: function (scope) { shared = scope; },
    get: function () {
      return Promise.all(["launcher", "coreutils", "ui-components"].map(function (each) { return loaded("@jupyterlab/" + each); }))
        .then(function (found) { return function () { return { __esModule: true, default: tile.apply(null, found) }; }; });
    }
  };
}());
