// Whether this page may still send: its token is renewed where somebody has signed in again, here or in another tab.

export async function renewed() {
  const person = document.body.dataset.person ?? "";
  const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response) return "away";
  const fresh = response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  const token = fresh?.querySelector('meta[name="csrf-token"]')?.content;
  if (!token || (fresh.body.dataset.person ?? "") !== person) return "signed-out";
  const old = document.querySelector('meta[name="csrf-token"]')?.content;
  for (const control of document.querySelectorAll('[name="csrf_token"]')) control.value = token;
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  return token === old ? "same" : "renewed";
}

export function signInLink(text) {
  const href = document.querySelector('meta[name="sign-in"]')?.content ?? "/sign-in";
  return Object.assign(document.createElement("a"), { className: "button button-small", href, target: "_blank", rel: "noopener", textContent: text });
}
