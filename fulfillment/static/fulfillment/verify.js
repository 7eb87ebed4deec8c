// verify.js: checks a copy in the browser alone: signature, every hash, nothing missing, nothing added. Sends nothing.
(function () {
  "use strict";
  var tool = document.getElementById("verify");
  if (!tool) { return; }
  var words = tool.dataset, trusted = (words.keys || "").split(" ").filter(Boolean);
  var told = document.getElementById("verify-told"), list = document.getElementById("verify-problems");
  var MANIFEST = "manifest.json", SIGNATURE = "manifest.sig", LARGEST = 64 * 1024 * 1024, asked = 0;

  function say(pattern, values) { return pattern.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }
  function hex(bytes) { return [].map.call(bytes, function (byte) { return (byte < 16 ? "0" : "") + byte.toString(16); }).join(""); }
  function raw(text) { return Uint8Array.from(atob(text), function (sign) { return sign.charCodeAt(0); }); }
  function Unfit(key, values) { this.sentence = say(words[key], values || {}); }

  // SHA-256 (FIPS 180-4) piece by piece: the browser's own wants the whole file in memory.
  var K = [], START = [], mask = Math.pow(2, 32);
  (function () {
    function fraction(number, root) { var found = Math.pow(number, 1 / root); return ((found - Math.floor(found)) * mask) | 0; }
    for (var number = 2; K.length < 64; number += 1) {
      var isPrime = true;
      for (var divisor = 2; divisor * divisor <= number; divisor += 1) { if (number % divisor === 0) { isPrime = false; break; } }
      if (isPrime) { if (START.length < 8) { START.push(fraction(number, 2)); } K.push(fraction(number, 3)); }
    }
  })();
  function Digest() { this.state = Int32Array.from(START); this.block = new Uint8Array(64); this.filled = 0; this.size = 0; this.w = new Int32Array(64); }
  Digest.prototype.take = function (block, at) {
    var w = this.w, s = this.state, i, x, y;
    for (i = 0; i < 16; i += 1, at += 4) { w[i] = (block[at] << 24) | (block[at + 1] << 16) | (block[at + 2] << 8) | block[at + 3]; }
    for (; i < 64; i += 1) {
      x = w[i - 15]; y = w[i - 2];
      w[i] = (((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) + w[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10)) + w[i - 16]) | 0;
    }
    var a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7], t1, t2;
    for (i = 0; i < 64; i += 1) {
      t1 = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      t2 = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  };
  Digest.prototype.update = function (bytes) {
    var at = 0;
    this.size += bytes.length;
    if (this.filled) {
      at = Math.min(64 - this.filled, bytes.length);
      this.block.set(bytes.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) { return; }
      this.take(this.block, 0); this.filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) { this.take(bytes, at); }
    this.block.set(bytes.subarray(at)); this.filled = bytes.length - at;
  };
  Digest.prototype.hex = function () {
    var size = this.size, end = new Uint8Array(this.filled < 56 ? 64 - this.filled : 128 - this.filled), view = new DataView(end.buffer), out = new DataView(new ArrayBuffer(32));
    end[0] = 128;
    view.setUint32(end.length - 8, Math.floor(size / 536870912)); view.setUint32(end.length - 4, (size << 3) >>> 0);
    this.update(end);
    this.state.forEach(function (word, number) { out.setInt32(number * 4, word); });
    return hex(new Uint8Array(out.buffer));
  };

  // A zip, read where it lies: its list of contents, then each file when it is asked for.
  function whole(blob) { return blob.arrayBuffer().then(function (buffer) { return new DataView(buffer); }); }
  function listed(file) {
    var from = Math.max(0, file.size - 65557);
    return whole(file.slice(from)).then(function (end) {
      for (var at = end.byteLength - 22; at >= 0 && end.getUint32(at, true) !== 0x06054b50; at -= 1) { /* look further */ }
      if (at < 0) { throw new Unfit("notZip", { name: file.name }); }
      var found = { count: end.getUint16(at + 10, true), size: end.getUint32(at + 12, true), first: end.getUint32(at + 16, true), end: from + at, isLast: at + 22 === end.byteLength };
      if (found.count < 0xffff && found.first < 0xffffffff) { return found; }
      var far = Number(end.getBigUint64(at - 12, true));
      return whole(file.slice(far, far + 56)).then(function (large) {
        return { count: Number(large.getBigUint64(32, true)), size: Number(large.getBigUint64(40, true)), first: Number(large.getBigUint64(48, true)), end: found.end - 76, isLast: found.isLast };
      });
    }).then(function (found) {
      return whole(file.slice(found.first, found.first + found.size)).then(function (list) {
        var all = entries(file, list, found.count);
        return isClose(file, found, all).then(function (is) { return is ? all : all.concat({ name: file.name, isBeside: true }); });
      });
    });
  }
  // Other programs could read what lies before, between or behind the files, or follow a link in place of one.
  function isClose(file, found, all) {
    var at = 0, is = found.isLast && found.first + found.size === found.end, follows = 0;
    function reached(first) { if (first !== at && !(follows && [12, 16, 20, 24].indexOf(first - at) >= 0)) { is = false; } }
    return all.slice().sort(function (a, b) { return a.first - b.first; }).reduce(function (before, entry) {
      return before.then(function () { return whole(file.slice(entry.first, entry.first + 30)); }).then(function (head) {
        reached(entry.first);
        if (!entry.isPlain) { is = false; }
        follows = entry.flags & 8;
        at = entry.first + 30 + head.getUint16(26, true) + head.getUint16(28, true) + entry.packed;
      });
    }, Promise.resolve()).then(function () { reached(found.first); return is; });
  }
  function entries(file, list, count) {
    var found = [], at = 0;
    for (; count > 0; count -= 1) {
      if (at + 46 > list.byteLength || list.getUint32(at, true) !== 0x02014b50) { throw new Unfit("notZip", { name: file.name }); }
      var name = list.getUint16(at + 28, true), extra = list.getUint16(at + 30, true), note = list.getUint16(at + 32, true);
      var entry = { flags: list.getUint16(at + 8, true), method: list.getUint16(at + 10, true), packed: list.getUint32(at + 20, true), size: list.getUint32(at + 24, true), first: list.getUint32(at + 42, true), isPlain: [0, 0x8000].indexOf(list.getUint16(at + 40, true) & 0xf000) >= 0 };
      entry.name = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, name));
      if (entry.flags & 1) { throw new Unfit("sealed"); }
      for (var more = at + 46 + name; more + 4 <= at + 46 + name + extra; more += 4 + list.getUint16(more + 2, true)) {
        if (list.getUint16(more, true) !== 1) { continue; }
        var value = more + 4;
        ["size", "packed", "first"].forEach(function (part) {
          if (entry[part] === 0xffffffff) { entry[part] = Number(list.getBigUint64(value, true)); value += 8; }
        });
      }
      entry.open = open.bind(null, file, entry);
      found.push(entry);
      at += 46 + name + extra + note;
    }
    return found;
  }
  function open(file, entry) {
    return whole(file.slice(entry.first, entry.first + 30)).then(function (head) {
      var first = entry.first + 30 + head.getUint16(26, true) + head.getUint16(28, true), part = file.slice(first, first + entry.packed);
      if (entry.method === 0) { return part.stream(); }
      if (entry.method !== 8) { throw new Unfit("notZip", { name: file.name }); }
      return part.stream().pipeThrough(new DecompressionStream("deflate-raw"));
    });
  }
  function loose(file) {
    return { name: file.webkitRelativePath.replace(/^[^/]*\//, ""), open: function () { return Promise.resolve(file.stream()); } };
  }

  // Never more than was promised is read, so that a file made to swell does no harm.
  function read(entry, most, each) {
    return entry.open().then(function (stream) {
      var reader = stream.getReader(), size = 0;
      return (function next() {
        return reader.read().then(function (got) {
          if (got.done) { return size; }
          size += got.value.length;
          each(got.value);
          if (size > most) { reader.cancel(); return size; }
          return next();
        });
      })();
    });
  }
  function content(entry) {
    var pieces = [];
    return read(entry, LARGEST, function (bytes) { pieces.push(bytes); }).then(function () { return new Blob(pieces).arrayBuffer(); }).then(function (buffer) { return new Uint8Array(buffer); });
  }
  function digestOf(bytes) { var digest = new Digest(); digest.update(bytes); return digest.hex(); }
  function fits(entry, part) {
    var digest = new Digest();
    return read(entry, part.size, function (bytes) { digest.update(bytes); }).then(
      function (size) { return size === part.size && digest.hex() === part.sha256; }, function () { return false; });
  }
  function signed(manifest, signature, key) {
    if (!window.crypto || !crypto.subtle) { return Promise.resolve(null); }
    return crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]).then(
      function (imported) { return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, manifest); },
      function () { return null; });
  }

  function check(all, turn) {
    var byName = new Map(), problems = [], manifest, claims, mark;
    all.forEach(function (entry) {
      if (entry.isBeside) { problems.push(say(words.beside, { name: entry.name })); return; }
      if (entry.name.endsWith("/")) { return; }
      if (byName.has(entry.name)) { problems.push(say(words.twice, { name: entry.name })); }
      byName.set(entry.name, entry);
    });
    if (!byName.has(MANIFEST) || !byName.has(SIGNATURE)) { return Promise.reject(new Unfit(byName.has("listing-1.json") ? "notAll" : "notOurs")); }
    return content(byName.get(MANIFEST)).then(function (bytes) {
      manifest = bytes;
      return content(byName.get(SIGNATURE));
    }).then(function (bytes) {
      try {
        claims = JSON.parse(new TextDecoder().decode(manifest)); mark = JSON.parse(new TextDecoder().decode(bytes));
        mark.key = raw(mark.public_key); mark.made = raw(mark.signature);
      } catch (_) { throw new Unfit("notOurs"); }
      if (claims.format !== "omne-dsar/manifest" || claims.version !== 1 || !Array.isArray(claims.parts)) { throw new Unfit("notOurs"); }
      if (mark.manifest_sha256 !== digestOf(manifest)) { throw new Unfit("forged"); }
      mark.id = digestOf(mark.key).slice(0, 16);
      if (trusted.length && trusted.indexOf(mark.public_key) < 0) { throw new Unfit("otherKey", { key: mark.id }); }
      return signed(manifest, mark.made, mark.key);
    }).then(function (isSigned) {
      if (isSigned === false) { throw new Unfit("forged"); }
      var names = new Set(claims.parts.map(function (part) { return part.name; })), done = 0;
      byName.forEach(function (_, name) { if (name !== MANIFEST && name !== SIGNATURE && !names.has(name)) { problems.push(say(words.extra, { name: name })); } });
      return claims.parts.reduce(function (before, part) {
        return before.then(function () {
          if (turn !== asked) { return false; }
          done += 1;
          if (done % 20 === 1) { told.textContent = say(words.reading, { done: done, count: claims.parts.length }); }
          if (!byName.has(part.name)) { problems.push(say(words.missing, { name: part.name })); return true; }
          return fits(byName.get(part.name), part).then(function (isSame) { if (!isSame) { problems.push(say(words.changed, { name: part.name })); } });
        });
      }, Promise.resolve()).then(function () {
        var facts = { count: claims.parts.length, key: mark.id, reference: claims.reference || "", day: (claims.made_at || "").slice(0, 10) };
        if (problems.length) { return verdict("bad", say(words.notIntact, facts), problems); }
        if (isSigned === null) { return verdict("half", say(words.unsigned, facts), []); }
        verdict("good", say(trusted.length ? words.intact : words.intactByItself, facts), []);
      });
    });
  }
  function verdict(kind, sentence, problems) {
    told.textContent = sentence; told.dataset.verdict = kind;
    list.replaceChildren.apply(list, problems.slice(0, 100).map(function (problem) { var line = document.createElement("li"); line.textContent = problem; return line; }));
  }
  function begin(gathered) {
    var turn = asked += 1;
    verdict("busy", say(words.reading, { done: 0, count: "…" }), []);
    gathered().then(function (all) { return check(all, turn); }).catch(function (failure) {
      if (turn === asked) { verdict("bad", failure instanceof Unfit ? failure.sentence : say(words.notZip, { name: "" }), []); }
    });
  }
  document.getElementById("verify-files").addEventListener("change", function () {
    var files = [].slice.call(this.files);
    if (files.length) { begin(function () { return Promise.all(files.map(listed)).then(function (lists) { return [].concat.apply([], lists); }); }); }
  });
  document.getElementById("verify-folder").addEventListener("change", function () {
    var files = [].slice.call(this.files);
    if (files.length) { begin(function () { return Promise.resolve(files.map(loose)); }); }
  });
  tool.hidden = !window.DecompressionStream;
  document.getElementById("verify-cannot").hidden = !tool.hidden;
})();
