// The live view. What changes every second is not read out every second: the summary alone is, and only when it says
// something else. Whoever wants to read in peace holds it still; a tab that nobody sees asks for nothing.
const view = document.getElementById("live");
const said = document.getElementById("live-said");
const hold = document.getElementById("hold");

function tell() {
  const summary = view.querySelector("[data-summary]")?.textContent ?? "";
  if (said.textContent !== summary) said.textContent = summary;
}

view.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === view && (hold.checked || document.hidden)) event.preventDefault();
});
view.addEventListener("htmx:afterSwap", tell);
