// One button ticks every entry of the page; without script each box is ticked by hand.
for (const form of document.querySelectorAll("[data-queue]")) {
  const button = form.querySelector("[data-tick-all]");
  const boxes = [...form.querySelectorAll("input[name=entry]")];
  if (!button || boxes.length === 0) continue;
  const all = button.textContent;
  const show = () => { button.textContent = boxes.every((box) => box.checked) ? button.dataset.textNone : all; };
  button.hidden = false;
  button.addEventListener("click", () => {
    const wanted = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = wanted;
    show();
  });
  form.addEventListener("change", show);
}
