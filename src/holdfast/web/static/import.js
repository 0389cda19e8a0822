// Says before anything is sent that a choice of files is larger than is taken.
"use strict";
(() => {
  const input = document.querySelector("input[type=file][data-most]");
  if (!input) return;
  input.addEventListener("change", () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    input.setCustomValidity(size > Number(input.dataset.most) ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
})();
