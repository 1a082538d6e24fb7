// The running total of a score sheet: Σ weight × score ÷ max over the scores given so far, as the server reckons it.

const form = document.querySelector("form[data-sheet]");
const out = document.querySelector("[data-sheet-total]");
const numberOf = (text) => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));

function show() {
  let sum = 0;
  for (const input of form.querySelectorAll(".score-number")) {
    const value = numberOf(input.value);
    const { least, most } = input.dataset;
    if (Number.isNaN(value) || value < Number(least) || value > Number(most)) continue;
    sum += (Number(input.closest("[data-criterion]").dataset.weight) * value) / Number(most);
  }
  const rounded = Math.round((sum + Number.EPSILON) * 100) / 100;
  out.textContent = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(rounded);
}

if (form && out) form.addEventListener("input", show);
