// Comparing in pairs by keyboard: ← and → choose, = cannot say, ⌫ takes the last one back.

const buttons = [...document.querySelectorAll("[data-pair-key]")];
const typing = (target) => target.closest("input, textarea, select, summary, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat || typing(event.target)) return;
  const button = buttons.find((one) => one.dataset.pairKey === event.key);
  if (!button) return;
  event.preventDefault();
  button.click();
});

window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
