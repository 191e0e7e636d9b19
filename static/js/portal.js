/* Small comforts. Every page also works without this file. */

const root = document.documentElement;
root.classList.add("has-script");

/* A second click on a sent form does nothing (the server also refuses it). A form that htmx sends
   leaves the page in place: it may be sent again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.hasAttribute("data-download")) return; // the page stays, and a second file may follow
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-disabled", "true");
  }
});

/* "Back" shows the page as it was left: let its forms be sent again. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
    }
  }
});

/* data-shown-when="name=value": visible, and sent, only after that answer. */
function showByAnswer(form) {
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    const [name, value] = part.dataset.shownWhen.split("=");
    const answer = new FormData(form).get(name);
    part.hidden = answer !== value;
    for (const control of part.querySelectorAll("input, select, textarea")) {
      control.disabled = part.hidden;
    }
  }
}

for (const part of document.querySelectorAll("[data-shown-when]")) {
  showByAnswer(part.closest("form"));
}
document.addEventListener("change", (event) => {
  if (event.target.form) showByAnswer(event.target.form);
});

/* Copying a code, printing a page. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) {
    window.print();
    return;
  }
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  button.querySelector("span").textContent = "Gekopieerd";
});

/* The list of chosen files below a file field, with a word about what will be refused. */
const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

function sizeInWords(bytes) {
  if (bytes < MEGABYTE) return `${Math.ceil(bytes / KILOBYTE)} kB`;
  return `${(bytes / MEGABYTE).toLocaleString("nl-NL", { maximumFractionDigits: 1 })} MB`;
}

function refusal(input, file, place) {
  const { maxBytes, maxFiles } = input.dataset;
  const extension = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  if (maxFiles && place >= maxFiles) return `te veel, kies er ${maxFiles} tegelijk`;
  if (maxBytes && file.size > maxBytes) return "te groot";
  if (file.size === 0) return "leeg";
  if (input.accept && !input.accept.split(",").includes(extension)) return "geen PDF, JPEG of PNG";
  return "";
}

function fileLine(file, problem) {
  const line = document.createElement("li");
  const size = sizeInWords(file.size);
  line.classList.toggle("is-refused", problem !== "");
  const name = document.createElement("span");
  name.textContent = file.name;
  const note = document.createElement("span");
  note.className = "nowrap";
  note.textContent = problem ? `${size}: ${problem}` : size;
  line.append(name, note);
  return line;
}

function listFiles(input) {
  const lines = [...input.files].map((file, place) => fileLine(file, refusal(input, file, place)));
  let status = input.nextElementSibling;
  if (!status?.matches("[role=status]")) {
    status = document.createElement("div");
    status.setAttribute("role", "status");
    input.after(status);
  }
  const list = document.createElement("ul");
  list.className = "chosen-files";
  list.setAttribute("aria-label", "Gekozen bestanden");
  list.append(...lines);
  status.replaceChildren(list);
}

document.addEventListener("change", (event) => {
  if (event.target.matches('form:not([data-tray]) input[type="file"]')) listFiles(event.target);
});
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(type, (event) => {
    if (event.target.matches?.('input[type="file"]')) event.target.classList.toggle("is-over", over);
  });
}
