// A document's rows by keyboard: choosing rows and cells, editing in place, deciding, and what stands after a change.

import { all, help, isTyping, one, prepare, tell } from "./common.js";
import { box, isMarking, marked, moveMark, show, startMarking, stopMarking, toggleText, zoom } from "./viewer.js";

const pane = () => one("#pane");
const rows = () => all(".row");
const row = () => one(".row.chosen");
const cell = () => one(".row.chosen .cell.current");
const dialog = one("#dialog");
let cellName = "task";
const toMerge = new Map(); // task id -> version, of rows marked for merging

function choose(chosen, name = cellName, scroll = true) {
  if (!chosen) return;
  cellName = name;
  all(".row.chosen, .cell.current").forEach((other) => other.classList.remove("chosen", "current"));
  chosen.classList.add("chosen");
  const current = one(`[data-cell="${name}"]`, chosen) ?? one("[data-cell]", chosen);
  current.classList.add("current");
  if (scroll) bringRow(chosen);
  const spans = (other) => JSON.parse(other.dataset.spans);
  box(chosen.dataset.reading, JSON.parse(chosen.dataset.places), all("[data-cell]:not([data-cell=task])", chosen).flatMap(spans), spans(current));
}

function bringRow(chosen) {
  const frame = one("#rows"), top = one(".head").offsetHeight + 8;
  const place = chosen.getBoundingClientRect(), above = frame.getBoundingClientRect();
  if (place.top < above.top + top) frame.scrollTop += place.top - above.top - top;
  else if (place.bottom > above.bottom - 12) frame.scrollTop += Math.min(place.bottom - above.bottom + 12, place.top - above.top - top);
}

function moveRow(step) {
  const at = rows().indexOf(row()) + step, part = one(step > 0 ? "[data-part=next]" : "[data-part=previous]");
  if (row() && part && (at < 0 || at >= rows().length)) part.click();
  else choose(rows()[Math.max(0, Math.min(rows().length - 1, at))]);
}
function moveCell(step) {
  const cells = all("[data-cell]", row() ?? undefined);
  const at = cells.indexOf(cell()) + step;
  if (at >= 0 && at < cells.length) choose(row(), cells[at].dataset.cell);
}

function nextDoubt(step) {
  const cells = all("[data-cell]");
  const at = cell() ? cells.indexOf(cell()) : -1;
  const order = step > 0 ? [...cells.slice(at + 1), ...cells.slice(0, at + 1)] : [...cells.slice(0, Math.max(at, 0)).reverse(), ...cells.slice(Math.max(at, 0)).reverse()];
  const found = order.find((other) => other.classList.contains("doubtful"));
  if (found) choose(found.closest(".row"), found.dataset.cell);
  else if (one("[data-part=next]") && step > 0) one("[data-part=next]").click();
  else tell(pane().dataset.none);
}

// Asking the server.
const address = (path) => (pane().dataset.query ? `${path}?${pane().dataset.query}` : path);
const post = (path, values = {}) => htmx.ajax("POST", address(path), { target: "#rows", swap: "innerHTML", values });
const reload = (order, showing) => {
  const query = new URLSearchParams(Object.entries({ order, show: showing }).filter(([, value]) => value));
  htmx.ajax("GET", `/documents/${pane().dataset.document}/rows?${query}`, { target: "#rows", swap: "innerHTML" });
};

const open = (path) => htmx.ajax("GET", path, { target: "#dialog-body", swap: "innerHTML" });

function edit() {
  if (!cell() || one("form", cell())) return;
  const path = `/tasks/${row().dataset.task}/edit/${cell().dataset.cell}`;
  htmx.ajax("GET", path, { target: one(".edit", cell()), swap: "innerHTML" });
}

function decide(what) {
  if (!row() || (what === "restore") !== (row().dataset.state !== "shown")) return;
  if (!pane().dataset.mayDecide) return tell(pane().dataset.notAllowed, "error");
  const next = rows()[rows().indexOf(row()) + 1] ?? rows()[rows().indexOf(row()) - 1];
  post(`/tasks/${row().dataset.task}/${what}`, { version: row().dataset.version, next: next?.dataset.task ?? "" });
}

function mark() {
  const tick = row() && one("[data-merge]", row());
  if (!tick) return;
  tick.checked = !tick.checked;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
}

function merge() {
  const chosen = rows().filter((other) => toMerge.has(other.dataset.task));
  if (chosen.length < 2) return tell(pane().dataset.mergeFew, "error");
  toMerge.clear();
  post(`/documents/${pane().dataset.document}/merge`, {
    task: chosen.map((other) => other.dataset.task),
    version: chosen.map((other) => other.dataset.version),
  });
}

function add() {
  const { reading, start, end } = marked();
  open(`/documents/${pane().dataset.document}/add?${new URLSearchParams({ reading, start, end })}`);
}

function cancel() {
  if (dialog.open) dialog.close();
  else if (isMarking()) stopMarking();
  else all(".cell .edit form").forEach((form) => form.remove());
}

