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
  scrollTo(target, shown.querySelector("[data-mark=title], [data-mark=kept]"), 16);
}, true);

// Scrolls the frame alone: scrollIntoView would move the desk around it as well.
function scrollTo(frame, part, above) {
  if (!part) return;
  const view = frame.contentWindow;
  view.scrollTo(0, view.scrollY + part.getBoundingClientRect().top - above);
}

document.addEventListener("click", (event) => {
  const jump = event.target.closest(".jump");
  if (jump && frame()) {
    const there = runIn(frame(), jump.dataset.run);
    scrollTo(frame(), there, frame().clientHeight / 3);
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
