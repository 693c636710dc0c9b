// What pages do a little better with a script; without it they work as they are.
"use strict";
(() => {
  // A form that was refused: the summary is read first, and its links are the next stops.
  document.querySelector(".errors[role=alert]")?.focus();

  // Of a row that scrolls sideways, show the part where the reader is.
  for (const row of document.querySelectorAll(".side-nav, .tabs, .top .main")) {
    const here = row.querySelector("[aria-current]");
    if (here) row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - 48;
  }

  // Work is under way elsewhere: look for what came of it, without loading the page anew.
  const again = async () => {
    const waiting = document.querySelector("[data-waiting]");
    if (!waiting || document.hidden) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (found.querySelector("[data-waiting]")) {
      const [old, news] = [document, found].map((page) => page.querySelector("[data-progress]"));
      if (old && news) old.replaceChildren(...news.childNodes);
      return;
    }
    const main = found.querySelector("main");
    if (main) document.querySelector("main").replaceChildren(...main.childNodes);
  };
  if (document.querySelector("[data-waiting]")) setInterval(() => again().catch(() => {}), 2000);

  // A link to hand out: one press puts it onto the clipboard.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      const told = document.getElementById(button.getAttribute("aria-describedby"));
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        told.textContent = button.dataset.copied;
      } catch {
        told.textContent = ""; // the text is selected: it can be copied by hand
      }
    });
  }
})();
