// input[type=file][data-upload="/address"]: sends the chosen file at once and shows its progress.
// The answer is JSON: {"message": "…"} or {"error": "…"}; after success the input is emptied, so that the form
// does not carry the file a second time (with data-upload-reload the page shows itself anew); [data-upload-send], the
// button for browsers without scripts, goes. A .file-drop without data-upload only takes dropped files.

function send(input, file, box) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("span");
  const texts = box.dataset;
  const form = input.form;
  const body = new FormData();
  body.append("csrf_token", form?.querySelector('[name="csrf_token"]')?.value ?? "");
  body.append(input.name, file);
  const request = new XMLHttpRequest();
  request.open("POST", input.dataset.upload);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = Math.round((100 * event.loaded) / event.total);
    words.textContent = `${bar.value} %`;
  });
  const fail = (text) => { words.textContent = text; words.className = "error"; bar.hidden = true; };
  request.addEventListener("load", () => {
    const answer = request.response ?? {};
    if (request.status >= 200 && request.status < 300) {
      bar.value = 100;
      words.className = "strong";
      words.textContent = `${answer.message ?? texts.textDone} – ${file.name}`;
      input.value = "";
      input.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: answer }));
      if ("uploadReload" in input.dataset) location.reload();
    } else if (request.status === 401) fail(texts.textSession);
    else if (request.status === 413) fail(answer.error ?? texts.textLarge);
    else fail(answer.error ?? texts.textFailed);
  });
  request.addEventListener("error", () => fail(texts.textFailed));
  request.addEventListener("timeout", () => fail(texts.textFailed));
  box.hidden = false;
  bar.hidden = false;
  bar.value = 0;
  words.className = "figures";
  words.textContent = "0 %";
  request.send(body);
}

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
  if (element.matches(".file-drop")) {
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
    return;
  }
  const box = element.closest(".file-drop").querySelector("[data-upload-state]");
  const fallback = element.form?.querySelector("[data-upload-send]");
  if (fallback) fallback.hidden = true;
  element.addEventListener("change", () => {
    if (element.files.length) send(element, element.files[0], box);
  });
}
