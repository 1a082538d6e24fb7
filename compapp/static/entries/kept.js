// A closed form: what this device still keeps of it was typed and never arrived. [data-kept="key"] shows it to be copied
// ([data-question] one answer each, data-saved what the server holds, data-labels words for codes); a page elsewhere
// points to it with [data-kept-hint="key"]. Once the entry opens again, the form itself puts the text back and sends it.

import { same, shelf } from "./questions.js";

const moment = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const person = document.body.dataset.person ?? "";

function textOf(pairs, labels) {
  const lines = new Map();
  for (const [name, text] of pairs) {
    const row = name.split(".").length > 2 ? name.split(".").slice(0, 2).join(".") : name;
    lines.set(row, [...(lines.get(row) ?? []), labels[text] ?? text].filter((one) => one.trim()));
  }
  return [...lines.values()].map((parts) => parts.join(" · ")).filter(Boolean).join("\n");
}

function show(section) {
  const kept = shelf(`draft:${person}:${section.dataset.kept}`);
  for (const [question, item] of kept.all()) {
    const place = section.querySelector(`[data-question="${CSS.escape(question)}"]`);
    if (!place) continue;
    const text = textOf(item.pairs, JSON.parse(place.dataset.labels || "{}"));
    if (!text || same(item.pairs, JSON.parse(place.dataset.saved))) { kept.drop(question); continue; }
    place.querySelector("[data-copy-source]").value = text;
    place.querySelector("[data-kept-at]").textContent = moment.format(new Date(item.at));
    place.hidden = false;
    section.hidden = false;
  }
  section.querySelector("[data-kept-drop]").addEventListener("click", () => {
    for (const place of section.querySelectorAll("[data-question]:not([hidden])")) kept.drop(place.dataset.question);
    section.hidden = true;
  });
}

for (const section of document.querySelectorAll("[data-kept]")) show(section);
for (const hint of document.querySelectorAll("[data-kept-hint]")) hint.hidden = !shelf(`draft:${person}:${hint.dataset.keptHint}`).all().length;
