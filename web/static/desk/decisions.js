// Decisions: of the open article, of all that are selected, and taking the last one back.
import { askWhy } from "./dialogs.js";
import { back, neighbour, rowOf, selected, shown, unpick } from "./queue.js";
import { undoing } from "./toasts.js";

const pane = document.getElementById("item");
let busy = false; // a second key before the answer would decide what nobody has seen

async function once(doing) {
  if (busy) return;
  busy = true;
  try {
    await doing();
  } finally {
    busy = false;
  }
}

async function decide(button) {
  const article = pane.querySelector("[data-id]");
  const move = button.dataset.move;
  const reason = "reason" in button.dataset ? await askWhy(move, nameOf(button)) : "";
  if (reason === null) return;
  const id = article.dataset.id;
  const next = neighbour(1, id) ?? neighbour(-1, id);
  const row = rowOf(id);
  article.classList.add("busy");
  row?.classList.add("leaving");
  await htmx.ajax("POST", `/desk/items/${encodeURIComponent(id)}/decide${back()}`, {
    source: pane,
    target: pane,
    values: { move, reason, next: next?.dataset.id ?? "", version: article.dataset.version, shown: row ? id : "" },
    headers: { "If-Match": `"${article.dataset.tag}"` },
  });
  article.classList.remove("busy");
  row?.classList.remove("leaving");
}

async function decideAll(button) {
  const ids = selected().map(([id, tag]) => `${id}~${tag}`);
  const move = button.dataset.move;
  if (!ids.length) return;
  const reason = "reason" in button.dataset ? await askWhy(move, nameOf(button)) : "";
  if (reason === null) return;
  await htmx.ajax("POST", `/desk/decide${back()}`, {
    source: document.getElementById("list"),
    target: "#item",
    swap: "none",
    values: { ids: ids.join(","), move, reason, shown: shown().join(",") },
  });
  unpick();
}

const nameOf = (button) => button.firstChild.textContent.trim();

// Takes back what was done last, of what this page still offers to undo.
export const undo = () => undoing()?.click();

if (pane) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button || button.disabled || !(button instanceof HTMLButtonElement)) return;
    once(() => (button.closest("#bulk") ? decideAll(button) : decide(button)));
  });
}
