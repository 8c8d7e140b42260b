// The document beside its rows: page images or text, what is boxed on them, and marking a passage.
// Offsets from the server count characters; a text with characters outside the basic plane needs `unit` and `point`.

import { all, one } from "./common.js";

const SVG = "http://www.w3.org/2000/svg";
const sheets = one("#sheets"), viewer = one("#viewer"), state = one("#viewer-state");
const readings = new Map(); // id -> {pages, layout, text}
let shown = null; // {id, mode, words: [[start, end, page, x0, y0, x1, y1]], node, units}
let boxes = { places: [], parts: [], chosen: [] };
let marking = null; // {anchor, caret}: indexes of words
let wantsText = false, width = 100;

export const isMarking = () => marking !== null;
export const marked = () => {
  const [from, to] = ends();
  return { reading: shown.id, start: shown.words[from][0], end: shown.words[to][1] };
};

async function fetched(id, what) {
  const kept = readings.get(id) ?? {};
  readings.set(id, kept);
  kept[what] ??= fetch(`/readings/${id}/${what}`).then((answer) => (what === "text" ? answer.text() : answer.json()));
  return kept[what];
}

export async function show(id, again = false) {
  const button = one(`.reading[data-reading="${id}"]`) ?? one(".reading");
  if (!button) return;
  id = button.dataset.reading;
  if (shown?.id === id && !again) return;
  all(".reading").forEach((other) => other.classList.toggle("chosen", other === button));
  const { pages, paged, note } = button.dataset;
  const mine = (shown = { id, mode: "none", words: [] });
  state.textContent = "";
  if (paged && !wantsText && (await showPages(id, Number(pages), paged))) return;
  if (shown !== mine) return;
  await showText(id);
  if (shown === mine) state.textContent = note ?? "";
}

// Shows the pages known beforehand at once, and those of the layout, no others, when it is there.
async function showPages(id, count, wait) {
  const mine = shown;
  sheets.replaceChildren(...Array.from({ length: count }, (_, index) => sheet(id, index + 1)));
  state.textContent = wait;
  const layout = await fetched(id, "layout");
  if (shown !== mine) return true;
  state.textContent = "";
  if (!layout.words.length) return false;
  const known = new Map(all("figure", sheets).map((figure) => [figure.dataset.page, figure]));
  const figures = layout.pages.map(([number]) => known.get(String(number)) ?? sheet(id, number));
  if (figures.length !== known.size || !figures.every((figure) => figure.parentNode)) sheets.replaceChildren(...figures);
  layout.pages.forEach(([, wide, high], index) => {
    one("svg", figures[index]).setAttribute("viewBox", `0 0 ${wide} ${high}`);
    one("img", figures[index]).setAttribute("height", Math.round((1000 * high) / wide));
  });
  Object.assign(shown, { mode: "pages", words: layout.words });
  draw(true);
  return true;
}

function sheet(id, number) {
  const figure = document.createElement("figure"), image = new Image(1000, 1414);
  figure.className = "sheet";
  figure.dataset.page = number;
  image.loading = "lazy";
  image.alt = "";
  image.src = `/readings/${id}/pages/${number}`;
  figure.append(image, document.createElementNS(SVG, "svg"));
  figure.style.width = `${width}%`;
  return figure;
}

async function showText(id) {
  const mine = shown, text = await fetched(id, "text");
  if (shown !== mine) return;
  const pre = document.createElement("pre");
  pre.textContent = text;
  pre.style.fontSize = `${width}%`;
  sheets.replaceChildren(pre);
  const units = unitsOf(text);
  const words = [...text.matchAll(/\S+/g)].map((found) => [units.point(found.index), units.point(found.index + found[0].length)]);
  Object.assign(shown, { mode: "text", words, node: pre.firstChild, units });
  draw(true);
}

function unitsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return { unit: (n) => n, point: (n) => n };
  const starts = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1) starts.push(at);
  starts.push(text.length);
  const points = new Map(starts.map((unit, point) => [unit, point]));
  return { unit: (n) => starts[Math.min(n, starts.length - 1)], point: (n) => points.get(n) ?? 0 };
}

export async function box(id, places, parts, chosen) {
  boxes = { places, parts, chosen };
  if (id !== "0" && shown?.id !== id) await show(id);
  else draw(true);
}

