/* Drawings in a page: a part lights up its ties, a slider goes from month to month. No library, no network. */
(function () {
  "use strict";

  function all(root, what) { return Array.prototype.slice.call(root.querySelectorAll(what)); }
  function ends(part) { return (part.dataset.ends || "").split(" "); }

  function start(box) {
    if (box.dataset.pret) { return; }
    box.dataset.pret = "oui";
    var svg = box.querySelector("svg");
    var frame = svg.parentNode; // it listens, since a drawing that listened to focus would itself be a stop
    var parts = all(svg, ".partie");
    var holder = null;
    var ofBook = document.getElementById("tbl-" + svg.id.replace(/-vif-dessin$/, "") + "-liens"); // in a book
    var list = ofBook || (box.nextElementSibling && box.nextElementSibling.matches(".vif-liens") ? box.nextElementSibling : null);
    var rows = list && parts.some(function (part) { return part.dataset.no; }) ? all(list, "tbody tr") : [];
    rows.forEach(function (row) {
      row.dataset.no = row.cells[0].textContent.trim();
      row.tabIndex = 0;
      ["focus", "pointerenter"].forEach(function (what) { row.addEventListener(what, function () { light(row); seek(row); }); });
      ["blur", "pointerleave"].forEach(function (what) { row.addEventListener(what, function () { light(null); }); });
      row.addEventListener("keydown", function (event) {
        var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], next = rows[rows.indexOf(row) + step];
        if (event.key === "Escape") { light(null); }
        if (next) { event.preventDefault(); next.focus(); }
      });
    });
    if (rows.length) {
      box.classList.add("vif-suivi");
      (list.closest(".tableau") || list).classList.add("vif-suite");
    }

    function seek(row) { // the frame moves, never the page
      var part = parts.filter(function (each) { return each.dataset.no === row.dataset.no; })[0];
      if (!part) { return; }
      var at = part.getBoundingClientRect(), seen = frame.getBoundingClientRect();
      if (at.top < seen.top || at.bottom > seen.bottom) { frame.scrollTop += at.top - seen.top - (seen.height - at.height) / 2; }
    }

    function light(part) {
      svg.classList.toggle("eclaire", Boolean(part));
      rows.forEach(function (row) { row.classList.remove("lie"); });
      if (!part) { return; }
      var id = part.dataset.id, no = part.dataset.no;
      var tied = parts.filter(function (each) {
        return each === part || (no && each.dataset.no === no) || (id && !each.classList.contains("absent") && ends(each).indexOf(id) >= 0);
      });
      rows.forEach(function (row) {
        row.classList.toggle("lie", tied.some(function (each) { return each.dataset.no === row.dataset.no; }));
      });
      var near = tied.reduce(function (found, each) { return found.concat(ends(each)); }, []);
      parts.forEach(function (each) {
        each.classList.toggle("lie", tied.indexOf(each) >= 0 || near.indexOf(each.dataset.id) >= 0);
      });
    }

    function tiesOf(part) {
      return parts.filter(function (each) {
        return each.hasAttribute("tabindex") && !each.classList.contains("absent") && ends(each).indexOf(part.dataset.id) >= 0;
      });
    }

    frame.addEventListener("focusin", function (event) {
      var part = event.target.closest(".partie");
      if (part && part.dataset.id) { holder = part; }
      light(part);
    });
    frame.addEventListener("focusout", function () { light(null); });
    frame.addEventListener("pointerover", function (event) { light(event.target.closest(".partie.person, .partie.other, .partie.service, .partie.arrow")); });
    frame.addEventListener("pointerleave", function () { light(svg.contains(document.activeElement) ? document.activeElement.closest(".partie") : null); });
    frame.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { light(null); return; }
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step || !holder) { return; }
      event.preventDefault();
      event.stopPropagation();
      var ring = [holder].concat(tiesOf(holder));
      var at = ring.indexOf(document.activeElement);
      ring[(Math.max(at, 0) + step + ring.length) % ring.length].focus();
    });

    var steering = box.querySelector(".vif-mois");
    if (!steering) { return; }
    var input = steering.querySelector("input");
    var output = steering.querySelector("output");
    var status = steering.querySelector("[role=status]");
    var stops = all(box, ".vif-liste li");
    var timed = parts.filter(function (part) { return part.hasAttribute("data-m"); }).map(function (part) {
      var runs = part.dataset.m.split(" ").filter(Boolean).map(function (run) { return run.split("-").map(Number); });
      return { part: part, at: function (stop) { return runs.some(function (run) { return run[0] <= stop && stop <= run[1]; }); } };
    });

    function show(stop, say) {
      var seen = [{}, {}]; // what is there now and before, wherever and however it is drawn
      timed.forEach(function (each) {
        each.now = each.at(stop);
        each.before = stop ? each.at(stop - 1) : each.now;
        if (each.now) { seen[0][each.part.dataset.n] = true; }
        if (each.before) { seen[1][each.part.dataset.n] = true; }
      });
      timed.forEach(function (each) {
        var name = each.part.dataset.n, gone = each.before && !each.now && !seen[0][name];
        each.part.classList.toggle("venu", each.now && !each.before && !seen[1][name]);
        each.part.classList.toggle("parti", gone);
        each.part.classList.toggle("absent", !each.now && !gone);
      });
      var month = stops[stop].dataset.mois;
      input.setAttribute("aria-valuetext", month);
      output.textContent = month;
      if (say) { status.textContent = stops[stop].querySelector("span").textContent; }
    }

    steering.hidden = false;
    input.addEventListener("input", function () { show(Number(input.value), true); });
    show(Number(input.value), true);
  }

  all(document, ".vif-remplace").forEach(function (place) {
    place.hidden = false;
    var still = place.parentNode.querySelector(".dessin");
    if (still) { still.hidden = true; }
  });
  all(document, ".vif").forEach(start);
}());
