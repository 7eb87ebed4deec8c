// Keys for the review of a collection. Everything they do is a link or a button of the page; without script those serve.
(() => {
  "use strict";
  const page = document.querySelector("[data-review]");
  if (!page) return;
  const box = page.querySelector("[data-keys-switch]");
  const KEPT = "review-keys";
  // Single keys are off until somebody switches them on (WCAG 2.1.4).
  let isOn = false;
  try { isOn = localStorage.getItem(KEPT) === "on"; } catch { /* without storage they stay off */ }
  box.checked = isOn;
  box.addEventListener("change", () => {
    isOn = box.checked;
    try { localStorage.setItem(KEPT, isOn ? "on" : "off"); } catch { /* for this page only, then */ }
  });

  const records = () => [...page.querySelectorAll("[data-record]")];
  const current = () => document.activeElement.closest("[data-record]")
    || page.querySelector("[data-record]:target") || records()[0];
  const step = (by) => {
    const all = records();
    const here = document.activeElement.closest("[data-record]") || page.querySelector("[data-record]:target");
    const next = all[here ? all.indexOf(here) + by : 0];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); return; }
    // Behind the last record of a page comes the first one of the next page.
    const turn = here && press(by > 0 ? "next" : "before");
    if (!turn) return;
    const address = new URL(turn.href);
    address.hash = `record-${Number(here.dataset.record) + by}`;
    location.assign(address);
  };
  // Letters, not halves of letters: the server counts what a person would.
  const letters = (range) => [...range.toString()].length;

  const marked = () => {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    const within = range.startContainer.parentElement?.closest("[data-place]");
    if (!within || !within.contains(range.endContainer)) return null;
    const ahead = document.createRange();
    ahead.selectNodeContents(within);
    ahead.setEnd(range.startContainer, range.startOffset);
    const start = letters(ahead);
    return { link: within.parentElement.querySelector("[data-key=r]"), start, end: start + letters(range) };
  };
  const redact = () => {
    const words = marked();
    if (words && words.link) {
      const address = new URL(words.link.href);
      address.searchParams.set("start", words.start);
      address.searchParams.set("end", words.end);
      location.assign(address);
      return;
    }
    const focused = document.activeElement.closest("[data-key=r]");
    const link = focused || current()?.querySelector("[data-key=r]");
    if (focused) focused.click(); else link?.focus();
  };

  const within = (key) => current()?.querySelector(`[data-key="${key}"]`);
  const press = (key) => page.querySelector(`[data-key="${key}"]`);
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    w: () => within("w")?.click(),
    i: () => within("i")?.click(),
    v: () => within("v")?.click(),
    r: redact,
    n: () => press("n")?.click(),
    u: () => press("u")?.click(),
    "/": () => press("/")?.focus(),
    "?": () => { const keys = page.querySelector(".keys"); keys.open = !keys.open; keys.querySelector("summary").focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (!isOn || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // Whoever came to decide goes on with the keyboard where the answer is given. The browser goes to the form of the
  // address by itself, at times after this was read: then the focus is handed on once more.
  const form = page.querySelector("#decide"), save = form?.querySelector("[data-key=save]");
  if (save && location.hash === "#decide") {
    if (document.activeElement !== form) form.addEventListener("focus", () => save.focus(), { once: true });
    save.focus();
  }
})();
