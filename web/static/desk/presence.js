// Who is at the open article: says that we are, for as long as we are, and shows who else is.
import { csrf, renewed, spoken } from "./session.js";

const settle = 250; // ms: who leafs through the queue is at none of the articles that pass by
const usual = 15; // seconds between two words from us, where the server has not said
const tab = sessionStorage["bantin-tab"] ??= Math.random().toString(36).slice(2);
const pane = document.getElementById("item");
let here = "";
let timer = 0;

const article = () => pane.querySelector("[data-id]");
const address = (id) => spoken(`/desk/items/${encodeURIComponent(id)}/presence`);

function tell(id, state) {
  const body = new URLSearchParams({ state, tab });
  return fetch(address(id), { method: "POST", body, headers: { "X-CSRF-Token": csrf() }, keepalive: true });
}

async function renew() {
  clearTimeout(timer);
  const open = article();
  if (!open) return;
  const { id } = open.dataset;
  let seconds = usual;
  if (!document.hidden) {
    try {
      const answer = await tell(id, "editing" in open.dataset ? "edit" : "view");
      if (answer.status === 403) await renewed(); // and we are seen the next time
      const shown = document.getElementById("presence");
      if (answer.ok && shown && article()?.dataset.id === id) {
        const part = document.createRange().createContextualFragment(await answer.text()).firstElementChild;
        // Said once: a screen reader would read the same sentence every quarter of a minute.
        if (part.textContent !== shown.textContent) shown.replaceChildren(...part.childNodes);
        seconds = Number(part.dataset.seconds) || usual;
      }
    } catch {
      // no connection: nobody sees us, and we say so again when there is one
    }
  }
  clearTimeout(timer);
  timer = setTimeout(renew, 1000 * seconds);
}

function look() {
  const id = article()?.dataset.id ?? "";
  if (here && here !== id) tell(here, "gone").catch(() => {});
  here = id;
  clearTimeout(timer);
  if (id) timer = setTimeout(renew, settle);
}

if (pane) {
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target === pane) look();
  });
  document.addEventListener("visibilitychange", () => document.hidden || renew());
  addEventListener("pagehide", () => here && tell(here, "gone").catch(() => {}));
  look();
}
