// The queue: which row is open, which are selected, the next and the one before, and folding it away.
const rows = () => [...document.querySelectorAll("#rows .row")];
const pane = document.getElementById("item");
const few = 10; // rows
const picked = new Map(); // what is selected, with the state in which it was seen

export const openId = () => pane?.querySelector("[data-id]")?.dataset.id ?? "";
export const rowOf = (id) => document.getElementById(`row-${id}`);
export const back = () => document.getElementById("rows")?.dataset.back ?? "";
export const shown = () => rows().map((row) => row.dataset.id);
export const selected = () => [...picked];
const add = (row) => picked.set(row.dataset.id, row.dataset.tag);

// The row after (1) or before (-1) the open one; the first where none is open.
export function neighbour(step, id = openId()) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.id === id);
  if (at < 0) return step > 0 ? all[0] : undefined;
  return all[at + step];
}

export function open(row) {
  row?.querySelector("a.open").click();
}

export function move(step) {
  const row = neighbour(step);
  if (row) open(row);
  else if (step > 0) document.querySelector("#more button")?.click();
}

export function pick(id) {
  const row = rowOf(id);
  if (!row) return;
  if (!picked.delete(id)) add(row);
  show();
}

export function unpick() {
  picked.clear();
  show();
}

// Shows what is open and what is selected; rows that were brought anew know nothing of it.
export function show() {
  const id = openId();
  for (const row of rows()) {
    const link = row.querySelector("a.open");
    if (row.dataset.id === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    row.querySelector("[name=ids]").checked = picked.has(row.dataset.id);
  }
  const bulk = document.getElementById("bulk");
  if (!bulk) return;
  bulk.hidden = picked.size === 0;
  const said = document.getElementById("picked");
  said.textContent = said.dataset.text.replace("{count}", picked.size);
  const all = document.getElementById("pick-all");
  if (all) all.checked = picked.size > 0 && rows().every((row) => picked.has(row.dataset.id));
}

// Whoever decides by key must not come to an end that is none: the next rows are asked for before.
function fill() {
  const more = document.querySelector("#more button:not([data-asked])");
  if (!more || rows().length >= few) return;
  more.dataset.asked = "";
  more.click();
}

function fold(folded = !document.body.classList.contains("folded")) {
  document.body.classList.toggle("folded", folded);
  document.getElementById("collapse").setAttribute("aria-expanded", String(!folded));
}

if (pane) {
  document.addEventListener("change", ({ target }) => {
    if (target.name === "ids") {
      if (target.checked) add(target.closest(".row"));
      else picked.delete(target.value);
      show();
    } else if (target.id === "pick-all") {
      for (const row of rows()) {
        if (target.checked) add(row);
        else picked.delete(row.dataset.id);
      }
      show();
    }
  });
  document.getElementById("unpick").addEventListener("click", () => unpick());
  document.getElementById("collapse").addEventListener("click", () => fold());
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    show();
    fill();
    if (detail.target !== pane) return;
    pane.scrollTop = 0;
    rowOf(openId())?.scrollIntoView({ block: "nearest" });
    if (matchMedia("(max-width: 45rem), (max-height: 30rem)").matches) fold(true);
    // Who reads with their ears hears what was opened; who came to type can.
    const start = pane.querySelector("[data-focus]");
    (start ?? pane.querySelector("h2"))?.focus({ preventScroll: !document.body.classList.contains("folded") });
    start?.scrollIntoView({ block: "nearest" });
  });
  const again = () => htmx.ajax("GET", `/desk/queue${back()}`, { target: "#list" });
  document.addEventListener("desk-queue", again);
  document.addEventListener("desk-reload", () => {
    again();
    const id = openId();
    if (id) htmx.ajax("GET", `/desk/items/${encodeURIComponent(id)}${back()}`, { target: "#item" });
  });
  show();
}
