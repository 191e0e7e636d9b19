/* "Dossier zoeken" while typing. Without this file the button does the same. */

const LETTERS = 3; /* dossiers.names.LETTERS */
const FAILED = "Zoeken lukt nu niet. Probeer het zo nog eens.";

const PLACES = "[data-search], .search-results";

const found = () => [...document.querySelectorAll(".search-results .row-link")];
const part = (form, selector) => form.parentElement.querySelector(selector);

/* Too few letters yet: ask nothing, and show nothing of an earlier search. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("[data-search]");
  if (!form || event.detail.requestConfig.triggeringEvent?.type === "submit") return;
  if (form.elements.text.value.trim().length >= LETTERS) return;
  event.preventDefault();
  part(form, "#search-results").replaceChildren();
  part(form, "#search-status").replaceChildren();
});

/* Too often in a minute: that answer is in words, for the list. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.target.closest(PLACES)) return;
  if (event.detail.xhr.status !== 429) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

/* No answer: say so. */
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    if (!event.target.closest(PLACES)) return;
    document.querySelector("#search-status").textContent = FAILED;
  });
}

/* More is shown: the keyboard goes on at the first that was not there yet. */
document.addEventListener("htmx:afterSettle", (event) => {
  const shown = event.detail.requestConfig?.elt.dataset.more;
  if (shown) found()[shown]?.focus();
});

/* Down and up through the results, Escape back to the box; Enter follows the link by itself. */
document.addEventListener("keydown", (event) => {
  if (!event.target.closest(PLACES)) return;
  const links = found();
  const box = document.querySelector("[data-search] [name=text]");
  const at = links.indexOf(event.target);
  const goal = { ArrowDown: links[at + 1], ArrowUp: at > 0 ? links[at - 1] : box, Escape: at >= 0 && box };
  if (!goal[event.key]) return;
  event.preventDefault();
  goal[event.key].focus();
});
