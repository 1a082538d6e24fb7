// <span data-countdown="2026-11-15T10:00:00+00:00" data-now="…"> keeps the server's sentence running by the server's clock.
// A script that hears from the server says so ("server:time"), so that a device whose clock is set anew shows no other time.

export function start(span) {
  const texts = span.dataset;
  let ahead = texts.now ? Date.parse(texts.now) - Date.now() : 0;
  const end = Date.parse(texts.countdown);
  let timer = 0;
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function show() {
    clearTimeout(timer);
    const left = Math.floor((end - Date.now() - ahead) / 1000);
    if (left <= 0) {
      span.textContent = texts.textOver;
      span.classList.remove("countdown-soon");
      return;
    }
    const hours = Math.floor(left / 3600);
    span.classList.toggle("countdown-soon", left < 86400);
    if (hours >= 48) span.textContent = fill(texts.textDays, { days: Math.floor(hours / 24), hours: hours % 24 });
    else if (hours >= 1) span.textContent = fill(texts.textHours, { hours, minutes: Math.floor((left % 3600) / 60) });
    else span.textContent = fill(texts.textMinutes, { minutes: Math.floor(left / 60), seconds: left % 60 });
    timer = setTimeout(show, hours >= 1 ? 20000 : 1000);
  }
  document.addEventListener("server:time", (event) => {
    ahead = Date.parse(event.detail.now) - Date.now();
    show();
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") show(); });
  show();
}
