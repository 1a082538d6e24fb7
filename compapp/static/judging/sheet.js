// A score sheet: what is typed goes to queue.js at once and to the server a moment later, is put back when the page is
// opened anew (also from a kept copy), and two texts of one field are both shown until the judge has chosen.

import { all, choose, drop, equal, flush, learn, read, type, waits } from "./queue.js";

const WAIT = 900;
const SLOW = 3500; // an answer that takes longer: the page says that the text is only on this device so far
const form = document.querySelector("form[data-sheet]");
const sheet = form?.dataset.sheet;
const state = document.querySelector("[data-save-state]");
const texts = state?.dataset ?? {};
const out = document.querySelector("[data-sheet-total]");
const counted = document.querySelector("[data-sheet-done]");
const left = document.querySelector("[data-unsent]");
const vietnamese = document.documentElement.lang === "vi";
const fits = (field) => field.name && !["csrf_token", "version", "note_version"].includes(field.name) && ["TEXTAREA", "INPUT", "SELECT"].includes(field.tagName);
const fields = new Map([...(form?.elements ?? [])].filter(fits).map((field) => [field.name, field.type === "radio" ? choices(field) : field]));
const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
const numberOf = (text) => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));
const shown = (name, value) => (name.startsWith("score-") && vietnamese ? String(value).replace(".", ",") : value);
const inWords = (name, value) => [...(fields.get(name)?.options ?? [])].find((one) => one.value === value && value)?.textContent ?? shown(name, value);
const initial = (field) => (field.options ? [...field.options].find((one) => one.defaultSelected)?.value ?? "" : field.defaultValue);
let timer = 0;
let failures = 0;
let bypass = false;

// The round buttons of one name are one field, whose value is that of the chosen one.
function choices({ name }) {
  const list = [...form.querySelectorAll(`input[name="${CSS.escape(name)}"]`)];
  const [first] = list;
  return {
    name, id: first.id, tagName: "INPUT", dataset: first.dataset,
    get value() { return list.find((one) => one.checked)?.value ?? ""; },
    set value(text) { for (const one of list) one.checked = equal(name, one.value, text); },
    get defaultValue() { return list.find((one) => one.defaultChecked)?.value ?? ""; },
    closest: (wanted) => first.closest(wanted),
    focus: () => first.focus(),
    dispatchEvent: (event) => first.dispatchEvent(event),
    setAttribute: (key, value) => first.setAttribute(key, value),
    removeAttribute: (key) => first.removeAttribute(key),
  };
}

function say(text, tone = "", more = []) {
  if (!state) return;
  state.className = `save-state${tone ? ` save-state-${tone}` : ""}`;
  state.replaceChildren(text, ...more);
}

function labelOf(field) {
  const criterion = field.closest("[data-criterion]")?.querySelector(".criterion-label")?.textContent.trim();
  const own = document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.firstChild?.textContent.trim() ?? field.name;
  return criterion && criterion !== own ? `${criterion}: ${own}` : own;
}

// The running total: Σ weight × score ÷ max over the scores given so far, as the server reckons it; and how many stand.
function total() {
  let sum = 0;
  let done = 0;
  const inputs = form.querySelectorAll(".score-number");
  for (const input of inputs) {
    const value = numberOf(input.value);
    const { least, most } = input.dataset;
    if (Number.isNaN(value) || value < Number(least) || value > Number(most)) continue;
    done += 1;
    sum += (Number(input.closest("[data-criterion]").dataset.weight) * value) / Number(most);
  }
  const rounded = Math.round((sum + Number.EPSILON) * 100) / 100;
  if (out) out.textContent = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(rounded);
  if (counted) counted.textContent = `${done}/${inputs.length}`;
}

function fill(name, value) {
  const field = fields.get(name);
  if (!field || equal(name, field.value, value)) return;
  field.value = shown(name, value);
  field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "told" }));
}

