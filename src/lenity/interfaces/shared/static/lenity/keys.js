// Moves through a queue by keyboard. Works only while the focus is inside the queue; pages need no script.
"use strict";
document.addEventListener("keydown", (event) => {
  const queue = event.target.closest("[data-queue]");
  if (!queue || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...queue.querySelectorAll("a.row-link")];
  const next = links[links.indexOf(event.target.closest("a.row-link")) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
