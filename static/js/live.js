/* Asks for the changing part of a live page again: every few seconds while somebody looks, rarely while nobody does.

   htmx could do the asking by itself, but tells whether a page is looked at only by evaluating text as code, which the
   content security policy forbids. What is read (an open table, the focus) stays where it is. */
"use strict";

(() => {
  const WATCHED = 2500, HIDDEN = 30000, TROUBLED = 10000;
  const part = document.getElementById("live");
  const pause = document.getElementById("live-pause");
  const trouble = document.getElementById("live-trouble");
  const stops = "a[href], button, summary, [tabindex]";
  let timer, paused = false, kept = null;

  // What has the focus, by what it is and says: lists grow above it.
  const nameOf = (stop) => [stop.tagName, stop.getAttribute("href"), stop.textContent].join(" ");

  const look = () => htmx.trigger(part, "look");

  function wait(milliseconds) {
    clearTimeout(timer);
    if (!paused) timer = setTimeout(look, milliseconds);
  }

  document.addEventListener("visibilitychange", () => wait(document.hidden ? HIDDEN : 0));

  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    wait(0);
  });

  part.addEventListener("htmx:beforeSwap", (event) => {
    const asked = new URL(part.getAttribute("hx-get"), location.href);
    // Somewhere else: the session has ended, and signing in leads back here.
    if (new URL(event.detail.xhr.responseURL).pathname !== asked.pathname) {
      event.detail.shouldSwap = false;
      location.reload();
      return;
    }
    kept = {
      open: [...part.querySelectorAll("details")].map((fold) => fold.open),
      focus: part.contains(document.activeElement) ? nameOf(document.activeElement) : null,
    };
  });

  part.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    part.querySelectorAll("details").forEach((fold, place) => { fold.open = kept.open[place] || false; });
    if (kept.focus) [...part.querySelectorAll(stops)].find((stop) => nameOf(stop) === kept.focus)?.focus({ preventScroll: true });
    kept = null;
  });

  part.addEventListener("htmx:afterRequest", (event) => {
    trouble.hidden = event.detail.successful;
    wait(!event.detail.successful ? TROUBLED : document.hidden ? HIDDEN : WATCHED);
  });

  pause.hidden = false;
  wait(document.hidden ? HIDDEN : WATCHED);
})();
