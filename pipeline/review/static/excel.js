// A corrected Excel file is chosen or dropped, sent as it is, and what it would change is shown below.

import { one } from "./common.js";

const field = one("#file"), drop = one("#drop"), state = one("#state"), preview = one("#preview");

async function bring(file) {
  preview.replaceChildren();
  say(field.dataset.wait);
  const headers = { "X-CSRF": field.dataset.csrf, "X-File-Name": encodeURIComponent(file.name), "HX-Request": "true" };
  try {
    const answer = await fetch("/excel", { method: "POST", headers, body: file });
    if (answer.headers.has("HX-Redirect")) location.href = answer.headers.get("HX-Redirect");
    else if (answer.ok) {
      say("");
      preview.innerHTML = await answer.text(); // made by our own template, which escapes
      preview.scrollIntoView({ behavior: "smooth", block: "nearest" });
    } else say(JSON.parse(answer.headers.get("HX-Trigger") ?? "{}").say?.text ?? `⚠ ${answer.status}`, true);
  } catch {
    say(`⚠ ${location.host}`, true);
  }
  field.value = ""; // the same file, corrected once more, can be chosen again
}

function say(text, isProblem = false) {
  state.textContent = text;
  state.className = text && isProblem ? "problem" : "faint";
}

field.addEventListener("change", () => field.files.length && bring(field.files[0]));
for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
  document.addEventListener(kind, (event) => {
    event.preventDefault(); // a file dropped beside the field must not replace the page
    drop.classList.toggle("over", drop.contains(event.target) && ["dragenter", "dragover"].includes(kind));
    if (kind === "drop" && event.dataTransfer.files.length) bring(event.dataTransfer.files[0]);
  });
