// The page as it was fetched: its frame runs nothing, so what is pointed at in it is seen to from here.
const frame = () => document.getElementById("page");

// The element of the frame in which a run of text stands.
export const runIn = (frame, run) => frame.contentDocument?.querySelector(`[data-run="${CSS.escape(run)}"]`);

// What a rule took out can be reached with the keyboard, and says by which rule; and the article is where one looks first.
document.addEventListener("load", ({ target }) => {
  if (target !== frame()) return;
  const shown = target.contentDocument;
  for (const part of shown.querySelectorAll("[data-mark=removed]")) {
    part.tabIndex = 0;
    part.title = part.dataset.rule;
  }
  shown.querySelector("[data-mark=title], [data-mark=kept]")?.scrollIntoView({ block: "start" });
}, true);

document.addEventListener("click", (event) => {
  const jump = event.target.closest(".jump");
  if (jump && frame()) {
    const there = runIn(frame(), jump.dataset.run);
    there?.scrollIntoView({ block: "center" });
    for (const old of frame().contentDocument.querySelectorAll(".pointed")) old.classList.remove("pointed");
    there?.classList.add("pointed");
  }
  // An article's own links lead away from the desk, and shall not take it along.
  const link = event.target.closest(".clean a[href], .diff a[href]");
  if (link) {
    event.preventDefault();
    window.open(link.href, "_blank", "noopener,noreferrer");
  }
});
