/* Discussions of groups, made more comfortable: every page works without it, and nothing moves under the reader. */
"use strict";
(() => {
  const quietly = { "X-Requested-With": "fetch" };

  // How far one has read: told once the end of the page was on screen, instead of by a button.
  const read = document.querySelector("form[data-read]");
  if (read) {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      fetch(read.action, { method: "POST", body: new FormData(read), headers: quietly });
    });
    seen.observe(read);
  }

  // What one began to write, kept three seconds after the last key.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    let later;
    const keep = () => {
      const typed = new FormData(form);
      for (const name of ["documents", "image"]) typed.delete(name);
      typed.append("draft", "1");
      fetch(form.action, { method: "POST", body: typed, headers: quietly });
    };
    form.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(keep, 3000);
    });
    form.addEventListener("submit", () => clearTimeout(later));
  }

  // New replies: a line that says how many, and takes one there.
  const news = document.querySelector("[data-news]");
  if (news) {
    let tag = "";
    const ask = async () => {
      if (document.hidden) return;
      const answer = await fetch(news.dataset.news, { headers: tag ? { "If-None-Match": tag } : {} }).catch(() => null);
      if (!answer || !answer.ok) return;
      tag = answer.headers.get("ETag") || "";
      const { count } = await answer.json();
      if (!count) return;
      const words = count === 1 ? news.dataset.one : news.dataset.many.replace("{}", count > 99 ? "99+" : count);
      news.querySelector("span").textContent = words;
      news.hidden = false;
    };

    // Asked every now and then, unless a stream says when to; whatever fails, one asks again.
    let asking, stream;
    const poll = () => { asking ??= setInterval(ask, Number(news.dataset.every || 20) * 1000); };
    const rest = () => { clearInterval(asking); asking = undefined; };
    const listen = () => {
      stream?.close();
      // A page out of sight needs no news, and holds no connection.
      if (document.hidden) return rest();
      ask();
      poll();
      if (!news.dataset.live || !window.EventSource) return;
      stream = new EventSource(news.dataset.live);
      stream.onopen = () => { rest(); ask(); };
      // Not all at the same instant.
      stream.onmessage = () => setTimeout(ask, Math.random() * 300);
      stream.onerror = poll;
    };
    listen();
    document.addEventListener("visibilitychange", listen);
  }
})();
