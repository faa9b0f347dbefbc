// Dialogs: why something is rejected, the keys, and a sheet for whatever a part of the desk shows in one.
const sheet = document.getElementById("sheet");
const why = document.getElementById("why");

export const inDialog = () => document.querySelector("dialog[open]") !== null;

export function showHelp() {
  document.getElementById("help").showModal();
}

// Asks for the reason of a move, for which `before` was said already; gives it, or null where the editor thought better
// of it.
export function askWhy(move, name, before) {
  const form = why.querySelector("form");
  const words = form.querySelector("textarea");
  const wrong = form.querySelector(".wrong");
  form.reset();
  words.value = before;
  wrong.textContent = "";
  form.querySelector("h2").textContent = `${name}: ${form.querySelector("h2").dataset.text}`;
  document.getElementById("why-yes").textContent = name;
  for (const group of form.querySelectorAll("fieldset")) group.hidden = group.dataset.move !== move;
  const group = form.querySelector("fieldset:not([hidden])");
  why.returnValue = "";
  why.showModal();
  (group?.querySelector("input") ?? words).focus();
  return new Promise((resolve) => {
    const submit = (event) => {
      const reason = said(group, words);
      if (reason) return;
      event.preventDefault();
      wrong.textContent = wrong.dataset.text;
    };
    form.addEventListener("submit", submit);
    why.addEventListener("close", () => {
      form.removeEventListener("submit", submit);
      resolve(why.returnValue === "yes" ? said(group, words) : null);
    }, { once: true });
  });
}

function said(group, words) {
  const chosen = group?.querySelector(":checked")?.value ?? "";
  return [chosen, words.value.trim()].filter(Boolean).join(": ");
}

document.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest("dialog").close());
why?.addEventListener("keydown", (event) => {
  // Enter in the list of reasons decides; in the words it is a new line.
  if (event.key === "Enter" && event.target.matches("[type=radio]") && !event.isComposing) {
    event.preventDefault();
    document.getElementById("why-yes").click();
  }
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === sheet && sheet.children.length && !sheet.open) sheet.showModal();
});
document.addEventListener("desk-close", () => sheet?.close());
sheet?.addEventListener("close", () => sheet.replaceChildren());
