// The file beside the sheet. A browser with a mouse shows PDF itself: the first file stands open where there is room for
// both. Phones and tablets show nothing in a page, or the first leaf alone: there the pages are drawn here, from the copy
// that is kept on this device if there is one. Scripts, forms and links of a file are never looked at.

export const drawer = ["../vendor/pdf.min.js", "../vendor/pdf.worker.min.js"].map((path) => new URL(path, import.meta.url).href);
export const shown = navigator.pdfViewerEnabled !== false && matchMedia("(pointer: fine)").matches;

const WIDEST = 1600;
const readers = [...document.querySelectorAll(".sheet-reader")];

async function content(address) {
  const kept = "caches" in window && (await caches.match(address, { ignoreVary: true }));
  const answer = kept || (await fetch(address));
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.arrayBuffer();
}

async function draw(file, canvas) {
  const page = await file.getPage(Number(canvas.dataset.page));
  const width = Math.min(WIDEST, canvas.clientWidth * Math.max(2, devicePixelRatio));
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  canvas.style.aspectRatio = `${viewport.width} / ${viewport.height}`;
  Object.assign(canvas, { width: viewport.width, height: viewport.height });
  await page.render({ canvasContext: canvas.getContext("2d"), viewport }).promise;
  canvas.dataset.drawn = "";
}

// Pages come when they are near and go when they are far: a phone has no room for forty of them.
function watch(file, fold) {
  const root = fold.querySelector(".sheet-pages");
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting && target.dataset.drawn === undefined) draw(file, target).catch(() => failed(fold));
      else if (!isIntersecting && target.dataset.drawn !== undefined) {
        delete target.dataset.drawn;
        target.width = 0;
      }
    }
  }, { root, rootMargin: "100%" });
  for (const canvas of root.children) near.observe(canvas);
}

function failed(fold) {
  fold.querySelector(".sheet-pages").textContent = fold.dataset.textFailed;
}

async function open(fold, address) {
  const { getDocument, GlobalWorkerOptions } = await import(drawer[0]);
  GlobalWorkerOptions.workerSrc = drawer[1];
  const file = await getDocument({ data: await content(address), isEvalSupported: false, enableXfa: false }).promise;
  const leaf = (await file.getPage(1)).getViewport({ scale: 1 });
  const pages = fold.querySelector(".sheet-pages");
  pages.replaceChildren(...Array.from({ length: file.numPages }, (_, index) => {
    const canvas = document.createElement("canvas");
    canvas.dataset.page = index + 1;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", fold.dataset.textPage.replace("{page}", index + 1).replace("{pages}", file.numPages));
    canvas.style.aspectRatio = `${leaf.width} / ${leaf.height}`;
    return canvas;
  }));
  watch(file, fold);
}

function drawHere(fold, frame) {
  const address = frame.getAttribute("src").split("#")[0];
  const pages = document.createElement("div");
  pages.className = "sheet-pages";
  pages.textContent = "…";
  pages.tabIndex = 0;
  pages.setAttribute("role", "group");
  pages.setAttribute("aria-label", frame.title);
  frame.replaceWith(pages);
  fold.addEventListener("toggle", () => open(fold, address).catch(() => failed(fold)), { once: true });
}

if (shown) {
  if (readers[0] && document.querySelector("form[data-sheet]") && matchMedia("(min-width: 64em)").matches) readers[0].open = true;
} else {
  for (const fold of readers) {
    const frame = fold.querySelector("iframe");
    if (frame) drawHere(fold, frame);
  }
}
