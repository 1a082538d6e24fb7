// Questions with parts: lines that grow and add up, words that are counted, questions asked only beside other answers.

import { controlsOf, read } from "./questions.js";

const written = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 4 });

function figure(text, isMoney) {
  const bare = text.trim().replace(/[\s\u00a0]/g, "");
  const value = Number(isMoney ? bare.replace(/[.,]/g, "") : bare.replace(",", "."));
  return bare && Number.isFinite(value) ? value : 0;
}

function lines(field) {
  const body = field.querySelector("tbody");
  const more = field.querySelector("[data-lines-more]");
  const most = Number(field.dataset.most);
  const all = () => [...body.querySelectorAll("[data-line]")];
  const isEmpty = (row) => [...row.querySelectorAll("input, select")].every((control) => !control.value.trim());

  function add() {
    const rows = all();
    if (rows.length >= most) return null;
    const row = rows.at(-1).cloneNode(true);
    for (const control of row.querySelectorAll("input, select")) {
      control.name = control.name.replace(/\.\d+\./, `.${rows.length}.`);
      control.id = control.name;
      control.value = "";
      control.setAttribute("aria-label", `${control.dataset.column}, ${field.dataset.textLine.replace("{line}", rows.length + 1)}`);
    }
    row.hidden = false;
    body.append(row);
    return row;
  }

  function total() {
    for (const output of field.querySelectorAll("[data-total]")) {
      const inputs = [...field.querySelectorAll(`[data-adds="${CSS.escape(output.dataset.total)}"]`)];
      output.textContent = written.format(inputs.reduce((sum, input) => sum + figure(input.value, input.inputMode === "numeric"), 0));
    }
    more.hidden = all().length >= most && all().every((row) => !row.hidden);
  }

  function tidy() {
    // One empty line is enough where a button makes more.
    const rows = all();
    let empty = 0;
    for (const row of rows) if (isEmpty(row) && (empty += 1) > 1) row.hidden = true;
  }

  more.querySelector("button").addEventListener("click", () => {
    const row = all().find((one) => one.hidden) ?? add();
    if (!row) return;
    row.hidden = false;
    row.querySelector("input, select").focus();
    total();
  });
  field.form.addEventListener("question:room", (event) => {
    const wanted = event.detail.pairs.map(([name]) => name.match(/^(.*)\.(\d+)\.[^.]+$/)).filter((found) => found?.[1] === field.id);
    for (const found of wanted) {
      while (all().length <= Number(found[2]) && add()) { /* until there is room */ }
      const row = all()[Number(found[2])];
      if (row) row.hidden = false;
    }
  });
  field.addEventListener("input", total);
  tidy();
  total();
}

function words(hint) {
  const control = document.getElementById(hint.dataset.wordsFor);
  const most = Number(hint.dataset.words);
  function show() {
    const left = most - control.value.split(/\s+/).filter(Boolean).length;
    hint.textContent = left >= 0 ? hint.dataset.textLeft.replace("{left}", written.format(left)) : hint.dataset.textOver.replace("{over}", written.format(-left));
    hint.classList.toggle("over", left < 0);
  }
  control?.addEventListener("input", show);
  if (control?.value) show();
}

function condition(place) {
  const form = place.closest("form");
  const values = JSON.parse(place.dataset.ifValues);
  place.querySelector("[data-if-words]")?.remove();
  const show = () => {
    const control = controlsOf(form, place.dataset.if)[0];
    const given = read(form, place.dataset.if).map(([, text]) => text).filter(Boolean);
    const isBox = control?.type === "checkbox" && controlsOf(form, place.dataset.if).length === 1 && control.value === "y";
    place.hidden = isBox ? !values.includes(control.checked) : !(given.some((one) => values.includes(one)) || (!given.length && values.includes(false)));
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}

for (const field of document.querySelectorAll("[data-lines]")) lines(field);
for (const hint of document.querySelectorAll("[data-words-for]")) words(hint);
for (const place of document.querySelectorAll("[data-if]")) condition(place);
