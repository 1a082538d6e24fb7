// form[data-draft="/address"]: the team's answers. Each change is kept on this device at once and sent a moment after;
// without network or session it stays kept and goes out by itself as soon as both are back, also days later. What team
// mates save meanwhile appears in the page; where both changed the same answer, both texts are shown and one chooses.
// Answers: 200 and 409 {"version", "fields": {question: {pairs, version, label, yours}}, "complete", "now", …}.

import { renewed, signInLink } from "./session.js";
import { controlsOf, fits, questionOf, read, same, shelf, words, write } from "./questions.js";

const IDLE = 800; // milliseconds without a key before a change is sent
const MOST = 3000; // and at the latest after so many, however long somebody types
const LOOK = 15000; // how often an open page asks what team mates saved
const KEEPALIVE = 60000; // bytes that a browser sends on while the page goes

function begin(form) {
  const state = form.querySelector("[data-save-state]");
  const texts = state.dataset;
  const person = document.body.dataset.person ?? "";
  const kept = shelf(`draft:${person}:${form.dataset.draftKey}`);
  const base = new Map(); // question -> what the server holds, as this page knows
  const changed = new Map(); // question -> since when
  const held = new Map(); // question -> the other text, until somebody chooses
  let timer = 0;
  let failures = 0;
  let sending = null;
  let stopped = ""; // "session" or "closed": nothing is sent until that is over
  let writing = false;
  let leaving = false;

  const placeOf = (question) => form.querySelector(`[data-question="${CSS.escape(question)}"]`);
  const clock = (at) => at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

  function say(text, tone = "", more = []) {
    state.className = `save-state${tone ? ` save-state-${tone}` : ""}`;
    if (state.textContent !== text || more.length) state.replaceChildren(text, ...more);
  }

  function put(question, pairs) {
    writing = true;
    write(form, question, pairs);
    writing = false;
  }

  // Keeping and sending ------------------------------------------------------------------------------

  function touch(question) {
    const pairs = read(form, question);
    kept.put(question, { pairs, base: base.get(question) ?? [], at: Date.now() });
    if (held.has(question)) return;
    if (!changed.has(question)) changed.set(question, Date.now());
    if (stopped) return;
    if (failures) return say(texts.textOffline, "warn");
    say(texts.textUnsaved);
    plan(Math.min(IDLE, Math.max(0, Math.min(...changed.values()) + MOST - Date.now())));
  }

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  // A small message goes on its way even when the page is left meanwhile (keepalive).
  async function post(questions) {
    const keepalive = JSON.stringify([...questions]).length < KEEPALIVE;
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("version", form.elements.version.value);
    for (const [question, pairs] of questions) {
      body.append("changed", question);
      pairs.forEach(([name, text]) => body.append(name, text));
    }
    try {
      const response = await fetch(form.dataset.draft, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
      const data = await response.json().catch(() => ({}));
      return { status: response.redirected ? 401 : response.status, data };
    } catch (error) {
      return { status: 0, data: {} };
    }
  }

  function send() {
    clearTimeout(timer);
    if (sending) return sending;
    const going = new Map([...changed.keys()].filter((one) => !held.has(one)).map((one) => [one, read(form, one)]));
    if (stopped || !going.size) return Promise.resolve(true);
    if (!failures) say(texts.textSaving);
    sending = post(going).then((answer) => {
      sending = null;
      return settle(answer, going);
    });
    return sending;
  }

  function settle({ status, data }, going) {
    if (status === 200) {
      failures = 0;
      for (const [question, pairs] of going) {
        if (same(read(form, question), pairs)) {
          changed.delete(question);
          if (!data.errors?.[question]) kept.drop(question);
        } else changed.set(question, Date.now());
        mark(question, data.errors?.[question]?.[0], data.warnings?.[question]);
      }
      take(data);
      const reason = Object.values(data.errors ?? {})[0]?.[0];
      if (changed.size) plan(IDLE);
      else if (reason) say(texts.textRefused.replace("{reason}", reason), "warn");
      else if (!held.size) say(texts.textSaved.replace("{time}", data.saved_at), "good");
      else say(texts.textConflict, "warn");
      if (form.dataset.asked && form.dataset.asked !== data.asked && !changed.size && !held.size) location.reload(); // another board asks other questions
      return !reason && !changed.size;
    }
    if (status === 409 && data.clashes) {
      take(data);
      for (const question of going.keys()) {
        const theirs = data.fields[question];
        if (theirs && data.clashes[question.slice(2)] !== undefined) clash(question, theirs.pairs);
      }
      say(texts.textConflict, "warn");
      return send().then(() => false);
    }
    if (status === 401 || status === 400) return refresh(status);
    if (status === 409) {
      stopped = "closed";
      say(`${data.error ?? ""} ${texts.textKept}`.trim(), "warn");
    } else if (status >= 403 && status < 500 && status !== 429 && status !== 408) {
      say(texts.textRefused.replace("{reason}", data.error ?? status), "warn");
    } else {
      failures += 1;
      say(texts.textOffline, "warn");
      plan(Math.min(15000, 1000 * 2 ** Math.min(failures, 4)));
    }
    return false;
  }

  // What the server tells ----------------------------------------------------------------------------

  function take(data) {
    if (data.version) form.elements.version.value = data.version;
    const others = [];
    for (const [question, told] of Object.entries(data.fields ?? {})) {
      if (told.yours) { base.set(question, told.pairs); continue; }
      const busy = changed.has(question) || held.has(question) || placeOf(question)?.contains(document.activeElement);
      if (busy && !same(told.pairs, read(form, question))) continue;
      if (!same(told.pairs, read(form, question))) { put(question, told.pairs); others.push(told.label); }
      base.set(question, told.pairs);
      form.elements.version.value += `;${question.slice(2)}=${told.version}`;
    }
    if (others.length) say(texts.textOther.replace("{fields}", others.join(", ")));
    const bar = document.querySelector("[data-complete]");
    if (bar && data.complete) {
      bar.querySelector("progress").value = data.complete.percent;
      bar.querySelector("[data-complete-percent]").textContent = `${data.complete.percent} %`;
      bar.querySelector("[data-complete-words]").textContent = data.complete.text;
    }
    if (data.now) document.dispatchEvent(new CustomEvent("server:time", { detail: { now: data.now } }));
    if (data.deadline && form.dataset.deadline && data.deadline !== form.dataset.deadline && !changed.size && !held.size) location.reload();
  }

  function mark(question, error, warning) {
    const place = placeOf(question);
    if (!place) return;
    place.querySelector(".error")?.remove();
    place.querySelector("[data-name-found]")?.remove();
    const first = controlsOf(form, question)[0];
    first?.toggleAttribute("aria-invalid", Boolean(error));
    if (error) {
      first?.setAttribute("aria-invalid", "true");
      place.append(Object.assign(document.createElement("p"), { className: "error", textContent: error }));
    }
    if (warning) {
      const note = Object.assign(document.createElement("p"), { className: "notice notice-warn", textContent: warning });
      note.dataset.nameFound = "";
      place.append(note);
    }
  }

  async function look() {
    if (document.visibilityState === "visible" && !sending && !stopped) {
      const address = `${form.dataset.state}?version=${encodeURIComponent(form.elements.version.value)}`;
      const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
      if (response?.ok && !response.redirected) {
        const data = await response.json().catch(() => ({}));
        const token = form.elements.version.value;
        if (!sending) take({ ...data, version: token });
        if (failures) send();
      } else if (response && (response.redirected || response.status === 401)) refresh(401);
    }
    setTimeout(look, LOOK);
  }

  // Two texts ----------------------------------------------------------------------------------------

  function clash(question, theirs, at = null) {
    const place = placeOf(question);
    if (!place) return;
    changed.delete(question);
    held.set(question, theirs);
    base.set(question, theirs);
    place.querySelector("[data-clash]")?.remove();
    const box = document.getElementById("clash").content.firstElementChild.cloneNode(true);
    box.querySelector("[data-clash-theirs]").textContent = words(form, question, theirs) || "–";
    if (at) box.querySelector("[data-clash-title]").textContent = texts.textDevice.replace("{time}", clock(new Date(at)));
    const field = controlsOf(form, question)[0];
    const joinable = field?.tagName === "TEXTAREA" && controlsOf(form, question).length === 1;
    if (!joinable) box.querySelector("[data-clash-join]").remove();
    box.addEventListener("click", (event) => {
      const choice = event.target.closest("button")?.dataset.choice;
      if (!choice) return;
      const mine = read(form, question);
      held.delete(question);
      box.remove();
      if (choice === "theirs") put(question, theirs);
      if (choice === "join") put(question, [[field.name, `${mine[0]?.[1] ?? ""}\n\n${theirs[0]?.[1] ?? ""}`.trim()]]);
      field?.focus();
      if (choice === "theirs") { kept.drop(question); if (!held.size) say(texts.textChosen, "good"); } else { touch(question); send(); }
    });
    place.append(box);
  }

  // The session ended, or its token changed: once somebody has signed in again (here or in another tab), go on.
  async function refresh(status) {
    const before = stopped;
    const found = await renewed();
    if (found === "away") { failures += 1; say(texts.textOffline, "warn"); plan(4000); return false; }
    if (found === "signed-out") {
      stopped = "session";
      say(texts.textSession, "warn", [signInLink(texts.textSignIn)]);
      return false;
    }
    stopped = "";
    if (found === "renewed" || before === "session") return send();
    say(texts.textRefused.replace("{reason}", status), "warn");
    return false;
  }

  // Coming back to the page --------------------------------------------------------------------------

  function comeBack() {
    const waiting = (form.dataset.unsaved ?? "").split(" ").filter(Boolean);
    let back = 0;
    for (const [question, item] of kept.all()) {
      const now = read(form, question);
      if (waiting.includes(question) || !controlsOf(form, question).length) continue;
      if (same(item.pairs, now)) { kept.drop(question); continue; }
      if (same(item.base, now)) {
        put(question, item.pairs);
        changed.set(question, item.at);
        back += 1;
      } else {
        put(question, item.pairs);
        clash(question, now, item.at);
      }
    }
    for (const question of waiting) kept.put(question, { pairs: read(form, question), base: [], at: Date.now() });
    if (held.size) say(texts.textConflict, "warn");
    if (!back) return;
    say(texts.textRestored);
    send().then((done) => { if (done) say(texts.textBack, "good"); });
  }

  form.addEventListener("input", (event) => { if (!writing && fits(event.target)) touch(questionOf(event.target.name)); });
  form.addEventListener("change", (event) => { if (!writing && fits(event.target) && event.target.matches("select, [type=checkbox], [type=radio]")) { touch(questionOf(event.target.name)); plan(100); } });

  function go() {
    leaving = true;
    setTimeout(() => { leaving = false; }, 8000);
    form.requestSubmit();
  }

  let shownClash = false;
  form.addEventListener("submit", async (event) => {
    if (leaving || form.dataset.unsaved) return;
    event.preventDefault();
    form.dataset.busy = "yes";
    if (held.size && shownClash) for (const question of [...held.keys()]) form.querySelector(`[data-question="${CSS.escape(question)}"] [data-choice="mine"]`)?.click();
    await sending;
    const done = await send();
    if (stopped) return go();
    if (held.size) {
      shownClash = true;
      form.querySelector("[data-clash]").scrollIntoView({ block: "center" });
      form.querySelector("[data-clash] button")?.focus();
    } else if (done && !changed.size) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "changed", value: "" }));
      go();
    } else form.querySelector(".error")?.scrollIntoView({ block: "center" });
    if (!leaving) delete form.dataset.busy;
  });

  window.addEventListener("pageshow", () => { leaving = false; delete form.dataset.busy; form.querySelector('[name="changed"]')?.remove(); });
  window.addEventListener("online", () => { failures = 0; send(); });
  window.addEventListener("offline", () => { failures = 1; say(changed.size ? texts.textOffline : texts.textAlone, "warn"); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
    else if (stopped === "session") refresh(401);
  });
  window.addEventListener("pagehide", send);

  for (const control of form.elements) if (control.name && fits(control)) base.set(questionOf(control.name), null);
  for (const question of base.keys()) base.set(question, read(form, question));
  comeBack();
  setTimeout(look, LOOK);
}

for (const form of document.querySelectorAll("form[data-draft]")) begin(form);
