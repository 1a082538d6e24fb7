// <button data-copy> puts the text of the nearest [data-copy-source] on the clipboard.

export function start(button) {
  if (!navigator.clipboard) return;
  const source = button.closest(".copy-box, [data-copy-box]")?.querySelector("[data-copy-source]");
  if (!source) return;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.textDone;
    document.getElementById("live").textContent = button.dataset.textDone;
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}
