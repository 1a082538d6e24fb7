// The desk: sends what waits on this device, says where something waits, and keeps the packets for reading offline.

import { all, drop, flush, waits } from "./queue.js";
import { keep, register, supported, want, wanted } from "./packets.js";

const panel = document.querySelector("[data-desk]");
const texts = panel.dataset;
const said = panel.querySelector("[data-desk-said]");
const state = document.querySelector("[data-desk-state]");
const choice = panel.querySelector("[data-desk-choice]");
const strays = document.querySelector("[data-desk-strays]");
const open = [...document.querySelectorAll("[data-packet]")].map((row) => row.dataset.packet);
const piles = [...document.querySelectorAll("[data-pile]")].map((row) => row.dataset.pile);
let failures = 0;

function show(reason = "") {
  const waiting = all().filter(([, record]) => waits(record));
  for (const mark of document.querySelectorAll("[data-waiting]")) {
    const record = waiting.find(([sheet]) => sheet === mark.dataset.waiting)?.[1];
    mark.hidden = !record;
    if (record) mark.textContent = record.closed ? texts.textClosed : Object.keys(record.clash).length ? texts.textClash : texts.textWaiting;
  }
  state.hidden = !waiting.length && reason !== "session";
  state.replaceChildren();
  const counted = texts.textUnsent.replace("{count}", waiting.length);
  if (reason === "session") state.append(`${waiting.length ? `${counted} ` : ""}${texts.textSession} `, Object.assign(document.createElement("a"), { href: texts.signIn, textContent: texts.textSignIn }));
  else state.append(reason === "away" ? `${counted} ${texts.textAway}` : counted);
  showStrays(waiting.filter(([sheet]) => !document.querySelector(`[data-waiting="${CSS.escape(sheet)}"]`)));
}

// Text typed on a sheet that is no longer on this desk: it cannot be sent, but it is not thrown away unasked.
function showStrays(found) {
  strays.hidden = !found.length;
  strays.querySelectorAll("section").forEach((one) => one.remove());
  for (const [sheet, record] of found) {
    const box = document.createElement("section");
    for (const [name, text] of Object.entries(record.typed)) {
      const line = document.createElement("p");
      line.append(Object.assign(document.createElement("b"), { textContent: record.labels[name] ?? name }), ` ${record.said?.[name] ?? text}`);
      box.append(line);
    }
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: texts.textDiscard });
    button.addEventListener("click", () => { drop(sheet); show(); });
    box.append(button);
    strays.append(box);
  }
}

async function send() {
  const reason = await flush(() => show());
  show(reason);
  failures = reason === "away" ? failures + 1 : 0;
  if (failures) setTimeout(send, Math.min(30000, 2000 * 2 ** failures));
}

async function packets() {
  if (!supported) return;
  choice.hidden = false;
  choice.textContent = wanted() ? texts.textStop : texts.textKeep;
  if (!wanted()) { said.textContent = texts.textNotKept; return; }
  if (!open.length && !piles.length) choice.hidden = true;
  await register().catch(() => null);
  const tell = (done, count, full) => {
    if (!count) return;
    const words = full ? texts.textFull : done < count ? texts.textKeeping : texts.textKept;
    said.textContent = words.replace("{done}", done).replace("{all}", count);
  };
  if (!navigator.onLine) { said.textContent = texts.textOffline; return; }
  tell(0, open.length, false);
  await keep(open, piles, tell);
  panel.dataset.ready = "yes";
}

choice.addEventListener("click", async () => { await want(!wanted()); packets(); });
window.addEventListener("online", () => { failures = 0; send(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
show();
send().then(packets);
