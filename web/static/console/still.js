// What keeps itself up to date leaves in peace whoever reads it: what says the same is not put there anew, so that focus
// and selection stay; what was unfolded stays unfolded where something new comes; and where nothing comes any more, the
// page says since when it stands still.
const patience = 8000; // ms until an answer is missed
const box = document.getElementById("stale");
const shown = new Map(); // by id of what is replaced: what was put there last
const waiting = new Map(); // by request: the timer that misses its answer
let heard = new Date();

const quiet = ({ elt }) => "quiet" in elt.dataset;

function miss() {
  if (box.textContent) return;
  const clock = heard.toLocaleTimeString(document.documentElement.lang, { hour12: false });
  box.textContent = box.dataset.text.replace("{when}", clock);
}

function hear() {
  heard = new Date();
  if (box.textContent) box.textContent = "";
}

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (quiet(detail)) waiting.set(detail.xhr, setTimeout(miss, patience));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!waiting.has(detail.xhr)) return;
  clearTimeout(waiting.get(detail.xhr));
  waiting.delete(detail.xhr);
  if (detail.successful) hear();
  else if (detail.xhr.status === 0 || detail.xhr.status >= 500) miss();
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { id } = detail.target;
  const itself = detail.target === detail.requestConfig.elt;
  if (!id || !detail.shouldSwap) return;
  if (itself && quiet(detail.requestConfig) && shown.get(id) === detail.serverResponse) detail.shouldSwap = false;
  shown.set(id, detail.serverResponse);
});
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  for (const old of detail.target.querySelectorAll("details")) {
    const anew = old.querySelector("summary[id]") && detail.fragment.getElementById(old.querySelector("summary").id);
    if (anew) anew.parentElement.open = old.open;
  }
});
