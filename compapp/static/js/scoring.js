// [data-criterion]: quick score buttons, keys, a running total.
// Keys while not typing: 0–9 score the current criterion (0 after 1 makes 10), + and - a step, j and k the next and
// the one before. In the number field the arrow keys go a step. The weighted total goes to [data-score-total].

let keysBound = false;
let current = null;
let lastDigit = { value: "", at: 0 };

const numberOf = (text) => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));
const written = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2, useGrouping: false }).format(value);

function put(criterion, value) {
  const input = criterion.querySelector(".score-number");
  if (!input || input.readOnly) return;
  const { least, most, step } = input.dataset;
  const inside = Math.min(Number(most), Math.max(Number(least), value));
  input.value = written(Math.round(inside / Number(step)) * Number(step));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function by(criterion, steps) {
  const input = criterion.querySelector(".score-number");
  const now = numberOf(input.value);
  put(criterion, (Number.isNaN(now) ? 0 : now) + steps * Number(input.dataset.step));
}

function go(offset) {
  const all = [...document.querySelectorAll("[data-criterion]")];
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current) + offset))];
  if (!next) return;
  current = next;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  (next.querySelector(".score-pick") ?? next.querySelector(".score-number")).focus({ preventScroll: true });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (event.key === "j") { event.preventDefault(); return go(current ? 1 : 0); }
  if (event.key === "k") { event.preventDefault(); return go(-1); }
  if (!current) return;
  if (event.key === "+" || event.key === "=") return by(current, 1);
  if (event.key === "-") return by(current, -1);
  if (!/^[0-9]$/.test(event.key)) return;
  const quick = event.timeStamp - lastDigit.at < 600 ? lastDigit.value + event.key : event.key;
  const most = Number(current.querySelector(".score-number").dataset.most);
  lastDigit = { value: event.key, at: event.timeStamp };
  put(current, Number(quick) <= most ? Number(quick) : Number(event.key));
}

function total() {
  const out = document.querySelector("[data-score-total]");
  if (!out) return;
  let sum = 0;
  let weights = 0;
  let missing = 0;
  for (const input of document.querySelectorAll(".score-number")) {
    const value = numberOf(input.value);
    const weight = Number(input.closest("[data-criterion]").dataset.weight || 1);
    weights += weight;
    if (Number.isNaN(value)) missing += 1;
    else sum += (weight * value) / Number(input.dataset.most);
  }
  out.textContent = written((100 * sum) / (weights || 1));
  out.closest(".score-total")?.classList.toggle("score-open", missing > 0);
}

export function start(criterion) {
  const input = criterion.querySelector(".score-number");
  if (!input) return; // answered otherwise than by a number
  for (const part of criterion.querySelectorAll(".score-quick, .score-half")) part.hidden = false;
  const show = () => {
    const value = numberOf(input.value);
    for (const button of criterion.querySelectorAll("[data-score]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.score) === value));
    }
    total();
  };
  criterion.addEventListener("focusin", () => { current = criterion; });
  criterion.addEventListener("click", (event) => {
    const button = event.target.closest(".score-pick");
    if (!button) return;
    if (button.dataset.score) put(criterion, Number(button.dataset.score));
    else by(criterion, Number(button.dataset.scoreStep) < 0 ? -1 : 1);
  });
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    by(criterion, event.key === "ArrowUp" ? 1 : -1);
  });
  if (!keysBound) {
    keysBound = true;
    document.addEventListener("keydown", onKey);
  }
  show();
}
