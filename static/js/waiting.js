/* Says that an answer is on its way where it takes more than a second. */
"use strict";

(() => {
  const PATIENCE = 1000;
  const said = document.getElementById("waiting");
  let timer;

  function stop() {
    clearTimeout(timer);
    said.hidden = true;
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => { said.hidden = false; }, PATIENCE);
  }

  // A download leaves this page as it is, and nothing here would learn that it has come: the browser shows it by itself.
  const isDownload = (address) => address.searchParams.has("format") || address.pathname.startsWith("/export/");
  const isHere = (address) => address.hash && address.href.split("#")[0] === location.href.split("#")[0];

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.href);
    if (!isDownload(address) && !isHere(address)) wait();
  });
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) wait(); });

  // Who stopped it stays here, and who comes back finds the page as he left it.
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  addEventListener("pageshow", stop);
})();
