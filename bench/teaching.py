"""What an editor waits for who asks why a page became its article, and how far one correction carries on its site."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import lxml.html

from bench.figures import Figure, run
from demo.server import Demo
from demo.wire import Request
from news.article import Article
from news.extract import extract
from news.extract.trace import Mark, Run, Trace, page_html, trace
from news.review.rules import SiteRule
from news.review.teaching import Gesture, Proposal, proposals
from news.site import Site

PAGES, QUICK_PAGES = 12, 4
# What no rule for all pages knows, with other numbers on each page.
LINE = "Phối hợp thực hiện cùng đài của tỉnh, kỳ {0} năm 2026"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a site, as a parser writes it."""

    html: str
    url: str
    site: Site

    def read(self, *rules: SiteRule) -> Article:
        return extract(self.html, self.url, site=self.site.with_rules(rules))

    def traced(self) -> Trace:
        return trace(self.html, self.url, site=self.site)

    def spoilt(self, fault: Fault, number: int) -> tuple[Page, str]:
        """The page as a worse template would have made it, and how the text begins that is wrong on it now."""
        found = self.traced()
        kept = [run for run in found.runs if run.mark is Mark.KEPT and len(run.text) > len(LINE)]
        line = kept[len(kept) // 2]
        begins = fault.spoil(line, number)
        return Page(_written(found), self.url, self.site), begins


@dataclass(frozen=True, slots=True)
class Fault:
    """What a template does to a line of every page of its site, and the gesture that corrects it."""

    name: str
    gesture: Gesture
    spoil: Callable[[Run, int], str]


def pages(count: int) -> list[list[Page]]:
    """So many pages of each sample portal."""
    with Demo(base_port=0) as demo:
        return [
            [_page(portal.respond(Request("GET", a.path, {})).body, portal.url(a), demo.site(name)) for a in articles]
            for name, portal in demo.portals.items()
            for articles in [portal.articles[:count]]
        ]


def _page(body: bytes, url: str, site: Site) -> Page:
    return Page(_written(trace(body, url, site=site)), url, site)


def _written(found: Trace) -> str:
    assert found.root is not None
    return str(lxml.html.tostring(found.root.getroottree(), encoding="unicode"))


def _with_line(line: Run, number: int) -> str:
    return _with(line, f"<p>{LINE.format(number)}</p>")


def _with_box(line: Run, number: int) -> str:
    return _with(line, f"<div class='doi-tac css-{number}x{number}'><p>{LINE.format(number)}</p></div>")


def _with(line: Run, markup: str) -> str:
    added = lxml.html.fragment_fromstring(markup)
    added.tail, line.element.tail = line.element.tail, ""
    line.element.addnext(added)
    return LINE.partition("{")[0]


def _boxed(line: Run, number: int) -> str:
    inner = line.element
    box = lxml.html.fragment_fromstring("<div class='related-story'></div>")
    box.tail, inner.tail = inner.tail, ""
    inner.addprevious(box)
    box.append(inner)
    return line.text


FAULTS = (
    Fault("a line of the template in the text", Gesture.BOILERPLATE, _with_line),
    Fault("a box of the template in the text", Gesture.BOILERPLATE, _with_box),
    Fault("a paragraph in a box called related", Gesture.RESTORE, _boxed),
)


def proposed(found: Trace, begins: str, gesture: Gesture) -> tuple[Proposal, ...]:
    at = [run.index for run in found.runs if run.text.startswith(begins)]
    return proposals(found, at[:1], gesture)


def measure(quick: bool) -> Sequence[Figure]:
    sites = pages(QUICK_PAGES if quick else PAGES)
    return [*_waits([page for site in sites for page in site]), *_carries(sites)]


def _waits(every: Sequence[Page]) -> list[Figure]:
    """How long each look at a page takes, beside reading it."""
    read, seen, shown = ([] for _ in range(3))
    for page in every:
        start = time.perf_counter()
        page.read()
        after_read = time.perf_counter()
        found = page.traced()
        after_trace = time.perf_counter()
        page_html(found)
        read.append(after_read - start)
        seen.append(after_trace - after_read)
        shown.append(time.perf_counter() - after_read)
    ratios = [median(b / a for a, b in zip(read, times, strict=True)) for times in (seen, shown)]
    beside = f"reading it {1000 * median(read):.1f} ms"
    return [
        Figure("a trace, as a multiple of reading the page", ratios[0], "", "<= 2", ratios[0] <= 2, beside),
        Figure("a trace and the page in a frame", ratios[1], "", "<= 3", ratios[1] <= 3, beside),
    ]


def _carries(sites: Sequence[Sequence[Page]]) -> list[Figure]:
    """On how many pages of a site a rule that was taught on one puts right what its template does to all."""
    figures: list[Figure] = []
    waits: list[float] = []
    for fault in FAULTS:
        right = total = 0
        for pages in sites:
            first, begins = pages[0].spoilt(fault, 1)
            found = first.traced()
            start = time.perf_counter()
            offered = proposed(found, begins, fault.gesture)
            waits.append(time.perf_counter() - start)
            rules = [SiteRule("1", first.site.id, p.kind, p.value, p.field) for p in offered[:1]]
            for number, page in enumerate(pages[1:], 2):
                total += 1
                right += page.spoilt(fault, number)[0].read(*rules).body == page.read().body
        share = right / total
        figures.append(Figure(f"right by one rule: {fault.name}", share, "", ">= .9", share >= 0.9, f"{total} pages"))
    return [*figures, Figure("a gesture until its rules are proposed", 1000 * median(waits), "ms")]


if __name__ == "__main__":
    run("teaching", measure)
