// The judge's pages without network: what desk.js put aside is shown when the network, or the server, does not answer.
//
// The network always comes first. A page that the judge may no longer see (403, 404) loses its copy at once. Only
// navigations are answered from copies; what scripts ask is never, so that nobody takes an old answer for a new one.

const PAGE = /^\/(desk(\/rounds\/\d+)?|sheets\/\d+(\/files\/\d+)?)$/;
const PATIENCE = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function shelf() {
  const name = (await caches.keys()).find((one) => one.startsWith("desk:"));
  return name ? caches.open(name) : null;
}

async function forget(path) {
  const kept = await shelf();
  if (!kept) return;
  for (const request of await kept.keys()) {
    const known = new URL(request.url).pathname;
    if (known === path || known.startsWith(`${path}/`)) await kept.delete(request);
  }
}

async function note(request, url, response) {
  if (response.status === 403 || response.status === 404 || response.status === 410) return forget(url.pathname);
  const kept = await shelf();
  if (!kept || !response.ok || response.redirected || url.search || url.pathname.includes("/files/")) return null;
  if (url.pathname === "/desk" || (await kept.match(url.pathname, { ignoreVary: true }))) await kept.put(url.pathname, response);
  return null;
}

async function page(event, url) {
  const kept = await shelf();
  const copy = kept && (await kept.match(event.request, { ignoreVary: true, ignoreSearch: !url.pathname.includes("/files/") }));
  const asked = fetch(event.request).then((response) => {
    if (copy && response.status >= 502 && response.status <= 504) return copy;
    event.waitUntil(note(event.request, url, response.clone()));
    return response;
  });
  if (!copy) return asked;
  const late = new Promise((done) => { setTimeout(() => done(copy), PATIENCE); });
  return Promise.race([asked.catch(() => copy), late]);
}

async function part(request, url) {
  const kept = await shelf();
  const copy = kept && (await kept.match(request, { ignoreVary: true }));
  if (copy && url.searchParams.has("v")) return copy;
  return fetch(request).catch((error) => { if (copy) return copy; throw error; });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request, url));
  else if (PAGE.test(url.pathname) && (request.mode === "navigate" || request.destination === "image")) event.respondWith(page(event, url));
});
