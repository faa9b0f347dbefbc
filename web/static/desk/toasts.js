// What is said at the edge of the page: what was done, with a way to undo it, and that something failed.
const box = document.getElementById("toasts");

// Says one of the sentences that the page holds (data-NAME of #said).
export function say(name) {
  const text = document.getElementById("said")?.dataset[name];
  if (text) toast(text);
}

export function toast(text) {
  const shown = document.createElement("div");
  const words = document.createElement("p");
  shown.className = "toast";
  shown.dataset.lasts = "12";
  words.textContent = text;
  shown.append(words, dismissal());
  box?.append(shown);
}

// The button that undoes what was done last, or null.
export const undoing = () => [...(box?.querySelectorAll("[data-undo]") ?? [])].at(-1) ?? null;

function dismissal() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "dismiss";
  button.setAttribute("aria-label", box.dataset.dismiss);
  button.textContent = "×";
  return button;
}

if (box) {
  box.addEventListener("click", (event) => event.target.closest(".dismiss")?.closest(".toast").remove());
  // What was undone is not offered again.
  box.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (detail.successful && "undo" in target.dataset) target.closest(".toast").remove();
  });
  // More than the newest of each kind would lie on the article; what can be undone stays for as long as it can, even if
  // it is not shown.
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.dataset?.lasts) setTimeout(() => node.remove(), 1000 * node.dataset.lasts);
    }
    for (const kind of [":has([data-undo])", ":not(:has([data-undo]))"]) {
      const toasts = [...box.querySelectorAll(`.toast${kind}`)];
      toasts.forEach((one, n) => { one.hidden = n < toasts.length - 1; });
    }
  }).observe(box, { childList: true });
}
