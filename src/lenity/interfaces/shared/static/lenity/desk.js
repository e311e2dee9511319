/* One key for each act of the desk. Everything works without it; it types nothing and sends nothing by itself. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !/^[a-z]$/.test(event.key)) return;
  const fold = document.querySelector(`[data-open="${event.key}"]`);
  if (fold) {
    fold.open = !fold.open;
    if (fold.open) (fold.querySelector("input:not([type=hidden]), select, button") || fold).focus();
    event.preventDefault();
    return;
  }
  const target = document.querySelector(`[data-key="${event.key}"]`);
  if (!target || target.disabled) return;
  event.preventDefault();
  if (target.matches("input")) target.focus(); else target.click();
});
