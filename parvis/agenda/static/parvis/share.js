/* « Partager »: copying the address, or the menu of the device. Without it, one copies by hand or writes a mail. */
"use strict";
(() => {
  for (const part of document.querySelectorAll("[data-share]")) {
    const copy = part.querySelector("[data-copy]");
    const send = part.querySelector("[data-send]");
    const field = part.querySelector("input");
    field.addEventListener("focus", () => field.select());
    if (navigator.clipboard) {
      copy.hidden = false;
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(part.dataset.share);
        copy.textContent = copy.dataset.copy;
      });
    }
    if (navigator.share) {
      send.hidden = false;
      send.addEventListener("click", () => {
        navigator.share({ title: part.dataset.title, url: part.dataset.share }).catch(() => {});
      });
    }
  }
})();
