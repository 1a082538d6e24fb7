// What a judge has typed and the server has not got yet, by person and sheet (`round-…` where one page judges a whole
// round), in this browser until it has arrived.
//
// A record under `desk:<person>:<sheet>` holds: `known` (version and values as the server last told), `typed` (what was
// changed since; `labels` and `said` are field and value in words), `base` (what stood where it was changed), `clash`
// (what somebody typed elsewhere at the same place), `refused` (values that the server will not take; `why`, in a
// sentence), `since` (when it began to wait), `closed` (why it cannot be sent).
// Sending goes sheet by sheet in the order of typing, one tab at a time. An answer that got lost does no harm: the
// next try finds its own words there already.

export const person = document.body.dataset.person ?? "";
const prefix = `desk:${person}:`;
const CALM = 3;
const PATIENCE = 20000; // then a server that does not answer counts as away; asking again later does no harm

export const same = (one, other) => plain(one) === plain(other);
const plain = (text) => String(text ?? "").normalize("NFC").replace(/\r\n/g, "\n").trim();
const isScore = (name) => name.startsWith("score-");
const decimal = (text) => plain(text).replace(",", ".");
export const equal = (name, one, other) => (isScore(name)
  ? decimal(one) === decimal(other) || (decimal(one) !== "" && decimal(other) !== "" && Number(decimal(one)) === Number(decimal(other)))
  : same(one, other));

const memory = new Map(); // where the browser keeps nothing (full, or closed to this site), the page itself does

export function read(sheet) {
  if (memory.has(sheet)) return structuredClone(memory.get(sheet));
  try { return JSON.parse(localStorage.getItem(prefix + sheet)); } catch (error) { return null; }
}

export function write(sheet, record) {
  try {
    localStorage.setItem(prefix + sheet, JSON.stringify(record));
    localStorage.setItem("desk-person", person);
    memory.delete(sheet);
    return true;
  } catch (error) {
    memory.set(sheet, structuredClone(record));
    return false;
  }
}

export function drop(sheet) {
  memory.delete(sheet);
  try { localStorage.removeItem(prefix + sheet); } catch (error) { /* nothing was kept */ }
}

export const fresh = () => ({ known: null, typed: {}, base: {}, clash: {}, refused: {}, why: {}, labels: {}, since: 0, closed: "" });

export function all() {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      const record = read(key.slice(prefix.length));
      if (record) found.push([key.slice(prefix.length), record]);
    }
  } catch (error) { /* the browser keeps nothing */ }
  for (const [sheet, record] of memory) if (!found.some(([one]) => one === sheet)) found.push([sheet, record]);
  return found.sort((one, other) => one[1].since - other[1].since);
}

export const waits = (record) => Object.keys(record.typed).length > 0;
const sendable = (record) => Object.keys(record.typed).filter((name) => record.clash[name] === undefined
  && !(record.refused[name] !== undefined && record.refused[name] === record.typed[name]) && !(record.closed && name !== "note"));

export function type(sheet, name, value, label, said = "") {
  const record = read(sheet) ?? fresh();
  if (!(name in record.typed)) record.base[name] = record.known?.values[name] ?? "";
  record.typed[name] = value;
  record.labels[name] = label;
  if (said) record.said = { ...record.said, [name]: said };
  record.since ||= Date.now();
  return write(sheet, record);
}

// What the server says of the sheet; typed text that it has already is done, text that stands on something newer clashes.
export function learn(sheet, known, closed = "") {
  const record = read(sheet) ?? fresh();
  record.known = known;
  record.closed = closed;
  for (const [name, mine] of Object.entries(record.typed)) {
    const theirs = known.values[name] ?? "";
    if (equal(name, theirs, mine)) settle(record, name);
    else if (equal(name, theirs, record.base[name])) delete record.clash[name];
    else record.clash[name] = theirs;
  }
  write(sheet, record);
  return record;
}

function settle(record, name) {
  for (const part of ["typed", "base", "clash", "refused", "why", "labels", "said"]) delete record[part]?.[name];
  if (!waits(record)) record.since = 0;
}

export function choose(sheet, name, value) {
  const record = read(sheet);
  if (!record) return;
  record.base[name] = record.clash[name] ?? record.known?.values[name] ?? "";
  delete record.clash[name];
  record.typed[name] = value;
  if (equal(name, value, record.base[name])) settle(record, name);
  write(sheet, record);
}

