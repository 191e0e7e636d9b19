/* Passwords: lets people read what they type, and says meanwhile how strong a new one is.

The hint is advice: the server decides (accounts/passwords.py). Without this file nothing is lost. */

const LEAST_LEFT = 8; /* accounts.passwords.REST_CHARACTERS */
const STRONG = 16;
const QUIET = 400; /* a screen reader hears the advice when the typing stops for a moment */

const SEPARATORS = /[\s._-]+/g;
const SEASON_AND_YEAR = /(lente|voorjaar|zomer|herfst|najaar|winter)\W*(19|20)\d\d/g;
const REPEATED = /(.+?)\1+/gu;

for (const input of document.querySelectorAll("input[type=password]")) {
  addShowButton(input);
  if (input.dataset.words !== undefined) addHint(input);
}

/* --- Show and hide --------------------------------------------------------------------------- */
function addShowButton(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary show-password";
  button.setAttribute("aria-controls", input.id);
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Verbergen" : "Tonen";
    button.setAttribute("aria-label", `${button.textContent}: wachtwoord`);
  };
  show(false);
  button.addEventListener("click", () => show(input.type === "password"));
  /* Sent as a password, so that the browser does not keep it as ordinary text. */
  input.form.addEventListener("submit", () => show(false));
  const row = document.createElement("div");
  row.className = "password-row";
  const hadFocus = document.activeElement === input;
  input.replaceWith(row);
  row.append(input, button);
  if (hadFocus) input.focus();
}

/* --- How strong ------------------------------------------------------------------------------- */
function addHint(input) {
  const bar = document.createElement("div");
  bar.className = "strength";
  const words = document.createElement("p");
  words.className = "strength-words";
  words.setAttribute("role", "status");
  input.parentElement.after(bar, words);
  let timer;
  const judge = () => {
    const { level, advice } = strength(input.value, input.dataset);
    bar.dataset.level = level;
    clearTimeout(timer);
    timer = setTimeout(() => (words.textContent = advice), QUIET);
  };
  input.addEventListener("input", judge);
}

function strength(typed, { min, words }) {
  const text = typed.normalize("NFKC");
  const length = [...text].length;
  if (length === 0) return { level: 0, advice: "" };
  if (length < min) {
    const more = min - length;
    return { level: 1, advice: `Nog ${more} teken${more === 1 ? "" : "s"} erbij.` };
  }
  const squeezed = text.toLowerCase().replace(SEPARATORS, "");
  const unknown = withoutWords(squeezed, words.split(" "));
  if (unknown !== squeezed && [...unknown].length < LEAST_LEFT) {
    return { level: 1, advice: "Te makkelijk: dit lijkt op uw naam, uw bedrijf, dit portaal of een jaargetijde." };
  }
  const surprising = [...withoutPatterns(unknown)].length;
  if (surprising < LEAST_LEFT) return { level: 1, advice: "Zwak: veel herhaling. Losse woorden na elkaar zijn sterker." };
  if (surprising < STRONG) return { level: 2, advice: "Goed. Nog een woord erbij maakt het sterk." };
  return { level: 3, advice: "Sterk." };
}

function withoutWords(text, words) {
  const rest = text.replace(SEASON_AND_YEAR, "");
  return words.reduce((left, word) => (word ? left.replaceAll(word, "") : left), rest);
}

/* "abcabcabc" says no more than "abc", and "12345678" no more than "12". */
function withoutPatterns(text) {
  const codes = [...text.replace(REPEATED, "$1")].map((character) => character.codePointAt(0));
  const step = (at) => codes[at] - codes[at - 1];
  const goesOn = (at) => at > 1 && Math.abs(step(at)) === 1 && step(at) === step(at - 1);
  return String.fromCodePoint(...codes.filter((_, at) => !goesOn(at)));
}
