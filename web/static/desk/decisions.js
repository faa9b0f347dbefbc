// Decisions: of the open article, of all that are selected, and taking the last one back.
import { askWhy } from "./dialogs.js";
import { back, neighbour, rowOf, selected, shown, unpick } from "./queue.js";
import { undoing } from "./toasts.js";

const pane = document.getElementById("item");
let unsent = {}; // the reason of a decision that the server has not taken yet: it is offered again for the same
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
  const { id } = article.dataset;
  const move = button.dataset.move;
  const reason = await why(button, id);
  if (reason === null) return;
  const next = neighbour(1, id) ?? neighbour(-1, id);
  const row = rowOf(id);
  article.classList.add("busy");
  row?.classList.add("leaving");
  try {
    await htmx.ajax("POST", `/desk/items/${encodeURIComponent(id)}/decide${back()}`, {
      source: pane,
      target: pane,
      values: { move, reason, next: next?.dataset.id ?? "", version: article.dataset.version, shown: row ? id : "" },
      headers: { "If-Match": `"${article.dataset.tag}"` },
    });
  } finally {
    article.classList.remove("busy");
    row?.classList.remove("leaving");
  }
}

async function decideAll(button) {
  const ids = selected().map(([id, tag]) => `${id}~${tag}`);
  const move = button.dataset.move;
  if (!ids.length) return;
  const reason = await why(button, ids.join(","));
  if (reason === null) return;
  await htmx.ajax("POST", `/desk/decide${back()}`, {
    source: document.getElementById("list"),
    target: "#item",
    swap: "none",
    values: { ids: ids.join(","), move, reason, shown: shown().join(",") },
  });
}

// The reason of a move, where it takes one; null where the editor thought better of it.
async function why(button, of) {
  if (!("reason" in button.dataset)) return "";
  const about = `${button.dataset.move} ${of}`;
  const reason = await askWhy(button.dataset.move, nameOf(button), unsent.about === about ? unsent.reason : "");
  if (reason !== null) unsent = { about, reason };
  return reason;
}

const nameOf = (button) => button.firstChild.textContent.trim();

// Takes back what was done last, of what this page still offers to undo.
export const undo = () => undoing()?.click();

if (pane) {
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful || !/^\/desk\/(items\/[^/]+\/)?decide\b/.test(detail.requestConfig.path)) return;
    unsent = {};
    if (detail.requestConfig.path.startsWith("/desk/decide")) unpick();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button || button.disabled || !(button instanceof HTMLButtonElement)) return;
    once(() => (button.closest("#bulk") ? decideAll(button) : decide(button)));
  });
}
