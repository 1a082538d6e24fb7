// Wakes the small scripts whose hooks stand on the page; every page works without them.

const HOOKS = [
  ["form[data-autosave]", "autosave"],
  ["[data-countdown]", "countdown"],
  ["[data-counter]", "counter"],
  ["[data-dialog]", "dialog"],
  [".file-drop", "upload"],
  ["[data-ranked]", "ranked"],
  ["[data-criterion]", "scoring"],
  ["[data-copy]", "copy"],
];
const awake = new WeakSet();

function themeSwitches(root) {
  for (const button of root.querySelectorAll("[data-theme-switch]")) {
    if (awake.has(button)) continue;
    awake.add(button);
    const dark = () => document.documentElement.dataset.theme === "dark";
    const show = () => {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(dark()));
      button.querySelector("span").textContent = dark() ? button.dataset.textLight : button.dataset.textDark;
    };
    button.addEventListener("click", () => {
      document.dispatchEvent(new CustomEvent("theme:choose", { detail: dark() ? "light" : "dark" }));
    });
    new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    show();
  }
}

function menus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function sendOnce() {
  // A second press of the same button sends nothing; the page coming back from the cache is free again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.formMethod === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-busy");
    }, 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

// Nothing of a person stays on the device after signing out, and nothing of one person when another signs in.
async function emptyShelves(but) {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("desk:") && !name.startsWith(`desk:${but}:`)) await caches.delete(name);
}

function hasUnsent() {
  return Object.keys(localStorage).some((key) => key.startsWith(`desk:${document.body.dataset.person}:`)
    && !/"typed":\{\}/.test(localStorage.getItem(key)));
}

function forgetOnSignOut() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-forget-drafts]") || form.dataset.forgotten) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      if (hasUnsent() && !confirm(form.dataset.textUnsent)) return;
      for (const key of Object.keys(localStorage)) if (/^(draft|desk):|^desk-person$/.test(key)) localStorage.removeItem(key);
      await emptyShelves();
    } catch (error) { /* the browser keeps nothing */ }
    form.dataset.forgotten = "yes";
    form.requestSubmit();
  }, true);
}

async function forgetOthers() {
  const { person } = document.body.dataset;
  try {
    const before = localStorage.getItem("desk-person");
    if (!person || !before || before === person) return;
    localStorage.setItem("desk-person", person);
    await emptyShelves(person);
  } catch (error) { /* the browser keeps nothing */ }
}

async function wake(root) {
  themeSwitches(root);
  root.querySelector("[data-focus]")?.focus();
  for (const [selector, name] of HOOKS) {
    const found = [...root.querySelectorAll(selector)].filter((element) => !awake.has(element));
    if (!found.length) continue;
    const { start } = await import(`./${name}.js`);
    for (const element of found) {
      if (awake.has(element)) continue;
      awake.add(element);
      start(element);
    }
  }
}

/* On a phone a row of tabs scrolls sideways: bring the current one into view, without moving the page. */
function showCurrentTab() {
  for (const tab of document.querySelectorAll(".tabs a[aria-current='page']")) {
    const row = tab.closest(".tabs");
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}

document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  const request = event.detail?.ctx?.request;
  if (token && request) request.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:after:swap", () => wake(document));
menus();
sendOnce();
forgetOnSignOut();
forgetOthers();
showCurrentTab();
wake(document);
