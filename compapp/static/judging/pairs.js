// Comparing in pairs: ← and → choose, = cannot say, ⌫ takes the last one back. Each word goes to queue.js at once; while
// it cannot be sent, the next pair of the plan is shown from what this device keeps. Two words on one pair are both shown.

import { keptEntry } from "./packets.js";
import { choose, flush, learn, read, type, waits } from "./queue.js";

const SLOW = 3500;
const box = document.querySelector("[data-pairs]");
const form = document.querySelector("form[data-pair]");
const undo = document.querySelector("[data-pair-undo]");
const state = document.querySelector("[data-save-state]");
const buttons = [...document.querySelectorAll("[data-pair-key]")];
const typing = (target) => target.closest("input, textarea, select, summary, dialog, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat || typing(event.target)) return;
  const button = buttons.find((one) => one.dataset.pairKey === event.key && !one.disabled);
  if (!button) return;
  event.preventDefault();
  button.click();
});

if (box) {
  const sheet = box.dataset.pairs;
  const texts = { ...box.dataset, ...state.dataset };
  const plan = JSON.parse(box.dataset.plan);
  const names = JSON.parse(box.dataset.names);
  const page = JSON.parse(box.dataset.known);
  const nameOf = ([one, other]) => `pair-${Math.min(one, other)}-${Math.max(one, other)}`;
  const said = (record, name) => record.typed[name] ?? record.known.values[name] ?? "";
  const inWords = (value) => names[value] ?? (value === "neither" ? texts.textNeither : "–");
  let shown = plan[0];
  let timer = 0;
  let failures = 0;

  const say = (text, tone = "", more = []) => {
    state.className = `save-state${tone ? ` save-state-${tone}` : ""}`;
    state.replaceChildren(text, ...more);
  };
  const link = () => Object.assign(document.createElement("a"), { className: "button button-small", href: document.querySelector('meta[name="sign-in"]')?.content ?? "/sign-in", target: "_blank", rel: "noopener", textContent: texts.textSignIn });

  function begin() {
    const told = read(sheet)?.known;
    const known = told && told.version > page.version ? told : { version: page.version, noteVersion: 0, values: page.values };
    draw(learn(sheet, known));
  }

  function draw(record) {
    clash(record);
    unsent(record);
    if (undo && waits(record)) undo.hidden = false;
    for (const button of document.querySelectorAll("[data-pair-hand-in] button")) button.disabled = waits(record);
    if (!form) return;
    const open = plan.filter((pair) => !said(record, nameOf(pair)));
    count(open.length);
    const [next] = open;
    if (!next) { for (const one of [box.querySelector(".pair"), form]) one.hidden = true; say(texts.textEnough, "warn"); return; }
    if (next !== shown) show(next);
  }

  function count(open) {
    const bar = document.querySelector(".progress progress");
    bar.value = bar.max - open;
    bar.textContent = `${bar.value}/${bar.max}`;
    bar.closest(".progress").querySelector(".number").textContent = bar.textContent;
  }

  // Nobody can choose before the pair stands there: a second tap would count for entries that were not seen.
  async function show(pair) {
    shown = pair;
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    const sides = [...box.querySelectorAll(".pair-side")];
    const entries = await Promise.all(pair.map(keptEntry));
    if (shown !== pair) return;
    for (const [place, side] of sides.entries()) {
      const entry = entries[place];
      side.querySelector("[data-side-kind]").textContent = "";
      side.querySelector("[data-side-title]").textContent = names[pair[place]];
      side.querySelector("[data-side-line]").textContent = entry ? entry.line?.textContent ?? "" : texts.textNotHere;
      side.querySelector("[data-side-body]").replaceChildren(...(entry?.body?.childNodes ?? []));
      side.querySelector("[data-side-link]").href = `/sheets/${pair[place]}`;
      side.querySelector("details").open = false;
      form.querySelectorAll("button .visually-hidden")[place].textContent = `: ${names[pair[place]]}`;
    }
    for (const one of form.querySelectorAll("button")) one.disabled = false;
    sides[0].scrollIntoView({ block: "nearest" });
  }

  // A word of another device on the same pair: the judge says which of the two holds.
  function clash(record) {
    const place = box.querySelector("[data-pair-clash]");
    const [name] = Object.keys(record.clash);
    place.hidden = !name;
    if (!name) return;
    place.querySelector("[data-clash-pair]").textContent = record.labels[name] ?? "";
    place.querySelector("[data-clash-mine]").textContent = inWords(record.typed[name]);
    place.querySelector("[data-clash-theirs]").textContent = inWords(record.clash[name]);
    for (const button of place.querySelectorAll("button")) button.onclick = () => {
      const { typed, clash: theirs } = read(sheet);
      choose(sheet, name, button.dataset.choice === "mine" ? typed[name] : theirs[name]);
      if (waits(read(sheet))) send();
      else location.reload();
    };
  }

  function unsent(record) {
    const left = box.querySelector("[data-unsent]");
    const lost = Object.keys(record.typed).filter((name) => record.closed || record.refused[name] === record.typed[name]);
    left.hidden = !lost.length;
    left.querySelector("[data-unsent-list]").replaceChildren(...lost.map((name) => Object.assign(document.createElement("li"), { textContent: `${record.labels[name] ?? name}: ${record.said?.[name] ?? inWords(record.typed[name])}` })));
    left.querySelector("button").onclick = () => { for (const name of lost) choose(sheet, name, read(sheet).known.values[name] ?? ""); location.reload(); };
  }

  async function send() {
    clearTimeout(timer);
    let answered = false;
    const late = new Promise((done) => { setTimeout(() => done("late"), SLOW); });
    const sent = flush((number) => { answered ||= number === sheet; });
    const reason = await Promise.race([sent, late]);
    const record = read(sheet);
    failures = reason === "away" || reason === "late" ? failures + 1 : 0;
    draw(record);
    if (!waits(record)) { if (answered) location.reload(); return; }
    if (reason === "session") say(`${texts.textSession} `, "warn", [link()]);
    else if (record.closed) say(`${record.closed} ${texts.textKept}`, "warn");
    else if (Object.keys(record.clash).length) say(texts.textConflict, "warn");
    else if (failures) { say(form?.hidden ? texts.textEnough : texts.textOffline, "warn"); timer = setTimeout(send, Math.min(30000, 2000 * 2 ** failures)); }
  }

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const word = event.submitter.value;
    const value = word === "neither" ? word : String(shown[word === "left" ? 0 : 1]);
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    if (!type(sheet, nameOf(shown), value, shown.map((one) => names[one]).join(" – "), inWords(value))) say(texts.textNowhere, "warn");
    send();
  });
  undo?.addEventListener("submit", (event) => {
    const record = read(sheet);
    const last = Object.keys(record.typed).filter((name) => record.clash[name] === undefined).pop();
    if (!last && navigator.onLine) return;
    event.preventDefault();
    if (!last) { say(texts.textUndo, "warn"); return; }
    choose(sheet, last, record.base[last] ?? "");
    for (const one of [box.querySelector(".pair"), form]) if (one) one.hidden = false;
    draw(read(sheet));
  });
  window.addEventListener("online", () => { failures = 0; send(); });
  window.addEventListener("offline", () => say(texts.textAlone, "warn"));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && waits(read(sheet))) send(); });
  begin();
  if (!navigator.onLine) say(texts.textAlone, "warn");
  if (waits(read(sheet))) send();
}

window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
