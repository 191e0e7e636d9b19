/* The upload tray: a row for each chosen file, sent by itself, so that one that fails stops no other.
   Without this file the same form sends at most ten files for one report and one folder. */

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;
const LOGGED_OUT = "U bent uitgelogd. Log in een nieuw tabblad opnieuw in en kies daarna Opnieuw.";
const NO_CONNECTION = "Er is geen verbinding. Controleer uw internet en kies Opnieuw.";
const MONTHS = [
  "januari", "februari", "maart", "april", "mei", "juni",
  "juli", "augustus", "september", "oktober", "november", "december",
];

/* --- What a file name says: pure rules ---------------------------------------------------- */

const plain = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/* The folder that has the longest of its words in the name, or "": folders are [{value, words}]. */
export function folderFor(name, folders) {
  const said = plain(name);
  const found = folders.flatMap(({ value, words }) =>
    words.filter((word) => said.includes(word)).map((word) => ({ value, size: word.length })),
  );
  return found.sort((one, other) => other.size - one.size)[0]?.value ?? "";
}

/* The month in a name as "2026-11", or "": 2026-11, 2026_11_02, 02-11-2026, 11-2026, november 2026. */
export function monthIn(name) {
  const said = plain(name);
  const word = said.match(new RegExp(`(${MONTHS.join("|")})[^a-z0-9]*(20\\d\\d)(?!\\d)`));
  if (word) return `${word[2]}-${String(MONTHS.indexOf(word[1]) + 1).padStart(2, "0")}`;
  const yearFirst = said.match(/(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d{3})/);
  if (yearFirst) return `${yearFirst[1]}-${yearFirst[2]}`;
  const yearLast = said.match(/(?<!\d)(0?[1-9]|1[0-2])[-_. ](20\d\d)(?!\d)/);
  return yearLast ? `${yearLast[2]}-${yearLast[1].padStart(2, "0")}` : "";
}

/* The one report that was open in the month of the name, else `usual`: reports are
   [{value, from, until}], days as "2026-11-02", `until` "" while it is open. */
export function reportFor(name, reports, usual) {
  const month = monthIn(name);
  const fitting = reports.filter(
    ({ from, until }) => month && from.slice(0, 7) <= month && (!until || month <= until.slice(0, 7)),
  );
  return fitting.length === 1 ? fitting[0].value : usual;
}

/* --- The tray ----------------------------------------------------------------------------- */

function sizeInWords(bytes) {
  if (bytes < MEGABYTE) return `${Math.ceil(bytes / KILOBYTE)} kB`;
  return `${(bytes / MEGABYTE).toLocaleString("nl-NL", { maximumFractionDigits: 1 })} MB`;
}

class Row {
  constructor(tray, file) {
    this.tray = tray;
    this.file = file;
    this.isSaved = false;
    this.element = tray.template.content.firstElementChild.cloneNode(true);
    this.report = this.part("report");
    this.folder = this.part("folder");
    this.part("name").textContent = file.name;
    this.part("size").textContent = sizeInWords(file.size);
    for (const part of ["report", "folder", "again", "remove"]) {
      this.part(part).setAttribute("aria-label", `${this.part(part).dataset.says}: ${file.name}`);
    }
    this.part("progress").setAttribute("aria-label", `Voortgang: ${file.name}`);
    this.propose();
    this.part("remove").addEventListener("click", () => tray.remove(this));
    this.part("again").addEventListener("click", () => tray.send([this]));
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  propose() {
    const options = (select) => [...select.options].filter((option) => option.value);
    const folders = options(this.folder).map(({ value, dataset }) => ({
      value, words: dataset.words.split(" "),
    }));
    const reports = options(this.report).map(({ value, dataset }) => ({
      value, from: dataset.from, until: dataset.until,
    }));
    const chosen = new FormData(this.tray.form); // what the form says already is the second guess
    this.folder.value = folderFor(this.file.name, folders) || chosen.get("folder") || "";
    this.report.value = reportFor(this.file.name, reports, chosen.get("trajectory"));
  }

  say(state, words) {
    this.element.dataset.state = state;
    this.part("says").textContent = words;
    const isBusy = state === "busy";
    const isDone = state === "saved";
    this.part("progress").hidden = !isBusy;
    this.part("again").hidden = state !== "failed";
    this.part("remove").hidden = isBusy || isDone;
    this.report.disabled = isBusy || isDone;
    this.folder.disabled = isBusy || isDone;
  }

  /* Sends it; resolves when it is saved or the row says why not. */
  async send() {
    if (!this.folder.value) {
      this.say("failed", "Kies een submap.");
      return;
    }
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "submission"]) {
      data.set(name, this.tray.form.elements[name].value);
    }
    data.set("trajectory", this.report.value);
    data.set("folder", this.folder.value);
    data.set("uploads", this.file);
    this.say("busy", "Wordt verstuurd");
    const reasons = await this.answer(data);
    this.isSaved = reasons.length === 0;
    this.say(this.isSaved ? "saved" : "failed", this.isSaved ? "Opgeslagen" : reasons.join(" "));
  }

  answer(data) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
      request.open("POST", this.tray.form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        this.part("progress").value = total ? loaded / total : 0;
      });
      request.addEventListener("error", () => resolve([NO_CONNECTION]));
      request.addEventListener("load", () => {
        const isOurs = request.getResponseHeader("Content-Type")?.startsWith("application/json");
        resolve(isOurs ? JSON.parse(request.responseText).reasons : [LOGGED_OUT]);
      });
      request.send(data);
    });
  }
}

