// Keeps a part of a page up to date ([data-live]) and its clock running by the server's moments. Asks again and again
// with the mark of what it has; a lost connection is said, and stops no clock.

const LATE = 8000;

function live(box) {
  const every = Number(box.dataset.liveEvery) || 3000;
  let tag = "";
  let heard = performance.now();
  let shown = heard;
  let ended = false;
  let pressed = null;

  const lost = Object.assign(document.createElement("p"), { className: "live-lost", textContent: box.dataset.textLost, hidden: true });
  lost.setAttribute("role", "status");
  box.after(lost);

  function tick() {
    const clock = box.querySelector("[data-clock]");
    if (clock) {
      const { total, elapsed, soon, running } = clock.dataset;
      const run = Number(elapsed) + (running === undefined ? 0 : (performance.now() - shown) / 1000);
      const left = Number(total) - Math.floor(run);
      const [minutes, seconds] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
      const text = `${left < 0 ? "+" : ""}${minutes}:${String(seconds).padStart(2, "0")}`;
      if (clock.textContent !== text) clock.textContent = text;
      const tone = left <= 0 ? "over" : left <= Number(soon) ? "soon" : "calm";
      clock.className = clock.className.replace(/\btone-\w+/, `tone-${tone}`);
      const show = clock.closest("[data-show]");
      if (show && show.dataset.tone !== tone) show.dataset.tone = tone;
      const bar = box.querySelector("[data-bar]");
      if (bar) bar.value = Math.max(0, Number(total) - run);
    }
    lost.hidden = !pressed && performance.now() - heard < LATE;
  }

  // Pressed without a network: the page stays, and the newest press is sent once the server answers again, unless
  // somebody else has acted in between (then its button is gone).
  box.addEventListener("submit", (event) => {
    if (navigator.onLine && performance.now() - heard < LATE) return;
    event.preventDefault();
    pressed?.button?.removeAttribute("aria-busy");
    pressed = { form: event.target, button: event.submitter };
    pressed.button?.setAttribute("aria-busy", "true");
    tick();
  });

  function send() {
    const one = pressed;
    pressed = null;
    if (box.contains(one.form)) one.form.requestSubmit(one.button);
  }

  function put(html, took) {
    const focus = document.activeElement;
    const kept = box.contains(focus) && focus.name ? `[name="${CSS.escape(focus.name)}"][value="${CSS.escape(focus.value)}"]` : "";
    const open = [...box.querySelectorAll("details[open] summary")].map((one) => one.textContent);
    box.innerHTML = html;
    box.hidden = false;
    for (const one of box.querySelectorAll("details")) if (open.includes(one.querySelector("summary")?.textContent)) one.open = true;
    if (kept) box.querySelector(kept)?.focus();
    shown = performance.now() - took / 2;
    tick();
  }

  async function ask() {
    const began = performance.now();
    try {
      const answer = await fetch(box.dataset.live, { cache: "no-store", redirect: "error", headers: tag ? { "If-None-Match": tag } : {}, signal: AbortSignal.timeout(LATE) });
      if (answer.status === 200) {
        const html = await answer.text();
        tag = answer.headers.get("ETag") ?? "";
        put(html, performance.now() - began);
      } else if (answer.status === 404 && box.dataset.textEnded) {
        ended = true;
        box.replaceChildren(Object.assign(document.createElement("p"), { className: "show show-title", textContent: box.dataset.textEnded }));
      }
      if (answer.status === 200 || answer.status === 304 || answer.status === 404) {
        heard = performance.now();
        if (pressed) send();
      }
    } catch {
      // Offline, or too slow: the next question follows anyway.
    }
    if (!ended) setTimeout(ask, document.hidden ? every * 5 : every);
  }

  // A page kept on the device may be hours old: what must be fresh stays hidden until the server has answered.
  const fresh = box.dataset.liveFresh !== undefined;
  box.hidden = fresh;
  setInterval(tick, 250);
  tick();
  setTimeout(ask, fresh ? 0 : every);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}

function wall(place) {
  const ahead = Date.parse(place.dataset.wall) - Date.now();
  const format = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hour12: false });
  const show = () => { place.textContent = format.format(new Date(Date.now() + ahead)); };
  show();
  setInterval(show, 5000);
}

function full(button) {
  if (!document.fullscreenEnabled) return;
  const go = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  let timer = 0;
  button.hidden = false;
  button.addEventListener("click", go);
  document.addEventListener("keydown", (event) => { if (event.key === "f" || event.key === "F") go(); });
  document.addEventListener("mousemove", () => {
    button.classList.add("awake");
    clearTimeout(timer);
    timer = setTimeout(() => button.classList.remove("awake"), 2500);
  });
  navigator.wakeLock?.request("screen").catch(() => null);
}

document.querySelectorAll("[data-live]").forEach(live);
document.querySelectorAll("[data-wall]").forEach(wall);
document.querySelectorAll("[data-full]").forEach(full);
