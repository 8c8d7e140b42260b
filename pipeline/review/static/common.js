// What every page does: messages, help, moving through lists by key, choosing units, deadlines in words.

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

let hiding;
export function tell(text, kind = "done") {
  const toast = one("#toast");
  toast.textContent = text;
  toast.className = `shown ${kind}`;
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove("shown"), kind === "error" ? 9000 : 2500);
}
document.addEventListener("say", (event) => tell(event.detail.text, event.detail.kind));
document.addEventListener("htmx:sendError", () => tell("⚠ " + location.host, "error"));

export const help = () => one("#help")?.showModal();
export const isTyping = (target) =>
  target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select") !== null;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-do=help]")) help();
});

// Lists: arrows choose a line, Enter opens it, / goes to the search field.
const lines = () => all("tr[data-row] a");
document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.key === "?") help();
  else if (event.code === "KeyG") location.href = "/";
  else if (event.key === "/" && one("[data-key=Slash]")) one("[data-key=Slash]").select();
  else if (["ArrowDown", "ArrowUp"].includes(event.key) && lines().length) {
    const at = lines().indexOf(document.activeElement);
    lines().at(event.key === "ArrowDown" ? Math.min(at + 1, lines().length - 1) : Math.max(at - 1, 0)).focus();
  } else return;
  event.preventDefault();
});

// Choosing units: what is typed after the last semicolon is looked up; arrows and Enter take a name.
let waiting, asked = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-units]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => suggest(event.target), 120);
});

async function suggest(input) {
  const typed = input.value.split(";").at(-1).trim();
  const number = ++asked;
  if (!typed) return closeList(input);
  const query = new URLSearchParams({ q: typed, lang: input.dataset.lang || "" });
  const answer = await fetch(`/units?${query}`);
  if (!answer.ok || number !== asked || document.activeElement !== input) return;
  closeList(input);
  const list = document.createElement("ul");
  list.setAttribute("role", "listbox");
  list.innerHTML = await answer.text(); // made by our own template, which escapes
  if (list.children.length) input.after(list);
}

const listOf = (input) => one("ul", input.parentElement);
const closeList = (input) => listOf(input)?.remove();

function take(input, item) {
  const names = input.value.split(";").slice(0, -1).map((name) => name.trim());
  input.value = [...names, item.dataset.name].join("; ");
  closeList(input);
  input.focus();
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof Element) || !input.matches("[data-units]") || !listOf(input)) return;
  const items = all("li", listOf(input));
  const at = items.findIndex((item) => item.classList.contains("current"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = (at + (event.key === "ArrowDown" ? 1 : items.length - (at < 0 ? 0 : 1))) % items.length;
    items.forEach((item, index) => item.classList.toggle("current", index === next));
    items[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && at >= 0) take(input, items[at]);
  else if (event.key === "Escape") closeList(input);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("mousedown", (event) => {
  const item = event.target.closest(".picker li");
  if (!item) return;
  event.preventDefault();
  take(one("input", item.closest(".picker")), item);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-units]")) setTimeout(() => closeList(event.target), 100);
});

// Deadlines: only the fields that the kind needs, and what they mean in words.
export function prepare(within) {
  all("[data-deadline]", within).forEach(showDeadline);
  const first = one("[data-focus]", within);
  first?.focus();
  if (first?.matches("input:not([type=date])")) first.select();
  else if (first?.matches("textarea")) first.setSelectionRange(first.value.length, first.value.length);
}

async function showDeadline(fields) {
  const kind = one("[name=deadline_kind]", fields).value, every = one("[name=every]", fields).value;
  for (const label of all("[data-for]", fields)) {
    const wanted = label.dataset.for.split(" ").includes(kind);
    label.hidden = !wanted || ("every" in label.dataset && !label.dataset.every.split(" ").includes(every));
  }
  const query = String(new URLSearchParams(all("[name]", fields).map((field) => [field.name, field.value])));
  fields.dataset.asked = query;
  const answer = await fetch(`/deadline-words?${query}`);
  const words = answer.ok ? await answer.text() : "";
  if (!answer.ok || fields.dataset.asked !== query) return; // an answer to what stood here before may come last
  const due = one("[name=due_date]", fields).value;
  const day = due && new Date(`${due}T12:00:00`).toLocaleDateString(document.documentElement.lang, { weekday: "long" });
  one(".in-words", fields).textContent = [words, day].filter(Boolean).join(" · ");
}

document.addEventListener("input", (event) => {
  const fields = event.target.closest?.("[data-deadline]");
  if (fields) showDeadline(fields);
});
