// form[data-autosave="/address"]: sends changed fields a moment after typing, says when they were saved, and keeps
// unsaved text on this device. The answer to the POST is JSON:
//   200 {"version": 8, "saved_at": "10:32", "errors": {"field": "sentence"}?}   409 {"error": …}   401 {"error": …}
// Fields marked data-no-autosave, files and passwords are left alone.

const WAIT = 900;

export function start(form) {
  const state = form.querySelector("[data-save-state]") ?? document.querySelector("[data-save-state]");
  const texts = state?.dataset ?? {};
  const person = document.body.dataset.person ?? "";
  const key = `draft:${person}:${form.dataset.draftKey || location.pathname}`;
  const changed = new Set();
  let timer = 0;
  let sending = false;
  let halted = false;
  let signedOut = false;
  let leaving = false;
  let waiting = null;

  const fits = (field) => field.name && field.name !== "csrf_token" && field.name !== "version"
    && !["file", "password", "submit", "button"].includes(field.type) && !("noAutosave" in field.dataset);
  const clock = (at = new Date()) => at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

  function say(text, tone = "", more = []) {
    if (!state) return;
    state.className = `save-state${tone ? ` save-state-${tone}` : ""}`;
    state.textContent = text;
    state.append(...more);
  }

  function action(text, act) {
    const button = document.createElement(typeof act === "string" ? "a" : "button");
    button.className = "button button-small";
    button.textContent = text;
    if (typeof act === "string") Object.assign(button, { href: act, target: "_blank", rel: "noopener" });
    else { button.type = "button"; button.addEventListener("click", act); }
    return button;
  }

  function valuesOf(names) {
    const all = new FormData(form);
    return Object.fromEntries([...names].map((name) => [name, all.getAll(name).filter((value) => typeof value === "string")]));
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: form.elements.version?.value, fields: valuesOf(changed) }));
    } catch (error) { /* storage is full or closed: the page itself still holds the text */ }
  }

  function forget() {
    try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
  }

  async function send() {
    clearTimeout(timer);
    if (sending || halted || leaving || !changed.size) return;
    sending = true;
    const names = new Set(changed);
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    if (form.elements.version) body.append("version", form.elements.version.value);
    for (const [name, values] of Object.entries(valuesOf(names))) {
      body.append("changed", name);
      values.forEach((value) => body.append(name, value));
    }
    changed.clear();
    say(texts.textSaving);
    let answer = null;
    try {
      const response = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
      const data = await response.json().catch(() => ({}));
      answer = { status: response.ok && !response.redirected ? 200 : response.redirected ? 401 : response.status, data };
    } catch (error) {
      answer = { status: 0, data: {} };
    }
    sending = false;
    settle(answer, names);
    if (!waiting) return;
    const { submitter } = waiting;
    waiting = null;
    form.requestSubmit(submitter);
  }

  function settle({ status, data }, names) {
    if (status === 200) {
      if (form.elements.version && data.version !== undefined) form.elements.version.value = data.version;
      const reasons = Object.values(data.errors ?? {});
      if (reasons.length) say(texts.textRefused.replace("{reason}", reasons.flat()[0]), "warn");
      else say(texts.textSaved.replace("{time}", data.saved_at ?? clock()), "good");
      if (changed.size) { keep(); timer = setTimeout(send, WAIT); } else if (!reasons.length) forget();
      return;
    }
    names.forEach((name) => changed.add(name));
    keep();
    if (status === 401) {
      halted = true;
      signedOut = true;
      const signIn = document.querySelector('meta[name="sign-in"]')?.content ?? "/sign-in";
      say(texts.textSession, "warn", [action(texts.textSignIn, signIn)]);
    } else if (status === 409) {
      halted = true;
      say(data.error ?? texts.textConflict, "warn", [action(texts.textReload, () => location.reload())]);
    } else if (status >= 400 && status < 500 && status !== 429) {
      say(texts.textRefused.replace("{reason}", data.error ?? status), "warn");
    } else {
      say(texts.textOffline, "warn");
      timer = setTimeout(send, 8000);
    }
  }

  // After signing in again in another tab, this page takes the new token and goes on where it stopped.
  async function comeBack() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = fresh.querySelector('meta[name="csrf-token"]')?.content;
    if (!token || (fresh.body.dataset.person ?? "") !== person) return;
    for (const field of document.querySelectorAll('[name="csrf_token"]')) field.value = token;
    document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
    halted = signedOut = false;
    send();
  }

  function offerBack() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch (error) { /* unreadable: as if absent */ }
    if (!kept?.fields) return;
    const now = valuesOf(Object.keys(kept.fields));
    if (JSON.stringify(now) === JSON.stringify(kept.fields)) return forget();
    const at = new Date(kept.at);
    const time = `${clock(at)} ${at.toLocaleDateString(document.documentElement.lang)}`;
    say(texts.textFound.replace("{time}", time), "warn", [
      action(texts.textRestore, () => { restore(kept.fields); }),
      action(texts.textDiscard, () => { forget(); say(""); }),
    ]);
  }

  function restore(fields) {
    for (const [name, values] of Object.entries(fields)) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
        else field.value = values[0] ?? "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }

  function touched(event) {
    if (!fits(event.target)) return;
    changed.add(event.target.name);
    keep();
    if (halted) return;
    say(texts.textUnsaved);
    clearTimeout(timer);
    timer = setTimeout(send, event.type === "change" ? 150 : WAIT);
  }

  form.addEventListener("input", touched);
  form.addEventListener("change", (event) => { if (changed.has(event.target.name) || event.target.matches("select, [type=checkbox], [type=radio]")) touched(event); });
  // While a change is on its way the form waits for the answer: two writers of one version would refuse each other.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (changed.size) keep();
    if (sending) {
      event.preventDefault();
      waiting = { submitter: event.submitter };
      return;
    }
    leaving = true;
    setTimeout(() => { leaving = false; }, 8000);
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); else if (signedOut) comeBack(); });
  window.addEventListener("beforeunload", (event) => {
    if (changed.size && halted && !form.dataset.sent) event.preventDefault();
  });
  offerBack();
}
