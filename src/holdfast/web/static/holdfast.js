// Makes smoother what works without: the palette by keyboard, menus that close, lists that follow arrows.
"use strict";
(() => {
  const palette = () => document.getElementById("palette");
  const links = () => [...palette().querySelectorAll("#found a")];

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette()) {
      event.preventDefault();
      palette().togglePopover();
    } else if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details[name][open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && palette()?.matches(":popover-open")) {
      const all = links();
      const at = all.indexOf(document.activeElement);
      const next = event.key === "ArrowDown" ? Math.min(at + 1, all.length - 1) : at - 1;
      event.preventDefault();
      (next < 0 ? palette().querySelector("input") : all[next])?.focus();
    }
  });

  for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
  for (const form of document.querySelectorAll("form[data-sends-itself]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[name][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
