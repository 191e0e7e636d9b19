/* The end of a login: a warning two minutes before it, and then a cover over the page.

Only the server knows when that is, because other tabs are in use as well. So it is asked before a
warning, at the end, and when somebody looks at the page again. Being asked keeps no login alive;
the button "Blijf ingelogd" does. Tabs tell each other that something changed, never what. */

const WARNING = 2 * 60 * 1000;
const LONGEST_WAIT = 15 * 1000; /* a computer that slept must not oversleep the end */

const root = document.documentElement;
const part = document.querySelector("[data-login-end]");
const tabs = new BroadcastChannel("login");

function watch() {
  const [warning, last, out] = ["login-warning", "login-last", "logged-out"].map((id) =>
    document.getElementById(id),
  );
  const dialogs = [warning, last, out];
  const title = document.title;
  out.querySelector("[data-back]").search = new URLSearchParams({ volgende: location.pathname });
  const user = part.dataset.user;
  let end, isFinal, timer;
  let hasWarned = false;

  function note({ idle, absolute }) {
    end = Date.now() + Math.min(idle, absolute) * 1000;
    isFinal = absolute <= idle;
  }

  function plan() {
    const left = end - Date.now();
    const wait = hasWarned ? left : left - WARNING;
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(Math.max(wait, 1000), LONGEST_WAIT));
  }

  /* From time to time, without asking anybody: only what is due is asked for. */
  function look() {
    const left = end - Date.now();
    if (left <= 0 || (left <= WARNING && !hasWarned)) ask();
    else plan();
  }

  async function ask(address = part.dataset.state, options = {}) {
    const answer = await fetch(address, options)
      .then((response) => response.json())
      .catch(() => null);
    if (answer ? answer.user !== user : isCovered() || end <= Date.now()) {
      cover();
    } else {
      if (answer) note(answer);
      if (answer) renewTokens(answer.token);
      goOn();
    }
    return answer !== null;
  }

  function goOn() {
    uncover();
    if (end - Date.now() > WARNING) {
      hasWarned = false;
      close();
    } else if (!hasWarned) {
      hasWarned = true;
      warn(isFinal ? last : warning);
    }
    plan();
  }

  function warn(dialog) {
    const clock = new Date(end).toLocaleTimeString("nl-NL", { timeStyle: "short" });
    dialog.querySelector("[data-clock]").textContent = clock.replace(":", ".");
    warning.querySelector("[data-failed]").hidden = true;
    show(dialog);
  }

  function show(dialog) {
    if (dialog.open) return;
    close();
    dialog.showModal();
  }

  function close() {
    for (const dialog of dialogs) dialog.close();
  }

  const isCovered = () => root.classList.contains("is-logged-out");

  function cover() {
    clearTimeout(timer);
    root.classList.add("is-logged-out");
    document.title = "U bent uitgelogd – Werkgeversportaal";
    const now = hasTyped() ? "typed" : "empty";
    for (const words of out.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== now;
    show(out);
  }

  function uncover() {
    if (!isCovered()) return;
    root.classList.remove("is-logged-out");
    document.title = title;
    out.close();
  }

  /* Escape does not take the cover away. */
  out.addEventListener("cancel", (event) => event.preventDefault());
  out.addEventListener("close", () => isCovered() && out.showModal());

  warning.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { target } = event;
    hasWarned = false;
    const options = { method: "POST", body: new FormData(target) };
    const isDone = await ask(target.dataset.extend, options);
    warning.querySelector("[data-failed]").hidden = isDone;
    if (isDone) tabs.postMessage("inside");
  });

  /* In another tab somebody went on, logged in, or came to a page without login. */
  tabs.addEventListener("message", ({ data }) => {
    if (data === "outside" || dialogs.some((dialog) => dialog.open)) ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });

  /* "Back" to a page that the browser kept as it was: nothing is shown before the answer. */
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    root.classList.add("is-logged-out");
    ask();
  });

  note({ idle: Number(part.dataset.idle), absolute: Number(part.dataset.absolute) });
  look();
}

/* Whether there is anything in a form of this page that would be a pity to lose. */
function hasTyped() {
  const controls = document.querySelectorAll(
    "main form[method=post] :is(input:not([type=hidden]), textarea, select)",
  );
  return [...controls].some((control) =>
    ["checkbox", "radio"].includes(control.type) ? control.checked : control.value !== "",
  );
}

/* After a new login the tokens of forms that were open before it are no longer right. */
function renewTokens(token) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

if (part) watch();
tabs.postMessage(part ? "inside" : "outside");
