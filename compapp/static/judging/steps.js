// A presenter's remote or the keyboard presses the buttons of the award order: [data-keys] names the keys of a form. One
// press is one step, however long the key is held; a second one waits for the page that answers the first.

let pressed = false;

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select, summary")) return;
  const form = [...document.querySelectorAll("form[data-keys]")].find((one) => one.dataset.keys.split(" ").includes(event.key));
  if (!form) return;
  event.preventDefault();
  if (pressed) return;
  pressed = true;
  form.requestSubmit(form.querySelector("button"));
});

// A page that comes back from the browser's memory takes keys again.
window.addEventListener("pageshow", () => { pressed = false; });
