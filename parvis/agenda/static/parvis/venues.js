// Proposes known places as one types the name of one. Without it, those of one's own commune are proposed.
"use strict";
(() => {
  const input = document.querySelector("input[data-venues]");
  const list = input && document.getElementById(input.getAttribute("list"));
  if (!list) return;
  const commune = document.querySelector("input[name=commune]");
  let timer = 0;
  let asking = new AbortController();
  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ lieu: input.value, commune: commune ? commune.value : input.dataset.commune });
    try {
      const answer = await fetch(`${input.dataset.venues}?${query}`, { signal: asking.signal });
      if (answer.ok) list.innerHTML = await answer.text();
    } catch {
      // Another letter was typed, or the network is away: what was proposed stays.
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
  };
  input.addEventListener("input", soon);
  input.addEventListener("focus", soon);
})();
