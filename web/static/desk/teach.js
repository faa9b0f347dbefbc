// Teaching: text of the framed page is picked, rules are proposed for it, and what each changes is told as it is found.
// The frame runs nothing; whatever happens in it is seen to from here.
import { send } from "./session.js";

const picked = new Set();
let last = null; // the run from which Shift selects
let current = null; // the run on which the keys are
let looking = null; // ends the preview under way
let waiting = 0;

const page = () => document.getElementById("page")?.contentDocument;
const bar = () => document.getElementById("gestures");
const spans = (run) => page()?.querySelectorAll(`[data-run="${run}"]`) ?? [];
const runs = () => [...new Set([...(page()?.querySelectorAll("[data-run]") ?? [])].map((span) => Number(span.dataset.run)))];

function show() {
  for (const span of page()?.querySelectorAll("[data-run]") ?? []) {
    span.toggleAttribute("data-picked", picked.has(Number(span.dataset.run)));
    span.toggleAttribute("data-current", Number(span.dataset.run) === current);
  }
  const place = bar();
  if (!place) return;
  const said = place.querySelector(".picked");
  said.textContent = picked.size ? said.dataset.picked.replace("{count}", picked.size) : "";
  for (const way of place.querySelectorAll("button, select")) way.disabled = !picked.size;
}

function pick(run, range) {
  const known = runs();
  if (range && last !== null) {
    const [from, to] = [known.indexOf(last), known.indexOf(run)].sort((a, b) => a - b);
    for (const one of known.slice(from, to + 1)) picked.add(one);
  } else if (picked.has(run)) {
    picked.delete(run);
  } else {
    picked.add(run);
  }
  last = run;
  current = run;
  show();
}

function walk(step) {
  const known = runs();
  const at = known.indexOf(current);
  current = known[Math.max(0, Math.min(known.length - 1, at + step))] ?? null;
  spans(current)[0]?.scrollIntoView({ block: "nearest" });
  show();
}

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const ways = {
    ArrowDown: () => walk(1),
    ArrowUp: () => walk(-1),
    " ": () => current !== null && pick(current, event.shiftKey),
    Enter: () => bar()?.querySelector("[data-gesture]:not([disabled])")?.focus(),
  };
  const letter = bar()?.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  const way = ways[event.key] ?? (letter ? () => letter.click() : null);
  if (!way) return;
  event.preventDefault();
  way();
}

function enter() {
  picked.clear();
  last = current = null;
  const inside = page();
  if (inside?.body && bar()) {
    warm();
    inside.body.tabIndex = 0;
    inside.addEventListener("click", (event) => {
      const span = event.target.closest?.("[data-run]");
      if (span) pick(Number(span.dataset.run), event.shiftKey);
    });
    inside.addEventListener("keydown", pressed);
  }
  show();
}

// A frame's load does not bubble; it is caught on its way down.
document.addEventListener("load", (event) => event.target.id === "page" && enter(), true);
if (page()?.readyState === "complete") enter();

function mean(gesture, field) {
  const place = bar();
  const say = (name, value) => (place.querySelector(`[name=${name}]`).value = value);
  say("runs", [...picked].sort((a, b) => a - b).join(","));
  say("gesture", gesture);
  say("field", field);
  htmx.trigger(place, "teach");
}

document.addEventListener("click", (event) => {
  const way = event.target.closest("button");
  if (!way) return;
  if (way.dataset.gesture) mean(way.dataset.gesture, "");
  if ("unpick" in way.dataset) {
    picked.clear();
    show();
  }
  const form = way.closest("[data-teaching]");
  if (form && "look" in way.dataset) look(form);
  if (form && "cancel" in way.dataset) {
    looking?.abort();
    form.remove();
    bar()?.querySelector("button")?.focus();
  }
});

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("select[data-gesture]") && target.value) {
    mean("field", target.value);
    target.value = "";
  }
  const form = target.closest?.("[data-teaching]");
  if (!form || target.name !== "kind") return;
  if ("value" in target.dataset) {
    form.value.value = target.dataset.value;
    look(form);
  } else {
    unsettle(form);
    form.value.select();
  }
});

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("[data-teaching]");
  if (!form || target.name !== "value") return;
  unsettle(form);
  clearTimeout(waiting);
  waiting = setTimeout(() => form.isConnected && look(form), 700);
});

