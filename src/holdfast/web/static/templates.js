// While a block is written the preview follows: the button beside the form is pressed when typing pauses.
"use strict";
(() => {
  const PAUSE_MS = 600;
  let waiting = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-tried]");
    if (!form || event.target.type === "file") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(form.querySelector("[data-try]")), PAUSE_MS);
  });
})();
