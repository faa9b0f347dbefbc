// The keys of the desk. A key does what a button or a link on the page does (data-key), so that nothing has a key alone.
import { undo } from "./decisions.js";
import { inDialog, showHelp } from "./dialogs.js";
import { move, openId, pick, unpick } from "./queue.js";

const stored = "bantin-desk-keys";
const ways = {
  j: () => move(1),
  k: () => move(-1),
  x: () => pick(openId()),
  u: undo,
  "?": showHelp,
  "/": () => document.getElementById("words")?.select(),
};

// WCAG 2.1.4: who speaks to the computer, or whose hands slip, can switch single letters off.
const on = () => localStorage.getItem(stored) !== "off";

// Vietnamese is typed with an input method, whose keys are not ours until it is done: 229 is what browsers say of them.
const composing = (event) => event.isComposing || event.keyCode === 229;
const typing = (target) =>
  target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function pressed(event) {
  if (composing(event) || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.key === "Escape") return leave(event);
  if (typing(event.target) || inDialog() || !on()) return;
  const way = ways[event.key] ?? button(event.key);
  if (!way) return;
  event.preventDefault();
  way();
}

function button(key) {
  if (!/^[a-zA-Z0-9]$/.test(key)) return null;
  const shifted = key !== key.toLowerCase();
  const found = document.querySelector(`${shifted ? "#bulk" : "#item"} [data-key="${key}"]:not([disabled])`);
  return found && (!shifted || !found.closest("[hidden]")) ? () => found.click() : null;
}

function leave(event) {
  if (inDialog()) return; // the browser closes it
  if (typing(event.target)) event.target.blur();
  else unpick();
}

document.addEventListener("keydown", pressed);

const box = document.getElementById("keys-on");
if (box) {
  box.checked = on();
  box.addEventListener("change", () => localStorage.setItem(stored, box.checked ? "on" : "off"));
}
