// Runs before the page is drawn: sets the chosen or the machine's appearance, so that nothing flashes.
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem("theme"); } catch (error) { /* storage is closed: follow the machine */ }
  var machine = matchMedia("(prefers-color-scheme: dark)");
  function show() {
    document.documentElement.dataset.theme = chosen || (machine.matches ? "dark" : "light");
  }
  machine.addEventListener("change", show);
  window.addEventListener("storage", function (event) {
    if (event.key === "theme") { chosen = event.newValue; show(); }
  });
  document.addEventListener("theme:choose", function (event) {
    chosen = event.detail;
    try { localStorage.setItem("theme", chosen); } catch (error) { /* the choice holds for this page only */ }
    show();
  });
  show();
})();
