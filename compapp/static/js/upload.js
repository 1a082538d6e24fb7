// .file-drop around an input[type=file]: a button in the reader's language, and a place to drop a file on.

// A button in the reader's language instead of the browser's own; the input keeps the focus and the meaning.
function dress(input, texts) {
  const box = document.createElement("span");
  const button = document.createElement("label");
  const chosen = document.createElement("span");
  box.className = "file-choice";
  button.className = "button";
  button.htmlFor = input.id;
  button.textContent = texts.textChoose;
  chosen.className = "file-chosen soft";
  chosen.textContent = texts.textDrop;
  input.before(box);
  box.append(input, button, chosen);
  input.setAttribute("aria-labelledby", `${input.id}-label`);
  button.setAttribute("aria-hidden", "true");
  input.addEventListener("change", () => {
    const names = [...input.files].map((file) => file.name);
    chosen.textContent = names.join(", ") || texts.textDrop;
    chosen.classList.toggle("soft", !names.length);
  });
}

export function start(element) {
  const input = element.querySelector('input[type="file"]');
  if (!input) return;
  dress(input, element.dataset);
  const over = (on) => (event) => { event.preventDefault(); element.classList.toggle("file-drop-over", on); };
  element.addEventListener("dragover", over(true));
  element.addEventListener("dragleave", over(false));
  element.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