const address = (sheet) => (sheet.startsWith("round-") ? `/desk/rounds/${sheet.slice(6)}` : `/sheets/${sheet}`);

const flat = (current) => {
  if (current?.values) return { version: current.version, noteVersion: 0, values: current.values };
  const values = { comment: current?.comment ?? "", comment_to_jury: current?.comment_to_jury ?? "", note: current?.note ?? "" };
  for (const [code, text] of Object.entries(current?.scores ?? {})) values[`score-${code}`] = text;
  for (const [code, text] of Object.entries(current?.comments ?? {})) values[`comment-${code}`] = text;
  return { version: current?.version ?? 0, noteVersion: current?.note_version ?? 0, values };
};

let token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// Whether somebody has signed in again (here or in another tab); then the new token is taken.
async function renewed() {
  const response = await fetch("/desk", { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (!response || response.status >= 500) return "away";
  const page = response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  const found = page?.querySelector('meta[name="csrf-token"]')?.content;
  if (!found || (page.body.dataset.person ?? "") !== person) return "session";
  token = found;
  for (const control of document.querySelectorAll('[name="csrf_token"]')) control.value = found;
  return "";
}

async function post(sheet, fields) {
  const body = new FormData();
  body.append("csrf_token", token);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const small = JSON.stringify(fields).length < 40000;
  try {
    const response = await fetch(address(sheet), { method: "POST", body, keepalive: small, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    const data = await response.json().catch(() => ({}));
    return { status: response.redirected ? 401 : response.status, data };
  } catch (error) {
    return { status: 0, data: {} };
  }
}

// Sends one part of a record (the sheet, or the note). Returns "" when done, else why it stopped: "away", "session", "".
async function sendPart(sheet, isNote, tell) {
  for (let round = 0; round < CALM; round += 1) {
    const record = read(sheet);
    const names = record ? sendable(record).filter((name) => (name === "note") === isNote) : [];
    if (!names.length) return "";
    const sent = Object.fromEntries(names.map((name) => [name, record.typed[name]]));
    const version = isNote ? { note_version: record.known?.noteVersion ?? 0 } : { version: record.known?.version ?? 0 };
    const { status, data } = await post(sheet, { ...version, ...sent });
    if (status === 401 || status === 400) {
      const reason = round ? "session" : await renewed();
      if (reason) return reason;
    } else if (status === 409 && "current" in data) {
      const state = data.current?.state ?? "";
      tell(sheet, learn(sheet, flat(data.current), state && state !== "draft" ? data.error : ""), data);
    } else if (status === 0 || status === 408 || status === 429 || status >= 500) return "away";
    else took(sheet, sent, status, data, isNote, tell);
  }
  return "";
}

function refuse(record, name, value, { errors }) {
  record.refused[name] = value;
  record.why = { ...record.why, [name]: errors[name][0] };
}

function took(sheet, sent, status, data, isNote, tell) {
  const record = read(sheet) ?? fresh();
  if (status === 200) {
    record.known ??= { version: 0, noteVersion: 0, values: {} };
    if (isNote) record.known.noteVersion = data.note_version;
    else record.known.version = data.version;
    for (const [name, value] of Object.entries(sent)) {
      if (data.errors?.[name]) { refuse(record, name, value, data); continue; }
      record.known.values[name] = value;
      record.base[name] = value;
      if (record.typed[name] === value) settle(record, name);
    }
  } else if (status === 422) {
    for (const [name, value] of Object.entries(sent)) if (data.errors?.[name]) refuse(record, name, value, data);
    if (!Object.keys(sent).some((name) => data.errors?.[name])) record.closed = data.error ?? String(status);
  } else record.closed = data.error ?? String(status);
  write(sheet, record);
  tell(sheet, record, data);
}

async function everything(tell) {
  for (const [sheet, record] of all()) {
    if (!waits(record)) continue;
    for (const isNote of [false, true]) {
      const stopped = await sendPart(sheet, isNote, tell);
      if (stopped) return stopped;
    }
  }
  return "";
}

// Sends all that waits, oldest first. `tell(sheet, record, answer)` hears of each sheet. Returns "", "away" or "session".
export async function flush(tell = () => {}) {
  if (!navigator.onLine) return all().some(([, record]) => waits(record)) ? "away" : "";
  return navigator.locks ? navigator.locks.request("desk-send", () => everything(tell)) : everything(tell);
}
