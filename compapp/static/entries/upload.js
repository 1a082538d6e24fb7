// input[type=file][data-pieces="/address"]: sends the chosen file in pieces as soon as it is picked. Where the line
// breaks it goes on by itself from what has arrived; the same file picked again later (even after the page was closed)
// goes on, too. Without this script the form sends the file in one go.

import { renewed, signInLink } from "./session.js";

const LEAST = 64 * 1024;
const HASHED = 64 * 1024 * 1024; // larger files are not read into memory only to be hashed
const running = new Set();

const wait = (milliseconds) => new Promise((done) => {
  const timer = setTimeout(end, milliseconds);
  function end() { clearTimeout(timer); window.removeEventListener("online", end); done(); }
  window.addEventListener("online", end);
});

async function call(method, address, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "" };
  if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream";
  try {
    const response = await fetch(address, { method, body, headers });
    return { status: response.redirected ? 401 : response.status, data: await response.json().catch(() => ({})) };
  } catch (error) {
    return { status: 0, data: {} };
  }
}

class Sending {
  constructor(input, file) {
    this.input = input;
    this.file = file;
    this.box = input.closest(".file-drop").querySelector("[data-upload-state]");
    this.bar = this.box.querySelector("progress");
    this.words = this.box.querySelector("span");
    this.texts = this.box.dataset;
    this.offset = 0;
    this.piece = 128 * 1024;
  }

  say(text, tone = "figures", more = []) {
    this.words.className = tone;
    this.words.replaceChildren(text, ...more);
  }

  show() {
    const percent = Math.floor((100 * this.offset) / this.file.size);
    this.bar.value = percent;
    this.say(`${percent} %`);
  }

  fail(text) {
    this.bar.hidden = true;
    this.say(text, "error");
    this.input.value = "";
    return false;
  }

  // Asks until there is an answer that decides something; a broken line or a lost session only delays it.
  async ask(method, address, makeBody) {
    for (let failures = 0; ; failures += 1) {
      const answer = await call(method, address(), makeBody());
      if (answer.status === 401 || answer.status === 400) {
        const found = await renewed();
        if (found === "signed-out") this.say(this.texts.textSession, "error", [signInLink(this.texts.textSignIn)]);
        else if (found === "same") return answer;
        if (found !== "renewed") await wait(3000);
        continue;
      }
      if (answer.status && answer.status < 500 && answer.status !== 408) return answer;
      this.say(this.texts.textWaiting.replace("{percent}", `${Math.floor((100 * this.offset) / this.file.size)} %`), "error");
      this.piece = Math.max(LEAST, this.piece / 2);
      await wait(Math.min(15000, 1000 * 2 ** Math.min(failures, 4)));
    }
  }

  async run() {
    this.box.hidden = false;
    this.bar.hidden = false;
    const most = Number(this.input.dataset.mostBytes || 0);
    if (most && this.file.size > most) return this.fail(this.texts.textLarge);
    this.show();
    const about = () => {
      const body = new FormData();
      body.append("key", this.input.dataset.key);
      body.append("name", this.file.name);
      body.append("size", this.file.size);
      body.append("mark", `${this.file.lastModified}:${this.file.name}`.slice(-64));
      return body;
    };
    const begun = await this.ask("POST", () => this.input.dataset.pieces, about);
    if (begun.status >= 300) return this.fail(begun.data.error ?? this.texts.textFailed);
    const { address, piece: largest } = begun.data;
    this.offset = begun.data.offset;
    while (this.offset < this.file.size) {
      this.show();
      const since = performance.now();
      const answer = await this.ask("POST", () => `${address}?offset=${this.offset}`,
        () => this.file.slice(this.offset, this.offset + Math.min(this.piece, largest)));
      if (typeof answer.data.offset !== "number") return this.fail(answer.data.error ?? this.texts.textFailed);
      this.offset = answer.data.offset;
      if (performance.now() - since < 1000) this.piece = Math.min(largest, this.piece * 2);
    }
    this.show();
    this.say(this.texts.textLooking);
    const hash = await this.hash();
    const done = await this.ask("POST", () => `${address}/completion`, () => { const body = new FormData(); body.append("sha256", hash); return body; });
    if (done.status >= 300) return this.fail(done.data.error ?? this.texts.textFailed);
    this.say(`${done.data.message} – ${this.file.name}`, "strong");
    this.input.value = "";
    return true;
  }

  async hash() {
    if (!crypto.subtle || this.file.size > HASHED) return "";
    const digest = await crypto.subtle.digest("SHA-256", await this.file.arrayBuffer()).catch(() => null);
    return digest ? [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("") : "";
  }
}

function start(input) {
  const fallback = input.form?.querySelector("[data-upload-send]");
  if (fallback) fallback.hidden = true;
  input.addEventListener("change", async () => {
    if (!input.files.length || running.has(input)) return;
    running.add(input);
    const arrived = await new Sending(input, input.files[0]).run().catch(() => false);
    running.delete(input);
    if (arrived && !running.size) location.reload();
  });
}

window.addEventListener("beforeunload", (event) => { if (running.size) event.preventDefault(); });
for (const input of document.querySelectorAll("input[data-pieces]")) start(input);
