/* Search in the book, without server and without network: the index is a script of the same folder, read on first use. */
(function () {
  "use strict";
  var zone = document.querySelector(".recherche");
  if (!zone) { return; }
  var champ = zone.querySelector("input");
  var etat = zone.querySelector("[role=status]");
  var liste = zone.querySelector("ol");
  var demande = null;
  var MOST = 30;
  zone.hidden = false;

  function folded(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/œ/g, "oe").replace(/’/g, "'").toLowerCase();
  }

  function withIndex(then) {
    if (window.livreIndex) { then(window.livreIndex); return; }
    if (demande) { return; }
    demande = document.createElement("script");
    demande.src = "recherche-index.js";
    demande.onload = function () {
      window.livreIndex.forEach(function (entry) { entry.f = folded(entry.t + " " + entry.x); entry.h = folded(entry.t); });
      search();
    };
    document.head.appendChild(demande);
  }

  function extract(entry, word) {
    var text = entry.x;
    var same = folded(text).length === text.length;
    var at = same ? folded(text).indexOf(word) : -1;
    if (at < 0) { return [document.createTextNode(text.slice(0, 110) + (text.length > 110 ? "…" : ""))]; }
    var start = at > 45 ? text.lastIndexOf(" ", at - 40) + 1 : 0;
    var end = Math.min(text.length, at + word.length + 70);
    var mark = document.createElement("mark");
    mark.textContent = text.slice(at, at + word.length);
    return [
      document.createTextNode((start ? "… " : "") + text.slice(start, at)), mark,
      document.createTextNode(text.slice(at + word.length, end) + (end < text.length ? "…" : ""))
    ];
  }

  function search() {
    var words = folded(champ.value).split(/\s+/).filter(function (word) { return word.length > 1; });
    liste.replaceChildren();
    if (!words.length) { etat.textContent = ""; zone.classList.remove("ouverte"); return; }
    withIndex(function (index) {
      var found = index.map(function (entry, place) {
        var all = words.every(function (word) { return entry.f.indexOf(word) >= 0; });
        if (!all) { return null; }
        var score = words.reduce(function (sum, word) {
          return sum + (entry.h.indexOf(word) >= 0 ? 10 : 0) + Math.min(5, entry.f.split(word).length - 1);
        }, 0);
        return { entry: entry, score: score, place: place };
      }).filter(Boolean).sort(function (a, b) { return b.score - a.score || a.place - b.place; });
      zone.classList.add("ouverte");
      etat.textContent = !found.length ? zone.dataset.none
        : found.length === 1 ? zone.dataset.one : zone.dataset.many.replace("{n}", found.length);
      found.slice(0, MOST).forEach(function (hit) {
        var item = document.createElement("li");
        var link = document.createElement("a");
        var title = document.createElement("b");
        var text = document.createElement("span");
        link.href = hit.entry.p + (hit.entry.i ? "#" + hit.entry.i : "");
        title.textContent = hit.entry.n;
        text.append.apply(text, extract(hit.entry, words[0]));
        link.append(title, text);
        link.addEventListener("click", close);
        item.append(link);
        liste.append(item);
      });
    });
  }

  function close() { zone.classList.remove("ouverte"); liste.replaceChildren(); etat.textContent = ""; }

  champ.addEventListener("input", search);
  champ.addEventListener("focus", function () { withIndex(function () {}); });
  zone.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = liste.querySelector("a");
    if (first) { first.focus(); }
  });
  zone.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { champ.value = ""; close(); champ.focus(); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
    var stops = [champ].concat(Array.prototype.slice.call(liste.querySelectorAll("a")));
    var now = stops.indexOf(document.activeElement);
    var next = stops[now + (event.key === "ArrowDown" ? 1 : -1)];
    if (now >= 0 && next) { event.preventDefault(); next.focus(); }
  });
  document.addEventListener("click", function (event) { if (!zone.contains(event.target)) { close(); } });
}());
