// Scoring by keyboard: Enter leads on, letters act wherever no text is typed, “?” tells them all. Steps, digits and
// quick scores are scoring.js's; this stands in front of it and takes only its own keys. Where the sheet asks for one of
// a few answers instead of numbers, the digits from 1 choose it.

const form = document.querySelector("form[data-sheet]");
const scores = [...(form?.querySelectorAll(".score-number") ?? [])];
const answers = [...(form?.querySelectorAll('input[type="radio"][name^="score-"]') ?? [])];
const dialog = document.getElementById("sheet-keys");
const numberOf = (text) => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));
let last = scores[0] ?? answers[0];

function to(field) {
  if (!field) return;
  field.focus();
  field.select?.();
  field.scrollIntoView({ block: "nearest" });
}

function commentOf(input) {
  return input?.closest("[data-criterion]").querySelector("textarea");
}

function needsWords(input) {
  const value = numberOf(input.value);
  const { wordsBelow, wordsAbove } = input.dataset;
  const asked = (wordsBelow !== undefined && value < Number(wordsBelow)) || (wordsAbove !== undefined && value > Number(wordsAbove));
  return asked && !commentOf(input).value.trim();
}

function onward(input) {
  if (needsWords(input)) return to(commentOf(input));
  return to(scores[scores.indexOf(input) + 1] ?? form.elements.comment);
}

const deeds = {
  j: () => to(document.activeElement === last ? scores[Math.min(scores.length - 1, scores.indexOf(last) + 1)] : last),
  k: () => to(scores[Math.max(0, scores.indexOf(last) - 1)]),
  c: () => to(commentOf(last)),
  n: () => to(form.elements.note),
  e: () => { document.getElementById("entry").tabIndex = -1; to(document.getElementById("entry")); },
  "?": () => dialog.showModal(),
};

function onKey(event) {
  if (dialog?.open || event.altKey || event.isComposing) return;
  const { target } = event;
  const inScore = target.matches(".score-number");
  const inAnswer = answers.includes(target);
  const isTyping = target.matches("input, textarea, select, [contenteditable]") && !inScore && !inAnswer;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") take(event, () => form.querySelector("[name=review]")?.click());
  else if (event.ctrlKey || event.metaKey) return;
  else if (event.key === "Escape" && (inScore || isTyping)) take(event, () => target.blur());
  else if (event.key === "Enter" && inScore) take(event, () => onward(target));
  else if (event.key === "Enter" && inAnswer) take(event, () => to(commentOf(target)));
  else if (!isTyping && deeds[event.key]) take(event, deeds[event.key]);
  else if (answers[Number(event.key) - 1] && !isTyping) take(event, () => { answers[Number(event.key) - 1].click(); to(answers[Number(event.key) - 1]); });
  else if (scores.length && /^[0-9]$/.test(event.key) && !inScore && !isTyping && !target.closest("button, a, summary")) {
    event.stopPropagation(); // the digit itself goes into the field that is in focus now
    to(scores.find((one) => one.value.trim() === "") ?? last);
  }
}

function take(event, deed) {
  event.preventDefault();
  event.stopPropagation();
  deed();
}

if (last && dialog) {
  document.addEventListener("keydown", onKey, true);
  form.addEventListener("focusin", (event) => {
    last = event.target.closest("[data-criterion]")?.querySelector(".score-number") ?? last;
  });
  const hint = document.querySelector(".keys-hint");
  hint.hidden = false;
  hint.querySelector("button").addEventListener("click", () => dialog.showModal());
}

// On the page before handing in, the keys that led there hand in; a key that is still held down does not.
const handIn = document.querySelector("form[data-hand-in] button[type=submit]");
if (handIn) document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.repeat) take(event, () => handIn.click());
});
