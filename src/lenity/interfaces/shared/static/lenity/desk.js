/* One key for each act of the desk; Escape folds what is open. Everything works without it, and it can be switched
   off on the page of keys. It types nothing and sends nothing by itself. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelectorAll("details[open]").forEach((fold) => { fold.open = false; fold.querySelector("summary").focus(); });
    return;
  }
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !/^[a-z?]$/.test(event.key)) return;
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
