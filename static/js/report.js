/* The sick report: says in words which way round the typed percentage counts. */

const input = document.querySelector("[name=percentage]");
const words = document.querySelector("[data-percentage-in-words]");

function say() {
  const typed = input.value.trim().replace(/\s*%$/, "");
  const percentage = /^\d{1,2}$/.test(typed) ? Number(typed) : 0;
  words.textContent = percentage
    ? `${percentage}% arbeidsongeschikt = ${100 - percentage}% aan het werk`
    : "";
}

input.addEventListener("input", say);
say();
