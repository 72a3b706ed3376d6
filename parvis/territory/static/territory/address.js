// Draws the proposals of an address field as one types. Without it, the button « Chercher » does the same.
// What is typed goes to this site alone, which keeps nothing of it.
"use strict";

for (const box of document.querySelectorAll("[data-address]")) {
  const input = box.querySelector("input[name=adresse]");
  const list = box.querySelector("[data-address-proposals]");
  const address = box.dataset.address;
  let timer = 0;
  let asking = new AbortController();

  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    // Not in the address of the request, which any proxy writes in its log.
    const { value } = input.form.elements.csrfmiddlewaretoken;
    const body = new URLSearchParams({ adresse: input.value, csrfmiddlewaretoken: value });
    try {
      const answer = await fetch(address, { method: "POST", body, signal: asking.signal });
      if (answer.ok) list.innerHTML = await answer.text();
    } catch {
      // Another letter was typed, or the network is away: the button remains.
    }
  };
  if (input && list) {
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    });
    // Enter looks for the address rather than send the form.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(timer);
      ask();
    });
  }
}
