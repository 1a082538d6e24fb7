// [data-ranked]: order by buttons or arrow keys instead of typing places; posts the same numbers.

export function start(list) {
  const rows = list.querySelector("ol");
  const status = list.querySelector('[role="status"]');

  function renumber() {
    [...rows.children].forEach((row, index) => {
      row.querySelector("input").value = index + 1;
      row.querySelector('[data-move="-1"]').disabled = index === 0;
      row.querySelector('[data-move="1"]').disabled = index === rows.children.length - 1;
    });
  }

  function move(row, by) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(row); else other.after(row);
    renumber();
    const button = row.querySelector(`[data-move="${by}"]`);
    (button.disabled ? row.querySelector(`[data-move="${-by}"]`) : button).focus();
    const place = [...rows.children].indexOf(row) + 1;
    status.textContent = list.dataset.textMoved
      .replace("{label}", row.querySelector("label").firstChild.textContent.trim())
      .replace("{place}", place).replace("{count}", rows.children.length);
    row.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
  }

  for (const row of rows.children) {
    row.querySelector("input").hidden = true;
    row.querySelector(".ranked-buttons").hidden = false;
    row.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) move(row, Number(button.dataset.move));
    });
    row.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
    });
  }
  [...rows.children]
    .sort((a, b) => a.querySelector("input").value - b.querySelector("input").value)
    .forEach((row) => rows.append(row));
  renumber();
}
