// bundle.js: search, sort and pages over records that lie in chunks beside this page; no network.
(function () {
  "use strict";
  var PAGE = 100, LARGE_PAGE = 2000, FILES_AT_ONCE = 16, LONG = 24, root = document.documentElement, words = document.body.dataset;
  var box = document.getElementById("q"), only = document.getElementById("only"), told = document.getElementById("told"), blank = document.getElementById("blank");
  var parts = [].map.call(document.querySelectorAll("[data-collection]"), part);
  var byKey = {}, asked = 0, marks = [];
  parts.forEach(function (each) { byKey[each.key] = each; });
  root.classList.remove("no-js");

  function plain(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""); }
  function figure(number) { return number.toLocaleString(root.lang); }
  function say(pattern, values) { return pattern.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }
  function text(cell) { return Array.isArray(cell) ? cell[0] : cell; }
  function order(cell) { return Array.isArray(cell) ? cell[1] : cell; }

  // What the page shows in full needs no file beside it: its records are read from the page.
  function shown(node) {
    var rows = node.querySelector("dl") ? [node.querySelector("dl")] : [].slice.call(node.querySelectorAll("tbody tr"));
    return rows.map(function (row) {
      return [].map.call(row.querySelectorAll("dd, tbody th, td"), function (cell) {
        return cell.dataset.v ? [cell.textContent, cell.dataset.v] : cell.textContent;
      });
    });
  }
  function part(node) {
    return {
      node: node, key: node.dataset.collection, source: node.closest(".source").id, count: +node.dataset.count, chunks: +node.dataset.chunks, inChunk: +node.dataset.inChunk,
      body: node.querySelector("tbody"), single: node.querySelector("dl"), heads: node.querySelectorAll("th button"),
      rows: +node.dataset.chunks ? null : shown(node), slots: [], loading: [], reading: null, index: null, view: null, from: 0, sorted: null, size: PAGE
    };
  }

  // Each chunk is a script that calls this; the page's policy lets only this script add them.
  window.omneRows = function (key, number, rows) { byKey[key].slots[number] = rows; };
  function chunk(each, number) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = "assets/rows/" + each.key + "-" + (number + 1) + ".js";
      script.onload = function () { script.remove(); done(); };
      script.onerror = function () { failed(new Error(script.src)); };
      document.head.appendChild(script);
    });
  }
  function load(each, number) {
    if (!each.loading[number]) {
      each.loading[number] = chunk(each, number);
      each.loading[number].catch(function () { told.textContent = words.missing; });
    }
    return each.loading[number];
  }
  // Only the files that hold the records from one number up to another, some at a time.
  function reach(each, first, end) {
    var number = Math.floor(first / each.inChunk), last = Math.ceil(Math.min(end, each.count) / each.inChunk);
    function some() {
      var asked = [];
      while (number < last && asked.length < FILES_AT_ONCE) { asked.push(load(each, number)); number += 1; }
      return asked.length ? Promise.all(asked).then(some) : Promise.resolve();
    }
    return each.rows ? Promise.resolve() : some();
  }
  // All of them: to search and to sort.
  function read(each) {
    if (each.rows) { return Promise.resolve(); }
    each.reading = each.reading || reach(each, 0, each.count).then(function () { each.rows = [].concat.apply([], each.slots); each.slots = []; });
    return each.reading;
  }
  function row(each, number) { return each.rows ? each.rows[number] : each.slots[Math.floor(number / each.inChunk)][number % each.inChunk]; }

  function marked(node, shown) {
    var folded = plain(shown), at = 0;
    if (!marks.length || folded.length !== shown.length) { node.textContent = shown; return; }
    while (at < shown.length) {
      var next = -1, length = 0;
      marks.forEach(function (word) {
        var found = folded.indexOf(word, at);
        if (found >= 0 && (next < 0 || found < next)) { next = found; length = word.length; }
      });
      if (next < 0) { break; }
      node.append(shown.slice(at, next));
      var mark = document.createElement("mark");
      mark.textContent = shown.slice(next, next + length);
      node.append(mark);
      at = next + length;
    }
    node.append(shown.slice(at));
  }
  function line(row) {
    var tr = document.createElement("tr");
    row.forEach(function (cell, position) {
      var td = document.createElement(position ? "td" : "th"), shown = text(cell);
      if (!position) { td.scope = "row"; }
      td.dir = "auto";
      if (shown.indexOf("\n") >= 0) { td.className = "lines"; }
      if (shown.length > LONG) { td.classList.add("long"); }
      marked(td, shown);
      tr.appendChild(td);
    });
    return tr;
  }
  function draw(each) {
    var view = each.view, count = view ? view.length : each.count;
    var upto = Math.min(each.from + each.size, count), page = document.createDocumentFragment();
    if (each.single) { return; }
    for (var at = each.from; at < upto; at += 1) { page.appendChild(line(row(each, view ? view[at] : at))); }
    each.body.replaceChildren(page);
    pager(each, count, upto);
  }
  function turnTo(each, to, size) {
    return reach(each, to, to + size).then(function () { each.from = to; each.size = size; draw(each); }, function () { /* `load` has said so */ });
  }
  function button(label, allowed, act) {
    var made = document.createElement("button");
    made.type = "button"; made.textContent = label; made.disabled = !allowed;
    made.addEventListener("click", act);
    return made;
  }
  function pager(each, count, upto) {
    var bar = each.node.querySelector(".pager"), which = document.createElement("span"), from = each.from;
    function go(to) { return function () { turnTo(each, to, each.size).then(function () { each.node.scrollIntoView(); }); }; }
    var larger = count > LARGE_PAGE ? say(words.more, { count: figure(LARGE_PAGE) }) : words.all;
    which.textContent = say(words.range, { first: figure(count ? from + 1 : 0), last: figure(upto), count: figure(count) });
    var pressed = [].indexOf.call(bar.querySelectorAll("button"), document.activeElement);
    if (count <= PAGE && upto === count) { bar.replaceChildren(); return; }
    bar.replaceChildren(which,
      button(words.before, from > 0, go(Math.max(0, from - each.size))),
      button(words.after, upto < count, go(upto < from + each.size ? 0 : from + each.size)),
      button(each.size === PAGE ? larger : words.pages, true, function () {
        turnTo(each, 0, each.size === PAGE ? LARGE_PAGE : PAGE);
      })
    );
    // Whoever pressed a button with the keyboard is not thrown back to the top.
    if (pressed >= 0) {
      var same = bar.querySelectorAll("button")[pressed];
      (same.disabled ? bar.querySelector("button:enabled") : same).focus({ preventScroll: true });
    }
  }

  function arrange(each) {
    if (!each.sorted) { return; }
    var rows = each.rows, at = each.sorted.column, sign = each.sorted.down ? -1 : 1;
    var words = new Intl.Collator(root.lang, { numeric: true }).compare, keys = rows.map(function (row) { return order(row[at]); });
    function compare(a, b) { var difference = a - b; return a !== "" && b !== "" && !isNaN(difference) ? difference : words(a, b); }
    each.view = (each.view || rows.map(function (_, number) { return number; })).slice();
    each.view.sort(function (a, b) { return sign * compare(keys[a], keys[b]) || a - b; });
  }
  function sortBy(each, head, column) {
    read(each).then(function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      each.heads.forEach(function (other) { other.parentNode.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      each.sorted = { column: column, down: down };
      each.from = 0;
      arrange(each);
      draw(each);
    }, function () { /* `load` has said so */ });
  }

  function find(each) {
    if (!marks.length) { each.view = null; return each.count; }
    if (!each.index) { each.index = each.rows.map(function (row) { return plain(row.map(text).join("\n")); }); }
    each.view = [];
    each.index.forEach(function (folded, number) {
      if (marks.every(function (word) { return folded.indexOf(word) >= 0; })) { each.view.push(number); }
    });
    return each.view.length;
  }
  function search() {
    var turn = asked += 1, hits = 0, done = 0;
    marks = plain(box.value).split(/\s+/).filter(Boolean);
    parts.reduce(function (before, each) {
      return before.then(function () {
        if (turn !== asked) { return; }
        if (only.value && only.value !== each.key && only.value !== each.source) { each.node.hidden = true; return; }
        if (marks.length && !each.rows) { told.textContent = say(words.reading, { done: done + 1, count: parts.length }); }
        return (marks.length || each.rows ? read(each) : Promise.resolve()).then(function () {
          if (turn !== asked) { return; }
          var found = each.rows ? find(each) : each.count;
          hits += found; done += 1;
          each.node.hidden = !found;
          if (each.rows && found) { each.from = 0; arrange(each); draw(each); }
        });
      });
    }, Promise.resolve()).then(function () {
      if (turn !== asked) { return; }
      document.querySelectorAll(".source[data-records]").forEach(function (source) {
        source.hidden = (marks.length > 0 || only.value !== "") && !source.querySelector("[data-collection]:not([hidden])");
      });
      blank.hidden = hits > 0 || !marks.length;
      told.textContent = marks.length || only.value ? say(hits === 1 ? words.one : words.hits, { count: figure(hits) }) : told.dataset.all;
    }, function () { /* a chunk is missing: `load` has said so */ });
  }

  var pause;
  box.addEventListener("input", function () { clearTimeout(pause); pause = setTimeout(search, 120); });
  only.addEventListener("change", search);
  box.form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
  parts.forEach(function (each) {
    [].forEach.call(each.heads, function (head, column) {
      head.addEventListener("click", function () { sortBy(each, head.parentNode, column); });
    });
    if (!each.single) { pager(each, each.count, each.body.rows.length); }
  });
})();