// What the page itself says stands on the server; a kept copy may be older than what this browser knows.
function begin() {
  const told = read(sheet)?.known;
  const page = { version: Number(form.elements.version?.value ?? -1), noteVersion: Number(form.elements.note_version?.value ?? 0) };
  const values = { ...told?.values };
  for (const [name, field] of fields) {
    const isOlder = told && (name === "note" ? told.noteVersion > page.noteVersion : told.version > page.version);
    if (!isOlder) values[name] = initial(field);
  }
  const known = { values, version: Math.max(page.version, told?.version ?? 0), noteVersion: Math.max(page.noteVersion, told?.noteVersion ?? 0) };
  const record = "asTyped" in form.dataset ? asTyped(told ?? { ...known, values: {} }) : learn(sheet, known);
  draw(record);
  wrong(refusals(record));
}

// What the server will not take of what still stands in the fields: by field, its sentence.
function refusals(record) {
  return Object.fromEntries(Object.entries(record.why ?? {}).filter(([name]) => record.refused[name] === record.typed[name]));
}

// A page that came back with what was typed (something was wrong with it): the fields are typed text, not what stands.
function asTyped(known) {
  learn(sheet, { ...known, version: Number(form.elements.version?.value ?? known.version) });
  for (const [name, field] of fields) if (!equal(name, field.value, known.values[name] ?? "")) type(sheet, name, field.value, labelOf(field));
  return read(sheet);
}

function draw(record) {
  if (form.elements.version) form.elements.version.value = Math.max(0, record.known.version);
  if (form.elements.note_version) form.elements.note_version.value = record.known.noteVersion;
  for (const [name, field] of fields) {
    if (name in record.typed) fill(name, record.typed[name]);
    else if (name in record.known.values && field !== document.activeElement) fill(name, record.known.values[name]);
    clash(name, field, record.clash[name]);
  }
  unsent(record);
  if (form.querySelector(".score-number")) total();
}

function clash(name, field, theirs) {
  const place = field.closest(".field, .criterion");
  const old = place.querySelector(`[data-clash="${CSS.escape(name)}"]`);
  if (theirs === undefined) { old?.remove(); return; }
  if (old) { old.querySelector("[data-clash-theirs]").textContent = inWords(name, theirs) || "–"; return; }
  const box = document.getElementById("sheet-clash").content.firstElementChild.cloneNode(true);
  box.dataset.clash = name;
  box.querySelector("[data-clash-theirs]").textContent = inWords(name, theirs) || "–";
  if (field.tagName !== "TEXTAREA") box.querySelector("[data-choice=join]").remove();
  box.addEventListener("click", (event) => {
    const choice = event.target.closest("button")?.dataset.choice;
    if (!choice) return;
    if (choice === "theirs") field.value = shown(name, theirs);
    if (choice === "join") field.value = `${field.value}\n\n${theirs}`.trim();
    choose(sheet, name, field.value);
    box.remove();
    field.focus();
    field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "told" }));
    send();
  });
  place.append(box);
}

// Text that has no field on this page any more (the sheet is in, or the time is over), and cannot be sent.
function unsent(record) {
  if (!left) return;
  const lost = Object.keys(record.typed).filter((name) => !fields.has(name) || (record.closed && name !== "note"));
  left.hidden = !lost.length;
  left.querySelector("[data-unsent-list]").replaceChildren(...lost.map((name) => {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("b"), { textContent: record.labels[name] ?? name }), ` ${record.said?.[name] ?? inWords(name, record.typed[name])}`);
    return line;
  }));
}

function wrong(sentences) {
  for (const [name, field] of fields) {
    const place = field.closest(".field, .criterion");
    place.querySelector(`[data-error="${CSS.escape(name)}"]`)?.remove();
    const sentence = sentences[name];
    if (!sentence) { if (field.dataset.told) { field.removeAttribute("aria-invalid"); delete field.dataset.told; } continue; }
    field.setAttribute("aria-invalid", "true");
    field.dataset.told = "yes";
    const line = Object.assign(document.createElement("p"), { className: "error", textContent: sentence });
    line.dataset.error = name;
    const row = field.closest(".score-row");
    if (row) row.after(line);
    else place.append(line);
  }
}

const link = () => Object.assign(document.createElement("a"), { className: "button button-small", href: document.querySelector('meta[name="sign-in"]')?.content ?? "/sign-in", target: "_blank", rel: "noopener", textContent: texts.textSignIn });

