// Keeps what the jury says of an entry up to date ([data-room]) while what is being typed below stays as it is. Who has
// left the room for the entry sees an empty page within seconds, and at once on coming back to it.

const EVERY = 6000;
const box = document.querySelector("[data-room]");
let asking = false;

function leave() {
  document.body.replaceChildren();
  location.reload();
}

function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-room]");
  if (!fresh || fresh.textContent === box.textContent || box.contains(document.activeElement)) return;
  const open = [...box.querySelectorAll("details[open] summary")].map((one) => one.textContent);
  box.replaceChildren(...fresh.childNodes);
  for (const one of box.querySelectorAll("details")) if (open.includes(one.querySelector("summary")?.textContent)) one.open = true;
}

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(EVERY) });
    if (answer.status === 403 || answer.status === 404) return leave();
    if (answer.ok) put(await answer.text());
  } catch {
    // Offline, or signed out: the next question follows anyway.
  }
  asking = false;
}

setInterval(() => { if (!document.hidden) ask(); }, EVERY);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
