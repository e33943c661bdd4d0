/* Passages that await a decision: one key each, then the next one that waits. */
(function () {
  "use strict";

  var sheet = document.getElementById("relecture");
  var boxes = Array.prototype.slice.call(sheet.querySelectorAll("fieldset.passage")), keys = sheet.dataset.keys.split(" "), told = document.getElementById("relu");
  var field = function (box, name) { return box.querySelector('[name^="' + name + ':"]'); };
  var own = function (box) { return field(box, "decision").value && (field(box, "decision").value === "mask" || field(box, "reason").value); };
  var words_of = function (box) { return box.querySelector("mark").textContent; };
  var ready = function (box) {
    return own(box) || boxes.some(function (other) { return field(other, "all") && field(other, "all").checked && own(other) && words_of(other) === words_of(box); });
  };
  var count = function () {
    var done = boxes.filter(ready).length;
    boxes.forEach(function (box) { box.classList.toggle("decide", Boolean(ready(box))); });
    document.getElementById("relu-part").value = done;
    told.textContent = told.dataset.done.replace("##", boxes.length).replace("#", done);
  };
  var next = function (box) {
    var rest = boxes.slice(boxes.indexOf(box) + 1).concat(boxes).filter(function (each) { return !ready(each); });
    (rest[0] || sheet.querySelector("button")).focus();
  };
  var decide = function (box, decision, then) { field(box, "decision").value = decision; count(); (then ? then.focus() : next(box)); };
  sheet.addEventListener("keydown", function (event) {
    var box = event.target.closest("fieldset"), typing = event.target.matches("input:not([type=checkbox]), select");
    if (!box || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (typing) {
      if (event.key === "Enter") { event.preventDefault(); if (ready(box)) { next(box); } else { box.focus(); } }
      return;
    }
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], way = keys.indexOf(event.key.toLowerCase());
    if (step) { (boxes[boxes.indexOf(box) + step] || box).focus(); } else if (way < 0) { return; }
    event.preventDefault();
    if (way === 0) { decide(box, "mask"); }
    if (way === 1) { decide(box, "accept", field(box, "reason")); }
    if (way === 2) { decide(box, "keep", field(box, "reason")); }
    if (way === 3) { decide(box, "mask", field(box, "word")); }
    if (way === 4 && field(box, "all")) { field(box, "all").checked = !field(box, "all").checked; count(); }
  });
  sheet.addEventListener("change", count);
  var leaves = function (event) { if (boxes.some(ready)) { event.preventDefault(); } };
  window.addEventListener("beforeunload", leaves);
  sheet.addEventListener("submit", function () { window.removeEventListener("beforeunload", leaves); });
  count();
  boxes[0].focus();
}());