class Tray {
  constructor(form) {
    this.form = form;
    this.rows = [];
    this.input = form.querySelector('input[type="file"]');
    this.list = form.querySelector("[data-tray-rows]");
    this.status = form.querySelector("[data-tray-status]");
    this.template = form.querySelector("template");
    this.most = Number(form.dataset.tray);
    const help = document.getElementById(`${this.input.id}_helptext`);
    if (help) help.textContent = form.dataset.help;
    this.input.addEventListener("change", () => this.add());
    form.addEventListener("submit", (event) => {
      if (this.rows.length === 0) return; // the server says what is missing
      event.preventDefault();
      event.stopPropagation();
      this.send(this.rows.filter((row) => !row.isSaved));
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.rows.some((row) => !row.isSaved)) event.preventDefault();
    });
  }

  add() {
    const files = [...this.input.files];
    const room = this.most - this.rows.length;
    for (const file of files.slice(0, room)) {
      const row = new Row(this, file);
      this.rows.push(row);
      this.list.append(row.element);
    }
    this.input.value = "";
    this.show();
    const tooMany = files.length - room;
    const more = tooMany > 0 ? ` ${tooMany} niet: u kunt er ${this.most} tegelijk toevoegen.` : "";
    this.status.textContent = `${this.count(this.rows.length)} gekozen.${more}`;
  }

  /* One choice for all files makes room for a choice per file. */
  show() {
    this.list.hidden = this.rows.length === 0;
    const plain = this.form.querySelector("[data-plain]"); // not where the choice was made already
    if (plain) plain.hidden = this.rows.length > 0;
  }

  count(number) {
    return number === 1 ? "1 bestand" : `${number} bestanden`;
  }

  remove(row) {
    const place = this.rows.indexOf(row);
    this.rows.splice(place, 1);
    row.element.remove();
    this.show();
    (this.rows[place] ?? this.rows[place - 1])?.part("remove").focus();
    if (this.rows.length === 0) this.input.focus();
    this.status.textContent = `${this.count(this.rows.length)} gekozen.`;
  }

  async send(rows) {
    if (this.isBusy) return;
    this.isBusy = true;
    for (const row of rows) await row.send();
    this.isBusy = false;
    this.sum();
  }

  /* What came of it, in one sentence; the focus goes to the first that needs a hand. */
  sum() {
    const failed = this.rows.filter((row) => !row.isSaved);
    const saved = this.rows.length - failed.length;
    this.status.textContent = failed.length
      ? `${saved} van ${this.count(this.rows.length)} opgeslagen, ${failed.length} niet.`
      : `${this.count(saved)} opgeslagen.`;
    this.status.classList.toggle("is-failed", failed.length > 0);
    this.form.querySelector("[data-tray-end]").textContent = failed.length
      ? "Annuleren"
      : "Naar het Trajectendossier";
    const goal = failed[0]?.part("again") ?? this.form.querySelector("[data-tray-end]");
    goal.focus();
  }
}

for (const form of document.querySelectorAll("form[data-tray]")) new Tray(form);