const deeds = {
  accept: () => decide("accept"),
  reject: () => decide("reject"),
  restore: () => decide("restore"),
  split: () => row()?.dataset.state === "shown" && open(`/tasks/${row().dataset.task}/split`),
  merge,
  undo: () => post(`/documents/${pane().dataset.document}/undo`),
  redo: () => post(`/documents/${pane().dataset.document}/redo`),
  order: () => reload(pane().dataset.order ? "" : "document", pane().dataset.show),
  rejected: () => reload(pane().dataset.order, pane().dataset.show ? "" : "rejected"),
  "document-history": () => open(`/documents/${pane().dataset.document}/history`),
  history: () => cell() && open(`/tasks/${row().dataset.task}/history/${cell().dataset.cell}`),
  doubt: () => nextDoubt(1),
  text: toggleText,
  mark: () => (isMarking() ? add() : startMarking()),
  "zoom-in": () => zoom(1.2),
  "zoom-out": () => zoom(1 / 1.2),
  cancel,
};
// Keys by their place on the keyboard: they stay where they are when the keyboard writes Russian.
const keys = {
  KeyN: "doubt", KeyA: "accept", KeyX: "reject", KeyR: "restore", KeyS: "split", KeyU: "undo", KeyI: "mark", KeyT: "text",
  KeyO: "order", KeyW: "rejected", KeyH: "history", "⇧KeyU": "redo", "⇧KeyM": "merge", "⇧KeyH": "document-history",
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !dialog.open && !one("#help").open) return cancel();
  if (isTyping(event.target)) return typed(event);
  if (event.altKey || dialog.open || one("#help").open) return;
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ") deeds[event.shiftKey ? "redo" : "undo"]();
  else if (event.ctrlKey || event.metaKey) return;
  else if (isMarking() && event.key.startsWith("Arrow")) moveMark(event.key, event.shiftKey);
  else if (isMarking() && event.key === "Enter") add();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") moveRow(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") moveCell(event.key === "ArrowRight" ? 1 : -1);
  else if (event.key === "Enter" && !event.target.closest("button, a, summary")) edit();
  else if (event.code === "KeyP") nextDoubt(-1);
  else if (event.code === "KeyM" && !event.shiftKey) mark();
  else if (event.key !== "?" && keys[(event.shiftKey ? "⇧" : "") + event.code]) deeds[keys[(event.shiftKey ? "⇧" : "") + event.code]]();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// In a field, Enter saves (Shift+Enter breaks a line); in a dialog with several texts Ctrl+Enter does.
function typed(event) {
  const form = event.target.closest("form.editor");
  if (!form || event.key !== "Enter" || event.shiftKey || event.target.parentElement.querySelector("ul")) return;
  if (form.closest("dialog") && !event.ctrlKey && !event.altKey && event.target.matches("textarea")) return;
  event.preventDefault();
  if (event.altKey) moveRest(event.target);
  else form.requestSubmit();
}

// Splitting: the words behind the cursor go to the next part.
function moveRest(words) {
  const parts = all("fieldset textarea", words.form), next = parts[parts.indexOf(words) + 1];
  if (!next) return;
  next.value = [words.value.slice(words.selectionStart).trim(), next.value].filter(Boolean).join(" ");
  words.value = words.value.slice(0, words.selectionStart).trim();
  next.focus();
  next.setSelectionRange(0, 0);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]"), chosen = event.target.closest(".row");
  const clicked = event.target.closest("[data-cell]"), use = event.target.closest("[data-use]");
  if (chosen && !event.target.closest(".edit")) choose(chosen, clicked?.dataset.cell ?? cellName, false);
  if (use) {
    const field = one(`[name="${use.dataset.use}"]`, use.form);
    if (field) field.value = use.dataset.value;
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (button) {
    deeds[button.dataset.do]?.();
    button.blur();
  } else if (event.target.closest(".reading")) show(event.target.closest(".reading").dataset.reading);
});
document.addEventListener("dblclick", (event) => {
  if (event.target.closest("[data-cell]") && !event.target.closest(".edit")) edit();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-merge]")) return;
  const { task, version } = event.target.closest(".row").dataset;
  if (event.target.checked) toMerge.set(task, version);
  else toMerge.delete(task);
});
document.addEventListener("pick", (event) => {
  const here = rows().filter((other) => other.dataset.reading === event.detail.reading);
  const inside = ([start, end]) => start <= event.detail.position && event.detail.position < end;
  choose(here.find((other) => JSON.parse(other.dataset.places).some(inside)));
});

// Forms keep the order of the rows that are shown; new rows are looked at where the server says.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches("form[data-post]")) event.detail.path = address(form.dataset.post);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  if (target.id === "dialog-body" && !dialog.open) dialog.showModal();
  if (target.id !== "rows") {
    prepare(target);
    if (target.matches(".row.chosen .edit")) bringRow(row());
    return;
  }
  if (dialog.open) dialog.close();
  if (isMarking()) stopMarking();
  rows().forEach((other) => (one("[data-merge]", other).checked = toMerge.has(other.dataset.task)));
});
document.addEventListener("choose", (event) => {
  choose(one(`#row-${event.detail.task || "none"}`) ?? row() ?? rows()[0]);
});

const asked = new URLSearchParams(location.search).get("task");
choose(one(`#row-${asked || "none"}`) ?? rows()[0], rows().length && !asked ? (one(".cell.doubtful", rows()[0])?.dataset.cell ?? "task") : "task");
if (!rows().length) show(one(".reading")?.dataset.reading);