export const toggleText = () => {
  wantsText = !wantsText;
  if (shown) show(shown.id, true);
};
export const zoom = (factor) => {
  width = Math.max(50, Math.min(300, Math.round(width * factor)));
  all(".sheet").forEach((figure) => (figure.style.width = `${width}%`));
  all("#sheets pre").forEach((pre) => (pre.style.fontSize = `${width}%`));
};

// Drawing.
function draw(scroll = false) {
  if (!shown || shown.mode === "none") return;
  const marks = marking ? [[shown.words[ends()[0]][0], shown.words[ends()[1]][1]]] : [];
  const caret = marking ? [shown.words[marking.caret].slice(0, 2)] : [];
  const layers = [["passage", boxes.places], ["part", boxes.parts], ["chosen", boxes.chosen], ["marked", marks], ["caret", caret]];
  if (shown.mode === "pages") drawOnPages(layers, scroll);
  else drawInText(layers, scroll);
}

function drawOnPages(layers, scroll) {
  all("svg", sheets).forEach((svg) => svg.replaceChildren());
  let target = null;
  for (const [kind, spans] of layers) {
    for (const span of spans) {
      for (const [page, x0, y0, x1, y1] of linesOf(span, kind === "passage" ? 3 : 1.5)) {
        const rect = document.createElementNS(SVG, "rect");
        const values = { x: x0, y: y0, width: x1 - x0, height: y1 - y0, rx: 2, class: kind };
        for (const [name, value] of Object.entries(values)) rect.setAttribute(name, value);
        one(`[data-page="${page}"] svg`, sheets)?.append(rect);
        if (kind === "caret" || (kind === "chosen" && !marking && target?.kind !== "chosen") || !target) target = { rect, kind };
      }
    }
  }
  if (!scroll || !target) return;
  const image = one("img", target.rect.closest(".sheet"));
  image.loading = "eager";
  image.fetchPriority = "high";
  bring(target.rect.getBoundingClientRect());
}

// One box a line: words that stand side by side are joined.
function linesOf([start, end], margin) {
  const lines = [];
  for (const [from, to, page, x0, y0, x1, y1] of shown.words) {
    if (to <= start || from >= end) continue;
    const last = lines.at(-1);
    const overlap = last && Math.min(last[4], y1) - Math.max(last[2], y0);
    if (last && last[0] === page && overlap > 0.5 * Math.min(last[4] - last[2], y1 - y0) && x0 >= last[1]) {
      lines[lines.length - 1] = [page, Math.min(last[1], x0), Math.min(last[2], y0), Math.max(last[3], x1), Math.max(last[4], y1)];
    } else lines.push([page, x0, y0, x1, y1]);
  }
  return lines.map(([page, x0, y0, x1, y1]) => [page, x0 - margin, y0 - margin / 2, x1 + margin, y1 + margin / 2]);
}

function drawInText(layers, scroll) {
  let target = null;
  for (const [kind, spans] of layers) {
    const ranges = spans.filter(([start, end]) => end > start).map(([start, end]) => {
      const range = new Range(), length = shown.node.length;
      range.setStart(shown.node, Math.min(shown.units.unit(start), length));
      range.setEnd(shown.node, Math.min(shown.units.unit(end), length));
      return range;
    });
    if (typeof Highlight !== "undefined") CSS.highlights.set(kind, Object.assign(new Highlight(...ranges), { priority: layers.findIndex((layer) => layer[0] === kind) }));
    if (ranges.length && (kind !== "part" || !target)) target = kind === "marked" ? target : ranges[0];
  }
  if (scroll && target) bring(target.getBoundingClientRect());
}

function bring(rectangle) {
  const frame = sheets.getBoundingClientRect();
  if (rectangle.top < frame.top + 30 || rectangle.bottom > frame.bottom - 30) {
    sheets.scrollTop += rectangle.top - frame.top - frame.height / 3;
  }
  if (rectangle.left < frame.left || rectangle.right > frame.right) sheets.scrollLeft += rectangle.left - frame.left - 30;
}

// Marking, by keys and by mouse.
const ends = () => [Math.min(marking.anchor, marking.caret), Math.max(marking.anchor, marking.caret)];

