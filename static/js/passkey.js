/* A form with data-passkey: before it is sent, the browser makes a passkey ("create") or logs in with
   one ("get"), as data-options asks. The answer goes along in the field "answer". */

const PROBLEMS = {
  cancelled: "U hebt geannuleerd, of er is hier geen passkey voor dit account. Probeer het opnieuw, of gebruik een andere inlogoptie.",
  expired: "De tijd is verlopen. Probeer het opnieuw.",
  unsupported: "Deze browser of dit apparaat kan geen passkeys gebruiken. Gebruik een andere browser of een andere inlogoptie.",
  unverified: "Dit apparaat kan niet controleren dat u het bent. Stel een schermvergrendeling in, of gebruik een ander apparaat.",
  present: "Op dit apparaat staat al een passkey voor uw account.",
  elsewhere: "Op dit adres werken uw passkeys niet. Open het portaal via de link in een van onze e-mails.",
  other: "Het is niet gelukt. Probeer het opnieuw, of gebruik een andere inlogoptie.",
};
const BY_ERROR = {
  NotAllowedError: "cancelled",
  AbortError: "cancelled",
  NotSupportedError: "unsupported",
  ConstraintError: "unverified",
  InvalidStateError: "present",
  SecurityError: "elsewhere",
};

function toBytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withBytes = (descriptors = []) => descriptors.map((one) => ({ ...one, id: toBytes(one.id) }));

function publicKey(options) {
  const asked = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) {
    asked.user = { ...options.user, id: toBytes(options.user.id) };
    asked.excludeCredentials = withBytes(options.excludeCredentials);
  } else {
    asked.allowCredentials = withBytes(options.allowCredentials);
  }
  return asked;
}

function asJson(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  const { id, type } = credential;
  const extensions = credential.getClientExtensionResults();
  return JSON.stringify({ id, rawId: id, type, response, clientExtensionResults: extensions });
}

/* Browsers give one error for "cancelled" and "too late": only the clock knows which it was. */
function problemOf(error, options, startedAt) {
  const problem = BY_ERROR[error.name] ?? "other";
  const isLate = performance.now() - startedAt >= options.timeout - 1000;
  return problem === "cancelled" && isLate ? "expired" : problem;
}

function tell(form, problem) {
  const notice = form.querySelector("[data-problem]");
  notice.hidden = !problem;
  document.querySelector(".error-summary")?.remove(); /* of the time before */
  notice.querySelector("p").textContent = problem ? PROBLEMS[problem] : "";
}

async function answerOf(form) {
  const options = JSON.parse(form.dataset.options);
  const startedAt = performance.now();
  if (!window.PublicKeyCredential) return { problem: "unsupported" };
  try {
    const asked = { publicKey: publicKey(options) };
    return { answer: asJson(await navigator.credentials[form.dataset.passkey](asked)) };
  } catch (error) {
    return { problem: problemOf(error, options, startedAt) };
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const field = form.elements.answer;
  let isBusy = false;

  form.addEventListener("submit", async (event) => {
    const isIncomplete = [...form.elements].some((one) => one.required && !one.value.trim());
    if (field.value || isIncomplete) return; /* the server says what is missing */
    event.preventDefault();
    event.stopImmediatePropagation(); /* not sent yet: a second press is allowed */
    if (isBusy) return;
    isBusy = true;
    tell(form, "");
    const { answer, problem } = await answerOf(form);
    isBusy = false;
    if (problem) {
      tell(form, problem);
      return;
    }
    field.value = answer;
    form.requestSubmit();
  });
  /* Back on this page: what was sent is used up. */
  window.addEventListener("pageshow", () => {
    field.value = "";
  });
}
