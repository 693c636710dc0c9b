// Adds to the form of the checker: dropping files anywhere on its frame, their names, and a sign
// that something is going on. Without this script the form works as it is.
"use strict";
(() => {
  const form = document.querySelector("[data-verify]");
  if (!form) return;
  const drop = form.querySelector("[data-drop]");
  const input = drop.querySelector("input[type=file]");
  const chosen = drop.querySelector("[data-chosen]");
  const progress = form.querySelector("[data-progress]");
  const button = form.querySelector("button");

  const size = () => [...input.files].reduce((sum, file) => sum + file.size, 0);

  const show = () => {
    const names = [...input.files].map((file) => file.name).join(", ");
    chosen.textContent = size() > Number(form.dataset.most) ? form.dataset.tooLarge : names;
  };

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  input.addEventListener("change", show);

  form.addEventListener("submit", (event) => {
    if (size() > Number(form.dataset.most)) {
      event.preventDefault();
      show();
      input.focus();
      return;
    }
    progress.textContent = form.dataset.checking;
    button.setAttribute("aria-busy", "true");
  });
  // coming back by the browser's own button
  window.addEventListener("pageshow", () => {
    progress.textContent = "";
    button.removeAttribute("aria-busy");
  });
})();
