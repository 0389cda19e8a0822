// Choosing several rows at once: all of a page, from one to another with Shift, and the row in focus with v.
"use strict";
(() => {
  const form = () => document.querySelector("form[data-choosing]");
  const boxes = () => [...(form()?.querySelectorAll('input[type="checkbox"][name]') || [])];
  const show = () => {
    for (const each of document.querySelectorAll("[data-with-script]")) each.hidden = false;
  };
  let last = null;
  show();
  document.body.addEventListener("htmx:afterSwap", show);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      for (const each of boxes()) each.checked = event.target.checked;
    }
  });
  document.addEventListener("click", (event) => {
    const all = boxes(), to = all.indexOf(event.target), from = all.indexOf(last);
    if (to < 0) return;
    if (event.shiftKey && from >= 0) {
      for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = event.target.checked;
    }
    last = event.target;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.documentElement.dataset.keys === "off" || event.target.closest?.("textarea, select, input:not([type=checkbox])")) return;
    const box = event.target.closest?.(".work-row")?.querySelector('input[type="checkbox"]');
    if (box) box.click();
  });
})();
