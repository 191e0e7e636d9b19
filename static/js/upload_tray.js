/* The upload tray: a row for each chosen file, sent by itself, so that one that fails stops no other.
   Without this file the same form sends at most ten files for one report and one folder.

   From the start page nobody said yet whose the files are. There a row first asks that, with a
   proposal from the file's name, and goes nowhere before somebody confirmed it. */

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;
const LOGGED_OUT = "U bent uitgelogd. Log in een nieuw tabblad opnieuw in en kies daarna Opnieuw.";
const NO_CONNECTION = "Er is geen verbinding. Controleer uw internet en kies Opnieuw.";
const NO_REPORT =
  "Voor deze werknemer is er nog geen ziekmelding. Meld eerst het verzuim, of kies een andere werknemer.";
const NOT_OPENED = "Het dossier gaat nu niet open. Probeer het zo nog eens.";
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

/* What was asked that this file is, or "": the one open item of its report and folder; of a payslip
   the name has to say the month. Items are [{value, report, folder, month, isOpen}]. */
export function itemFor(name, report, folder, items) {
  const fitting = items.filter(
    (item) =>
      item.isOpen && item.report === report && item.folder === folder &&
      (!item.month || item.month === monthIn(name)),
  );
  return fitting.length === 1 ? fitting[0].value : "";
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
    this.dossier = null; // where it goes: {address, form}
    this.person = null; // whose it is or may be: {name, facts, address}
    this.element = tray.template.content.firstElementChild.cloneNode(true);
    this.report = this.part("report");
    this.folder = this.part("folder");
    this.asked = this.part("asked");
    for (const choice of [this.report, this.folder]) {
      choice.addEventListener("change", () => this.offerAsked());
    }
    this.part("name").textContent = file.name;
    this.part("size").textContent = sizeInWords(file.size);
    for (const part of ["report", "folder", "asked", "again", "remove"]) {
      this.part(part).setAttribute("aria-label", `${this.part(part).dataset.says}: ${file.name}`);
    }
    this.part("progress").setAttribute("aria-label", `Voortgang: ${file.name}`);
    this.part("remove").addEventListener("click", () => tray.remove(this));
    this.part("again").addEventListener("click", () => tray.send([this]));
    if (tray.people) this.askWhose();
    else this.place({ address: tray.form.action, form: tray.form });
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  askWhose() {
    this.part("confirm").setAttribute("aria-label", `Klopt: ${this.file.name}`);
    this.part("confirm").addEventListener("click", async () => {
      await this.give(this.person);
      if (this.dossier) this.report.focus();
    });
    this.part("choose").addEventListener("click", () => this.tray.people.open(this));
    this.showWhose();
  }

  /* Who it may be; waits for "Klopt". */
  suggest(person) {
    this.person = person;
    this.showWhose();
  }

  /* Who it is: the choices of that dossier follow. Resolves when they are there, or not. */
  async give(person) {
    this.person = person;
    this.dossier = null;
    this.say("", "Even geduld");
    const { dossier, problem } = await this.tray.people.dossier(person.address);
    if (this.person !== person) return; // meanwhile somebody else was chosen
    if (dossier) this.place(dossier);
    this.say(problem ? "failed" : "", problem ?? "");
  }

  showWhose() {
    const [isBusy, isDone] = [this.element.dataset.state === "busy", this.isSaved];
    const { name, facts } = this.person ?? { name: "Van wie is dit bestand?", facts: "" };
    this.part("whose").textContent = this.person && !this.dossier ? `Voorstel: ${name}` : name;
    this.part("facts").textContent = facts;
    this.part("confirm").hidden = !this.person || this.dossier !== null;
    const choose = this.part("choose");
    choose.hidden = isBusy || isDone;
    choose.textContent = this.person ? "Andere werknemer" : "Kies een werknemer";
    choose.setAttribute("aria-label", `${choose.textContent}: ${this.file.name}`);
    this.report.hidden = this.folder.hidden = !this.dossier;
    this.showAsked();
  }

  /* Where the next step is: that has the focus when something is missing. */
  get goal() {
    if (this.dossier) return this.part("again");
    return this.part(this.person ? "confirm" : "choose");
  }

  place(dossier) {
    this.dossier = dossier;
    const choices = dossier.form.querySelector("template").content;
    for (const part of ["report", "folder"]) {
      const offered = choices.querySelector(`[data-part="${part}"]`).cloneNode(true);
      this.part(part).replaceChildren(...offered.children);
    }
    this.items = [...choices.querySelector('[data-part="asked"]').cloneNode(true).options];
    this.propose();
  }

  propose() {
    const options = (select) => [...select.options].filter((option) => option.value);
    const folders = options(this.folder).map(({ value, dataset }) => ({
      value, words: dataset.words.split(" "),
    }));
    const reports = options(this.report).map(({ value, dataset }) => ({
      value, from: dataset.from, until: dataset.until,
    }));
    const chosen = new FormData(this.dossier.form); // what the form says already is the second guess
    this.folder.value = folderFor(this.file.name, folders) || chosen.get("folder") || "";
    this.report.value = reportFor(this.file.name, reports, chosen.get("trajectory"));
    this.offerAsked();
  }

  /* What was asked for this report and folder; when one of them is what the file is, that one. */
  offerAsked() {
    const [report, folder] = [this.report.value, this.folder.value];
    const [none, ...items] = this.items;
    const offered = items.filter(
      ({ dataset }) => dataset.report === report && dataset.folder === folder,
    );
    this.asked.replaceChildren(none, ...offered);
    const rule = offered.map(({ value, dataset }) => ({ value, ...dataset, isOpen: "open" in dataset }));
    this.asked.value = itemFor(this.file.name, report, folder, rule);
    this.showAsked();
  }

  showAsked() {
    this.asked.hidden = !this.dossier || this.asked.options.length < 2;
  }

  say(state, words) {
    this.element.dataset.state = state;
    this.part("says").textContent = words;
    const isBusy = state === "busy";
    const isDone = state === "saved";
    this.part("progress").hidden = !isBusy;
    this.part("again").hidden = state !== "failed" || !this.dossier;
    this.part("remove").hidden = isBusy || isDone;
    this.report.disabled = isBusy || isDone;
    this.folder.disabled = isBusy || isDone;
    this.asked.disabled = isBusy || isDone;
    if (this.tray.people) this.showWhose();
  }

  /* Sends it; resolves when it is saved or the row says why not. */
  async send() {
    if (!this.dossier) {
      this.say("failed", this.person ? "Kies Klopt of een andere werknemer." : "Kies een werknemer.");
      return;
    }
    if (!this.folder.value) {
      this.say("failed", "Kies een submap.");
      return;
    }
    const data = new FormData();
    data.set("csrfmiddlewaretoken", this.tray.token);
    data.set("submission", this.dossier.form.elements.submission.value);
    data.set("trajectory", this.report.value);
    data.set("folder", this.folder.value);
    data.set("asked", this.asked.value);
    data.set("uploads", this.file);
    this.say("busy", "Wordt verstuurd");
    const reasons = await this.answer(data);
    this.isSaved = reasons.length === 0;
    this.say(this.isSaved ? "saved" : "failed", this.isSaved ? "Opgeslagen" : reasons.join(" "));
  }

  answer(data) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
      request.open("POST", this.dossier.address);
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

/* Whose each file is: a search in a dialog, and the choices of a dossier from its own page. */
class People {
  constructor(tray, dialog) {
    this.tray = tray;
    this.dialog = dialog;
    this.dossiers = new Map();
    this.all = dialog.querySelector("[data-all]");
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      const link = event.target.closest(".row-link");
      if (!link) return;
      event.preventDefault();
      const facts = link.parentElement.querySelector(".row-facts").textContent;
      this.chosen({ name: link.textContent, facts, address: link.pathname });
    });
  }

  open(row) {
    this.row = row;
    this.dialog.querySelector("[data-file]").textContent = row.file.name;
    this.all.checked = false;
    this.all.closest("div").hidden = this.others.length === 0;
    this.dialog.showModal();
    this.dialog.querySelector("[name=text]").select();
  }

  get others() {
    return this.tray.rows.filter((row) => row !== this.row && !row.isSaved && !row.dossier);
  }

  async chosen(person) {
    const { row } = this;
    const rows = this.all.checked ? [row, ...this.others] : [row];
    this.dialog.close();
    await Promise.all(rows.map((each) => each.give(person)));
    (row.dossier ? row.report : row.goal).focus();
  }

  /* {dossier}, or the {problem} in words. Asked for once: opening a dossier is recorded. */
  async dossier(address) {
    if (!this.dossiers.has(address)) this.dossiers.set(address, this.ask(address));
    const answer = await this.dossiers.get(address);
    if (answer.problem) this.dossiers.delete(address);
    return answer;
  }

  async ask(address) {
    const response = await fetch(address).catch(() => null);
    if (!response) return { problem: NO_CONNECTION };
    if (response.redirected) return { problem: LOGGED_OUT };
    if (!response.ok) return { problem: NOT_OPENED };
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const form = page.querySelector("form[data-tray]");
    return form ? { dossier: { address, form } } : { problem: NO_REPORT };
  }

  /* One after the other, as each is a search; what comes too late or too often is no proposal. */
  async suggest(rows) {
    const { status } = this.tray;
    const said = status.textContent;
    for (const row of rows) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", this.tray.token);
      body.set("name", row.file.name);
      const person = await fetch(this.tray.form.dataset.proposal, { method: "POST", body })
        .then((response) => response.json())
        .then((answer) => answer.person)
        .catch(() => null);
      if (person && !row.person) row.suggest(person);
    }
    const count = rows.filter((row) => row.person && !row.dossier).length;
    if (!count || status.textContent !== said) return;
    status.textContent = `${said} Bij ${this.tray.count(count)} staat een voorstel: kies Klopt als dat de goede werknemer is.`;
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
    const dialog = document.querySelector("[data-people]");
    this.people = dialog && new People(this, dialog);
    const help = document.getElementById(`${this.input.id}_helptext`);
    if (help && form.dataset.help) help.textContent = form.dataset.help;
    this.input.addEventListener("change", () => this.add());
    form.addEventListener("submit", (event) => {
      if (this.rows.length === 0 && !this.people) return; // the server says what is missing
      event.preventDefault();
      event.stopPropagation();
      if (this.rows.length === 0) this.status.textContent = "Kies een of meer bestanden.";
      this.send(this.rows.filter((row) => !row.isSaved));
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.rows.some((row) => !row.isSaved)) event.preventDefault();
    });
    if (this.input.files.length > 0) this.add(); // chosen before this script was there
  }

  /* Of this page: after a new login in another tab it is renewed here. */
  get token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  add() {
    const files = [...this.input.files];
    const room = this.most - this.rows.length;
    const rows = files.slice(0, room).map((file) => new Row(this, file));
    this.rows.push(...rows);
    this.list.append(...rows.map((row) => row.element));
    this.input.value = "";
    this.show();
    const tooMany = files.length - room;
    const more = tooMany > 0 ? ` ${tooMany} niet: u kunt er ${this.most} tegelijk toevoegen.` : "";
    this.status.textContent = `${this.count(this.rows.length)} gekozen.${more}`;
    this.people?.suggest(rows);
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
    if (this.isBusy || rows.length === 0) return;
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
    const end = this.form.querySelector("[data-tray-end]");
    end.textContent = failed.length ? "Annuleren" : end.dataset.trayEnd;
    (failed[0]?.goal ?? end).focus();
  }
}

for (const form of document.querySelectorAll("form[data-tray]")) new Tray(form);
