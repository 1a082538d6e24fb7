// Keeps what a judge has to read on this device: the desk, each open sheet with its entry, its files, and the scripts
// and styles they need. One shelf for a person and a release; other shelves are emptied. Nothing is kept that the
// judge could not open a moment ago, and it all goes at sign-out, or when the judge does not want it here.

import { person } from "./queue.js";
import { drawer, shown } from "./reader.js";

const FRESH = 15 * 60 * 1000;
const CHOICE = `desk-keep:${person}`;
const parts = ["../js/app.js", "../js/scoring.js", "../js/countdown.js", "../js/dialog.js", "../js/counter.js", "./queue.js", "./packets.js", "./sheet.js", "./keys.js", "./desk.js", "./pairs.js", "./reader.js", ...(shown ? [] : drawer)]
  .map((path) => new URL(path, import.meta.url).pathname);

export const supported = "caches" in window && "serviceWorker" in navigator && Boolean(person);

export function wanted() {
  try { return localStorage.getItem(CHOICE) !== "no"; } catch (error) { return false; }
}

export async function want(yes) {
  try { localStorage.setItem(CHOICE, yes ? "yes" : "no"); } catch (error) { /* asked again next time */ }
  if (!yes) await empty();
}

export async function empty(but = "") {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("desk:") && name !== but) await caches.delete(name);
}

// The release is told by the addresses of scripts and styles, which change with their content.
function shelfName() {
  const marks = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src).join(" ");
  let sum = 7;
  for (const letter of marks) sum = (sum * 31 + letter.charCodeAt(0)) % 2147483647;
  return `desk:${person}:${sum.toString(36)}`;
}

async function put(shelf, address, response) {
  const headers = new Headers(response.headers);
  headers.delete("Accept-Ranges");
  await shelf.put(address, new Response(await response.blob(), { status: 200, headers }));
}

async function fetched(address) {
  const response = await fetch(address, { headers: { Accept: "text/html,*/*" } });
  if (response.redirected || !response.ok) return null;
  return response;
}

async function keepParts(shelf, page) {
  const found = new Set(parts);
  for (const one of page.querySelectorAll("link[rel=stylesheet], script[src], link[rel~=icon], link[rel=manifest]")) found.add(one.getAttribute("href") ?? one.getAttribute("src"));
  for (const one of performance.getEntriesByType("resource")) if (new URL(one.name).pathname.startsWith("/static/")) found.add(one.name);
  for (const address of found) {
    if (await shelf.match(address, { ignoreVary: true })) continue;
    const response = await fetched(address).catch(() => null);
    if (response) await shelf.put(address, response);
  }
}

async function keepSheet(shelf, sheet) {
  const address = `/sheets/${sheet}`;
  const copy = await shelf.match(address, { ignoreVary: true });
  const age = copy ? Date.now() - Date.parse(copy.headers.get("Date") ?? 0) : Infinity;
  let text = "";
  if (copy && age < FRESH) text = await copy.text();
  else {
    const response = await fetched(address);
    if (!response) return false;
    text = await response.clone().text();
    await put(shelf, address, response);
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  await keepParts(shelf, page);
  for (const link of page.querySelectorAll("[data-packet-file]")) {
    const file = link.getAttribute("href");
    if (navigator.connection?.saveData || (await shelf.match(file, { ignoreVary: true }))) continue;
    const response = await fetched(file);
    if (response) await put(shelf, file, response);
  }
  return true;
}

async function tidy(shelf, sheets, piles) {
  for (const request of await shelf.keys()) {
    const [, kind, number] = new URL(request.url).pathname.match(/^\/(sheets|desk\/rounds)\/(\d+)/) ?? [];
    if (number && !(kind === "sheets" ? sheets : piles).includes(number)) await shelf.delete(request);
  }
}

// The entry of a packet as it is kept on this device: its title, its line, and all that is shown of it; else nothing.
export async function keptEntry(sheet) {
  const name = "caches" in window && (await caches.keys()).find((one) => one.startsWith(`desk:${person}:`));
  const copy = name && (await (await caches.open(name)).match(`/sheets/${sheet}`, { ignoreVary: true }));
  if (!copy) return null;
  const page = new DOMParser().parseFromString(await copy.text(), "text/html");
  return { title: page.querySelector("main h1, h1"), line: page.querySelector(".page-header .lead, h1 + p"), body: page.getElementById("entry") };
}

// Keeps the packets of `sheets` and the pages of `piles`; `tell(done, all, full)` hears how far it is.
export async function keep(sheets, piles, tell) {
  const name = shelfName();
  await empty(name);
  const shelf = await caches.open(name);
  await navigator.storage?.persist?.().catch(() => false);
  let done = 0;
  try {
    await tidy(shelf, sheets, piles);
    await keepParts(shelf, document);
    const desk = await fetched("/desk");
    if (desk) await put(shelf, "/desk", desk);
    for (const pile of piles) {
      const response = await fetched(`/desk/rounds/${pile}`);
      if (response) await keepParts(shelf, new DOMParser().parseFromString(await response.clone().text(), "text/html"));
      if (response) await put(shelf, `/desk/rounds/${pile}`, response);
    }
    for (const sheet of sheets) {
      if (await keepSheet(shelf, sheet)) done += 1;
      tell(done, sheets.length, false);
    }
  } catch (error) {
    tell(done, sheets.length, error?.name === "QuotaExceededError");
  }
  return done;
}

export async function register() {
  for (const scope of ["/desk", "/sheets"]) await navigator.serviceWorker.register("/desk-worker.js", { scope });
}