export function startMarking() {
  if (!shown?.words.length) return;
  const from = boxes.places.length ? boxes.places[0][1] : 0;
  const next = shown.words.findIndex((word) => word[0] >= from);
  begin(next < 0 ? 0 : next);
}

function begin(index) {
  marking = { anchor: index, caret: index };
  viewer.classList.add("marking");
  state.textContent = viewer.dataset.marking;
  draw(true);
}

export function stopMarking() {
  marking = null;
  viewer.classList.remove("marking");
  state.textContent = "";
  draw();
}

export function moveMark(key, extends_) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const caret = step ? marking.caret + step : byLine(key === "ArrowDown" ? 1 : -1);
  marking.caret = Math.max(0, Math.min(shown.words.length - 1, caret));
  if (!extends_) marking.anchor = marking.caret;
  draw(true);
}

// The word of the next line that stands nearest below or above.
function byLine(direction) {
  const middle = (word) => placeOf(word), now = middle(shown.words[marking.caret]);
  let line = null, best = null;
  for (let at = marking.caret + direction; at >= 0 && at < shown.words.length; at += direction) {
    const place = middle(shown.words[at]);
    if (place.page === now.page && Math.abs(place.y - now.y) < now.height * 0.6) continue;
    if (line && (place.page !== line.page || Math.abs(place.y - line.y) > line.height * 0.6)) break;
    line ??= place;
    if (best === null || Math.abs(place.x - now.x) < Math.abs(middle(shown.words[best]).x - now.x)) best = at;
  }
  return best ?? marking.caret + direction;
}

function placeOf(word) {
  if (shown.mode === "pages") return { page: word[2], x: (word[3] + word[5]) / 2, y: (word[4] + word[6]) / 2, height: word[6] - word[4] };
  const range = new Range();
  range.setStart(shown.node, shown.units.unit(word[0]));
  range.setEnd(shown.node, shown.units.unit(word[1]));
  const place = range.getBoundingClientRect();
  return { page: 1, x: place.left, y: place.top + sheets.scrollTop, height: place.height };
}

function wordAt(event) {
  const svg = event.target.closest("svg");
  if (!svg || shown?.mode !== "pages") return -1;
  const page = Number(svg.parentElement.dataset.page), frame = svg.getBoundingClientRect(), view = svg.viewBox.baseVal;
  const x = ((event.clientX - frame.left) / frame.width) * view.width, y = ((event.clientY - frame.top) / frame.height) * view.height;
  let best = -1, nearest = 40;
  shown.words.forEach(([, , number, x0, y0, x1, y1], index) => {
    if (number !== page) return;
    const distance = Math.max(x0 - x, 0, x - x1) + 3 * Math.max(y0 - y, 0, y - y1);
    if (distance < nearest) [best, nearest] = [index, distance];
  });
  return best;
}

let dragging = false;
sheets.addEventListener("pointerdown", (event) => {
  const index = wordAt(event);
  if (index < 0 || event.button !== 0) return;
  event.preventDefault();
  dragging = true;
  begin(index);
});
sheets.addEventListener("pointermove", (event) => {
  const index = dragging ? wordAt(event) : -1;
  if (index < 0 || index === marking?.caret) return;
  marking.caret = index;
  draw();
});
addEventListener("pointerup", () => {
  if (!dragging) return markSelection();
  dragging = false;
  if (marking && marking.anchor === marking.caret) pick(shown.words[marking.caret]);
});

// A click on a page chooses the row whose passage stands there.
function pick([start]) {
  stopMarking();
  document.dispatchEvent(new CustomEvent("pick", { detail: { reading: shown.id, position: start } }));
}

function markSelection() {
  const selection = getSelection();
  if (shown?.mode !== "text" || !selection.rangeCount || selection.isCollapsed || selection.anchorNode !== shown.node) return;
  const range = selection.getRangeAt(0), from = shown.units.point(range.startOffset), to = shown.units.point(range.endOffset);
  const words = shown.words.map((word, index) => [word, index]).filter(([[start, end]]) => end > from && start < to);
  if (!words.length) return;
  begin(words[0][1]);
  marking.caret = words.at(-1)[1];
  selection.removeAllRanges();
  draw();
}