async function send() {
  clearTimeout(timer);
  if (waits(read(sheet) ?? { typed: {} }) && navigator.onLine && !failures) say(texts.textSaving);
  const slow = setTimeout(() => { if (waits(read(sheet) ?? { typed: {} })) say(texts.textOffline, "warn"); }, SLOW);
  let at = "";
  const reason = await flush((number, record, answer) => {
    if (number !== sheet) return;
    draw(record);
    if (answer.saved_at) at = answer.saved_at;
    wrong(refusals(record)); // of all fields: a later answer says nothing of what was refused before
  });
  clearTimeout(slow);
  const record = read(sheet);
  const waiting = record ? Object.keys(record.typed) : [];
  failures = reason === "away" ? failures + 1 : 0;
  if (reason === "away") { say(texts.textOffline, "warn"); timer = setTimeout(send, Math.min(30000, 2000 * 2 ** failures)); }
  else if (reason === "session") say(`${texts.textSession} `, "warn", [link()]);
  else if (waiting.some((name) => record.clash[name] !== undefined)) say(texts.textConflict, "warn");
  else if (record?.closed && waiting.length) say(`${record.closed} ${texts.textKept}`, "warn");
  else if (waiting.some((name) => record.refused[name] === record.typed[name])) say(texts.textRefused.replace("{reason}", Object.values(refusals(record))[0] ?? ""), "warn");
  else if (waiting.length) timer = setTimeout(send, WAIT);
  else if (at) say(texts.textSaved.replace("{time}", at), "good");
  return reason;
}

// What a list says of its choice: its number says nothing to anybody once the list is gone.
const inOption = (field) => (field.options && field.value ? inWords(field.name, field.value) : "");

// An entry stands at one place: where it is chosen for a second one, the two places change their entries.
function swap(field) {
  const record = read(sheet);
  const stood = (name) => record?.typed[name] ?? record?.known?.values[name] ?? "";
  const board = field.name.slice(0, field.name.lastIndexOf("-") + 1);
  const other = field.options && field.value && [...fields.values()].find((one) => one !== field && one.options && one.name.startsWith(board) && one.value === field.value);
  if (!other) return;
  other.value = stood(field.name);
  type(sheet, other.name, other.value, labelOf(other), inOption(other));
}

function touched(event) {
  if (event.detail === "told" || !fits(event.target)) return;
  swap(event.target);
  const kept = type(sheet, event.target.name, event.target.value, labelOf(event.target), inOption(event.target));
  clearTimeout(timer);
  if (!failures) say(kept ? texts.textUnsaved : texts.textNowhere);
  timer = setTimeout(send, failures ? 4000 : WAIT);
}

// Handing in needs the network; so does saving by hand. Both wait until everything typed has arrived.
async function leave(event) {
  if (bypass) return;
  event.preventDefault();
  const { submitter } = event;
  submitter?.setAttribute("aria-busy", "true");
  const reason = await send();
  submitter?.removeAttribute("aria-busy");
  if (reason === "away") { say(submitter?.name === "review" ? texts.textHandIn : texts.textOffline, "warn"); return; }
  if (reason === "session") return;
  const box = form.querySelector("[data-clash]");
  if (box) { box.scrollIntoView({ block: "center" }); box.querySelector("button").focus(); return; }
  bypass = true;
  form.requestSubmit(submitter);
  setTimeout(() => { bypass = false; }, 500);
}

if (form) {
  form.addEventListener("input", touched);
  if (form.querySelector(".score-number")) form.addEventListener("input", total);
  form.addEventListener("submit", leave);
  left?.querySelector("button").addEventListener("click", () => { drop(sheet); left.hidden = true; say(""); });
  window.addEventListener("online", () => { failures = 0; send(); });
  window.addEventListener("offline", () => { failures = 1; say(texts.textAlone, "warn"); });
  window.addEventListener("pagehide", () => { if (timer && navigator.onLine) send(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) send(); });
  document.addEventListener("visibilitychange", () => { send(); });
  begin();
  if (!navigator.onLine) say(texts.textAlone, "warn");
  if (all().some(([, record]) => waits(record))) send();
}
