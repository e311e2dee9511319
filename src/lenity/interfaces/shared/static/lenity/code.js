/* Shows the code of the next minute when it begins. Without this, the link on the page does the same. */
const shown = document.querySelector("[data-seconds]");
if (shown) setTimeout(() => location.reload(), (Number(shown.dataset.seconds) + 1) * 1000);
