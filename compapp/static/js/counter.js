// <textarea data-counter="2000"> with <span data-counter-for="its id">: how many characters are left.

export function start(control) {
  const out = document.querySelector(`[data-counter-for="${CSS.escape(control.id)}"]`);
  if (!out) return;
  const most = Number(control.dataset.counter);
  const written = new Intl.NumberFormat(document.documentElement.lang);

  function show() {
    // Browsers send line ends as two characters; the server counts what it stores: one.
    const left = most - [...control.value.normalize("NFC").replace(/\r\n/g, "\n")].length;
    out.textContent = left >= 0
      ? out.dataset.textLeft.replace("{left}", written.format(left))
      : out.dataset.textOver.replace("{over}", written.format(-left));
    out.classList.toggle("over", left < 0);
  }
  control.addEventListener("input", show);
  if (control.value) show();
}