// Enter in the field of the rule shows what it does; only the button consents.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.name !== "value") return;
  const form = event.target.closest("[data-teaching]");
  if (!form) return;
  event.preventDefault();
  look(form);
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const form = target.querySelector?.("[data-teaching]");
  if (form && !form.dataset.begun) {
    form.dataset.begun = "yes";
    form.querySelector("[tabindex='-1']")?.focus();
    look(form);
  }
});

// What is refused is told in words where it was asked, and nothing else goes away.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const place = detail.requestConfig?.elt.closest?.(".teach, [data-teaching], .rule");
  if (!place || !detail.xhr.getResponseHeader("Content-Type")?.startsWith("application/problem+json")) return;
  detail.shouldSwap = false;
  const { detail: problem, remedy } = JSON.parse(detail.xhr.responseText);
  const wrong = place.querySelector(".wrong");
  wrong.closest("[hidden]")?.removeAttribute("hidden");
  wrong.textContent = [problem, remedy].filter(Boolean).join(" ");
});

// Reading pages takes a process that takes two seconds to start: it is asked for before somebody needs it.
const warm = () => fetch("/desk/teach").catch(() => {});
if (document.querySelector(".rule")) warm();

function unsettle(form) {
  looking?.abort();
  const consent = form.querySelector("[data-consent]");
  consent.disabled = true;
  form.querySelector(`#${consent.getAttribute("aria-describedby")}`).hidden = false;
}

async function look(form) {
  unsettle(form);
  if (form.value && !form.value.value.trim()) return;
  const mine = (looking = new AbortController());
  const place = form.querySelector("[data-preview]");
  const part = (selector) => place.querySelector(selector);
  place.hidden = false;
  part(".sum").textContent = part(".sum").dataset.looking;
  part(".wrong").textContent = "";
  part(".effects").replaceChildren();
  part("progress").hidden = false;
  part("progress").value = 0;
  const asked = new URL(form.dataset.source, location.href);
  for (const [name, value] of new FormData(form)) if (name !== "csrf") asked.searchParams.set(name, value);
  try {
    const answer = await send(asked, { signal: mine.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) {
      const problem = await answer.json();
      part(".wrong").textContent = [problem.detail, problem.remedy].filter(Boolean).join(" ");
      part(".sum").textContent = "";
      part("progress").hidden = true;
      return;
    }
    for await (const told of lines(answer)) if (looking === mine) tell(form, part, told);
  } catch (error) {
    if (error.name !== "AbortError") part(".wrong").textContent = document.getElementById("said")?.dataset.failed ?? String(error);
  }
}

function tell(form, part, told) {
  if (told.stopped) {
    part(".sum").textContent = told.stopped;
    return;
  }
  part("progress").value = told.of ? (100 * told.looked) / told.of : 100;
  part(".sum").textContent = [told.said, told.carried].filter(Boolean).join(" ");
  if (told.html) part(".effects").insertAdjacentHTML("beforeend", told.html);
  if (!told.done) return;
  part("progress").hidden = true;
  const consent = form.querySelector("[data-consent]");
  consent.disabled = false;
  consent.classList.toggle("danger", told.lost > 0);
  consent.textContent = told.lost ? consent.dataset.loses : consent.dataset.harmless;
  form.querySelector(`#${consent.getAttribute("aria-describedby")}`).hidden = true;
}

async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const line of parts) if (line) yield JSON.parse(line);
  }
}
