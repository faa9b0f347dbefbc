// The keys of the console: j and k go from row to row ([data-row]), Enter opens what the row links to, / goes to the
// search (#words), ? shows the keys. Any button or link with data-key="r" is clicked by that key.
import { inDialog, showHelp } from "../desk/dialogs.js";

const stored = "bantin-desk-keys"; // one switch for desk and console
const on = () => localStorage.getItem(stored) !== "off";
const composing = (event) => event.isComposing || event.keyCode === 229;
const typing = (target) =>
  target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

function move(step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  next?.querySelector("a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const ways = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("words")?.select(),
  "?": showHelp,
};

function pressed(event) {
  if (composing(event) || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && !inDialog() && typing(event.target)) event.target.blur();
  // What was searched for is there: the next key goes through it.
  if (event.key === "Enter" && event.target.id === "words") setTimeout(() => event.target.blur());
  if (typing(event.target) || inDialog() || !on()) return;
  const button = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]:not([disabled])`);
  const way = ways[event.key] ?? (button && !event.repeat ? () => button.click() : null);
  if (!way) return;
  event.preventDefault();
  way();
}

document.addEventListener("keydown", pressed);

const box = document.getElementById("keys-on");
if (box) {
  box.checked = on();
  box.addEventListener("change", () => localStorage.setItem(stored, box.checked ? "on" : "off"));
}
