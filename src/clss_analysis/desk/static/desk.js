/* The desk: saves each change as it is made, shows faults beside their fields, draws again. No library, no network. */
(function () {
  "use strict";

  var words = document.body.dataset;
  var status = document.getElementById("etat");
  var work = document.querySelector("[data-household]");
  var pending = 0;

  function all(what, root) { return Array.prototype.slice.call((root || document).querySelectorAll(what)); }
  function tell(text, bad) { status.textContent = text; status.classList.toggle("mal", Boolean(bad)); }

  function post(what, body) {
    return fetch("/clss/change/" + what, {
      method: "POST", body: JSON.stringify(body || {}),
      headers: { "Content-Type": "application/json", "X-XSRFToken": words.xsrf }
    }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (said) { return { status: answer.status, said: said }; });
    });
  }

  if ("looking" in words) { all("main input, main select, main textarea, main button, [data-step]").forEach(function (each) { each.disabled = true; }); }
  document.addEventListener("keydown", function (event) {
    var key = event.key.toLowerCase(), step = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
    if (!step || !(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea")) { return; }
    event.preventDefault();
    document.querySelector("[data-step=" + step + "]").click();
  });

  // ---- a desk that nobody uses closes itself
  if (words.idle) {
    var asleep = 0, touched = function () {
      clearTimeout(asleep);
      asleep = setTimeout(function () { location.href = "/clss/idle"; }, 1000 * Number(words.idle));
    };
    ["pointerdown", "keydown"].forEach(function (what) { document.addEventListener(what, touched); });
    touched();
  }

  // ---- one cell at a time; a field's changes wait for each other, so that what was seen is always told right
  var queue = Promise.resolve();

  function save(field) {
    var row = field.closest("[data-table]");
    if (!row || field.value === field.dataset.seen || field.dataset.torn) { return; }
    var sent = field.value;
    pending += 1;
    tell(words.saving);
    queue = queue.then(function () {
      if (sent === field.dataset.seen) { return { status: 200 }; }
      return post("cell", { table: row.dataset.table, key: Number(row.dataset.key), column: field.dataset.column, value: sent, seen: field.dataset.seen });
    }).then(function (answer) {
      if (answer.status === 200) {
        field.dataset.seen = sent;
        named(row);
        redraw();
        return "again" in row.dataset ? follows() : null;
      } else if (answer.status === 409) {
        torn(field, sent, answer.said.now);
      } else {
        throw new Error(words.refused);
      }
    }).then(function () {
      pending -= 1;
      if (!pending && status.textContent === words.saving) { tell(words.saved); }
    }).catch(function (error) { pending -= 1; tell(error.message === words.refused ? words.refused : words.lost, true); });
  }

  // what the page says that follows from a row is read again, and stays where it is
  function follows() {
    return fetch(location.pathname).then(function (answer) { return answer.text(); }).then(function (text) {
      var now = new DOMParser().parseFromString(text, "text/html");
      all("[data-follows]").forEach(function (each) { each.replaceChildren.apply(each, now.getElementById(each.id).childNodes); });
    });
  }

  // what a row is called follows its name
  function named(row) {
    var legend = row.querySelector("legend");
    var parts = ["given_name", "family_name"].map(function (name) { return row.querySelector('[data-column="' + name + '"]'); });
    var label = row.querySelector('[data-column="label"]');
    if (!legend || row.dataset.table === "households") { return; }
    var name = parts.filter(Boolean).map(function (each) { return each.value.trim(); }).filter(Boolean).join(" ");
    name = name || (label ? label.value.trim() : "");
    if (name) { legend.textContent = name; }
  }

  function torn(field, mine, now) {
    tell(now === null ? words.gone : words.conflict, true);
    if (now === null || field.dataset.torn) { return; }
    field.dataset.torn = "oui";
    var box = document.createElement("p");
    box.className = "faute";
    box.append(words.conflict + " ", quoted(now), " ");
    [[words.mine, mine], [words.theirs, now]].forEach(function (way) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = way[0];
      button.addEventListener("click", function () {
        field.dataset.seen = now;
        delete field.dataset.torn;
        field.value = way[1];
        box.remove();
        field.focus();
        save(field);
      });
      box.append(button, " ");
    });
    field.parentNode.append(box);
  }

  function quoted(text) { var q = document.createElement("q"); q.textContent = text; return q; }

  var timers = new WeakMap();
  document.addEventListener("input", function (event) {
    var field = event.target.closest("[data-column]");
    if (!field) { return; }
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(function () { save(field); }, field.tagName === "SELECT" ? 0 : 500));
  });
  document.addEventListener("change", function (event) {
    var field = event.target.closest("[data-column]");
    if (field) { clearTimeout(timers.get(field)); save(field); }
  });
  window.addEventListener("beforeunload", function (event) {
    all("[data-column]").forEach(function (field) { clearTimeout(timers.get(field)); save(field); });
    if (pending) { event.preventDefault(); }
  });

  // ---- what is being made
  var job = document.querySelector("[data-job]");
  function part(name) { return document.getElementById("travail-" + name); }
  function follow() {
    fetch("/clss/run/job").then(function (answer) { return answer.json(); }).then(function (said) {
      var running = said.code === null, says = part("etat").dataset, bar = part("part");
      part("etat").textContent = running ? says.running : said.code ? says.failed : says.done;
      part("lignes").textContent = said.lines.join("\n");
      part("lignes").hidden = !said.lines.length;
      part("fin").hidden = !running;
      if (part("voir")) { part("voir").hidden = said.code !== 0; }
      bar.hidden = !running;
      if (said.total) { bar.max = said.total; bar.value = said.done; }
      if (running) { setTimeout(follow, 700); }
    }, function () { tell(words.lost, true); });
  }
  if (job) { follow(); }

  // ---- rows
  var leaving = false;
  function again(hash) {
    queue.then(function () {
      if (leaving) { return; }
      leaving = true;
      if (hash) { history.replaceState(null, "", "#" + hash); }
      location.reload();
    });
  }
  function add(table, cells) {
    return queue.then(function () { return post("row", { table: table, cells: cells }); }).then(function (answer) {
      if (answer.status === 200) { again(table + "-" + answer.said.key); } else { tell(words.refused, true); }
    });
  }

  // a fault that is mended goes, and what stands below it moves: what was pressed is what was meant
  var pressed = null;
  document.addEventListener("pointerdown", function (event) {
    pressed = { button: event.target.closest("button"), x: event.clientX, y: event.clientY };
  });
  function meant(event) {
    var still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < 6;
    return event.target.closest("button") || (still ? pressed.button : null);
  }

  document.addEventListener("click", function (event) {
    var button = meant(event);
    pressed = null;
    if (!button) { return; }
    if (button.dataset.add) { add(button.dataset.add, JSON.parse(button.dataset.cells)); }
    if ("drop" in button.dataset && confirm(words.sure)) {
      var row = button.closest("[data-table]");
      post("drop", { table: row.dataset.table, key: Number(row.dataset.key) }).then(function () { again(row.dataset.table); });
    }
    if (button.dataset.dropHousehold && confirm(words.sure)) {
      post("drop", { table: "households", key: Number(button.dataset.dropHousehold) }).then(function () { location.href = "/clss/"; });
    }
    if (button.dataset.step) { queue.then(function () { return post(button.dataset.step); }).then(function () { again(""); }); }
  });

  function go(id) {
    var at = id && document.getElementById(id), row = at && at.closest("[data-table]");
    if (!row) { return; }
    for (var box = at; box; box = box.parentNode.closest("details")) { if (box.tagName === "DETAILS") { box.open = true; } }
    all(".ici").forEach(function (each) { each.classList.remove("ici"); });
    row.classList.add("ici");
    row.scrollIntoView({ block: "center" });
    var field = at.matches("[data-column]") ? at : row.querySelector("[data-column]");
    if (field) { field.focus({ preventScroll: true }); }
  }
  go(location.hash.slice(1));

  // ---- the drawing, one at a time: what changes meanwhile is drawn next
  var drawing = false, stale = false, drawn = "", turn = 0;
  var place = document.getElementById("dessin");

  function ask(what) { return fetch("/clss/household/" + work.dataset.household + "/" + what).then(function (answer) { return answer.json(); }); }
  function lost() { tell(words.lost, true); }

  function redraw() {
    if (!work) { return; }
    turn += 1;
    place.setAttribute("aria-busy", "true");
    if (drawing) { stale = true; return; }
    drawing = true;
    document.getElementById("encours").hidden = false;
    ask("state").then(function (said) {
      faults(said.faults);
      document.getElementById("verdict").textContent = said.verdict;
      all("details.image[open]").forEach(load);
      return shown(said.drawing, turn).then(function () { return said.whole; });
    }).catch(lost).then(function (whole) {
      drawing = false;
      document.getElementById("encours").hidden = true;
      if (stale) { stale = false; redraw(); } else if (whole === false) { better(turn); } else { place.removeAttribute("aria-busy"); }
    });
  }

  // what is shown at once is a sketch; the drawing as it should be follows, unless something changed again
  function better(mine) {
    ask("whole").then(function (said) { return mine === turn ? shown(said.drawing, mine) : null; }).catch(lost).then(function () {
      if (mine === turn) { place.removeAttribute("aria-busy"); }
    });
  }

  // never under the hand of who draws a tie
  function shown(html, mine) {
    return dragged.then(function () { return html && html !== drawn && mine === turn ? show(html) : null; }).then(loose);
  }

  function show(html) {
    drawn = html;
    var before = place.querySelector("input[type=range]");
    var month = before && before.getAttribute("aria-valuetext");
    var open = Boolean(place.querySelector("details[open]"));
    place.innerHTML = html;
    var script = document.createElement("script");
    script.src = "/clss/asset/inline.js";
    var ready = new Promise(function (done) { script.addEventListener("load", done); script.addEventListener("error", done); }).then(function () {
      script.remove();
      var input = place.querySelector("input[type=range]");
      var stops = all(".vif-liste li", place).map(function (each) { return each.dataset.mois; });
      if (!input) { return; }
      input.value = month && stops.indexOf(month) >= 0 ? stops.indexOf(month) : input.max;
      input.dispatchEvent(new Event("input"));
    });
    place.append(script);
    if (open) { all("details", place).forEach(function (each) { each.open = true; }); }
    return ready;
  }

  function faults(found) {
    all("[data-fault]").forEach(function (each) { each.remove(); });
    all("[aria-invalid]").forEach(function (each) { each.removeAttribute("aria-invalid"); });
    found.forEach(function (each) {
      var row = document.getElementById(each[0] + "-" + each[1]);
      var cell = row && document.querySelector('[data-cell="' + each[0] + "-" + each[1] + "-" + each[2] + '"]');
      var note = document.createElement("p");
      note.className = "faute";
      note.dataset.fault = "oui";
      note.textContent = each[3];
      if (cell) {
        cell.querySelector("[data-column]").setAttribute("aria-invalid", "true");
        cell.append(note);
        if (cell.closest("details")) { cell.closest("details").open = true; }
      } else if (row) { row.append(note); }
    });
  }

  // services that no tie draws yet, to be drawn to
  function loose() {
    var chips = document.getElementById("libres");
    chips.replaceChildren();
    all("[data-mark^=actor-], [data-mark^=person-]").forEach(function (row) {
      if (place.querySelector('[data-id="' + CSS.escape(row.dataset.mark) + '"]')) { return; }
      var chip = document.createElement("button");
      chip.type = "button";
      chip.className = "partie libre";
      chip.dataset.id = row.dataset.mark;
      var named = all("[data-column=label], [data-column=given_name], [data-column=family_name]", row);
      chip.textContent = row.dataset.table !== "actors" || named.some(function (each) { return each.value; }) ? row.querySelector("legend").textContent : chips.dataset.unnamed;
      chips.append(chip);
    });
    chips.parentNode.hidden = !chips.children.length;
  }

  function load(box) {
    var image = box.querySelector("img");
    image.addEventListener("load", function () { image.hidden = false; box.querySelector(".vide").hidden = true; });
    image.addEventListener("error", function () { image.hidden = true; box.querySelector(".vide").hidden = false; });
    image.src = box.dataset.picture + "?" + Date.now();
  }
  all("details.image").forEach(function (box) { box.addEventListener("toggle", function () { if (box.open) { load(box); } }); });

  // ---- a symbol leads to its row; drawn to another one it makes a tie
  var from = null, line = null, dragged = Promise.resolve(), dropped = null;

  function symbol(target) { return target.closest && target.closest(".dessins .partie[data-id]"); }
  function point(svg, event) { return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()); }
  function end(part, side) {
    var cut = part.dataset.id.indexOf("-"), cells = {};
    cells[side + "_" + part.dataset.id.slice(0, cut)] = part.dataset.id.slice(cut + 1);
    return cells;
  }
  function tied(part) { return part && /^(person|actor)-/.test(part.dataset.id); }
  function visit(part) { all("[data-mark]").forEach(function (row) { if (row.dataset.mark === part.dataset.id) { go(row.id); } }); }

  // drawn aside with the shift key held, a service is wished at that side of the family; into the middle, nowhere
  function wish(part, event) {
    var home = place.querySelector(".partie.household"), box = home && home.getBoundingClientRect();
    var field = document.querySelector('[data-mark="' + CSS.escape(part.dataset.id) + '"] [data-column=place]');
    if (!box || !field) { return; }
    var x = Math.min(0, event.clientX - box.left) + Math.max(0, event.clientX - box.right);
    var y = Math.min(0, event.clientY - box.top) + Math.max(0, event.clientY - box.bottom);
    field.value = Math.abs(x) > Math.abs(y) ? (x < 0 ? "left" : "right") : y < 0 ? "above" : y ? "below" : "";
    save(field);
  }

  // between two persons it may also be kinship
  function choose(tie) {
    var box = document.getElementById("quoi"), home = { household: tie.household }, a = tie.from_person, b = tie.to_person;
    var name = function (id) { return document.querySelector('[data-mark="' + CSS.escape("person-" + id) + '"] legend').textContent; };
    var ways = { ties: ["ties", tie], parent: ["filiations", { parent: a, child: b }], child: ["filiations", { parent: b, child: a }],
      couples: ["couples", { partner_a: a, partner_b: b }] };
    all("[data-lien]", box).forEach(function (button) {
      var way = ways[button.dataset.lien], said = way && way[1];
      if (button.dataset.words) { button.textContent = button.dataset.words.replace(/##|#/g, function (at) { return name(at === "#" ? said.parent : said.child); }); }
      button.onclick = function () { box.close(); if (way) { add(way[0], Object.assign({}, home, said)); } };
    });
    box.showModal();
  }

  if (place) {
    var side = place.parentNode;
    side.addEventListener("pointerdown", function (event) {
      drop();
      from = symbol(event.target);
      if (!tied(from)) { return; }
      dragged = new Promise(function (done) { dropped = done; });
      event.preventDefault();
      var svg = from.closest("svg"), at = svg && point(svg, event);
      if (!svg) { return; }
      line = document.createElementNS(svg.namespaceURI, "line");
      line.setAttribute("class", "tirer");
      [["x1", at.x], ["y1", at.y], ["x2", at.x], ["y2", at.y]].forEach(function (each) { line.setAttribute(each[0], each[1]); });
      svg.append(line);
    });
    document.addEventListener("pointermove", function (event) {
      if (!line) { return; }
      var at = point(line.ownerSVGElement, event);
      line.setAttribute("x2", at.x);
      line.setAttribute("y2", at.y);
    });
    function drop() {
      if (line) { line.remove(); }
      if (dropped) { dropped(); }
      from = line = null;
    }
    document.addEventListener("pointercancel", drop);
    document.addEventListener("pointerup", function (event) {
      var to = symbol(document.elementFromPoint(event.clientX, event.clientY) || place), start = from;
      drop();
      if (start && to !== start && event.shiftKey) { wish(start, event); return; }
      if (!start || !to) { return; }
      if (to === start || !tied(start) || !tied(to)) { visit(start); return; }
      var tie = Object.assign({ household: work.dataset.home, direction: "one_way" }, end(start, "from"), end(to, "to"));
      if (tie.from_person && tie.to_person) { choose(tie); } else { add("ties", tie); }
    });
    side.addEventListener("keydown", function (event) {
      var part = symbol(event.target);
      if (part && event.key === "Enter") { event.preventDefault(); visit(part); }
    });
    redraw();
  }
}());
