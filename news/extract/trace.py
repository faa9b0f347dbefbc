"""Why a page became its article: every run of its text, in reading order, with what was made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml.html import HtmlElement

from news.article import Article
from news.clean.text import fold
from news.dates import parse_date
from news.extract.evidence import TELLING
from news.extract.framed import page_html
from news.extract.limits import LONGEST_BLOCK
from news.extract.parts import Part, parts_of
from news.extract.reading import Reading, Seen, read
from news.extract.runs import UNREAD, Mark, Run, Trace, holder
from news.site import Site

__all__ = ["Mark", "Run", "Trace", "page_html", "trace"]

# Of an element's path so many steps are told, or fewer where one of them has an id.
_STEPS, _NAME = 5, 60
# A line that says a field says little else: a label, a date beside a name.
_BESIDE = 60
_SENTENCE = 20


def trace(html: bytes | str, url: str, *, site: Site | None = None, content_type: str = "") -> Trace:
    """The article exactly as news.extract.extract gives it, and what became of every run of text of the page.

    Raises InvalidValue for a `url` that is not http(s); never for the page.
    """
    reading = read(html, url, site=site, content_type=content_type)
    if reading.seen is None:
        return Trace(reading.article, (), html, site, content_type)
    evidence = reading.seen.evidence
    return Trace(
        reading.article, tuple(_runs(reading, reading.seen)), html, site, content_type, evidence.root, evidence.base
    )


def _runs(reading: Reading, seen: Seen) -> Iterator[Run]:
    lines = _lines(reading, seen)
    fields = _Fields(reading.article, seen)
    for index, part in enumerate(parts_of(seen.evidence, seen.text)):
        if part.line >= 0:
            mark, rule = lines[part.line]
        elif part.inside:
            mark, rule = Mark.REMOVED, part.rule or UNREAD
        else:
            mark, rule = fields.mark(part), part.rule
        path = _path(holder(part.slots[0]))
        yield Run(index, part.text, mark, rule, part.line, path, tuple(part.slots))


def _lines(reading: Reading, seen: Seen) -> list[tuple[Mark, str]]:
    """What became of each line that was read, and the rule that took it out."""
    text, article = seen.text, reading.article
    kept, drafted = set(map(id, reading.blocks)), set(map(id, text.blocks))
    rules: dict[str, list[str]] = defaultdict(list)
    for gone in article.removed[len(text.removed) :]:
        rules[gone.text].append(gone.rule)
    found: list[tuple[Mark, str]] = []
    for line, block in enumerate(text.read):
        if line in text.struck:
            found.append((Mark.REMOVED, text.struck[line]))
        elif id(block) in kept:
            found.append((Mark.KEPT, ""))
        elif id(block) not in drafted:
            found.append((Mark.CAPTION, ""))
        elif said := rules[block.text]:
            found.append((Mark.REMOVED, said.pop(0) if len(said) > 1 else said[0]))
        elif len(block.text) > LONGEST_BLOCK:
            found.append((Mark.REMOVED, "limits:too-long"))
        else:
            # A bold first paragraph left the body for the lead.
            found.append((Mark.LEAD, ""))
    return found


class _Fields:
    """Which runs outside of the body's place say what the fields say."""

    def __init__(self, article: Article, seen: Seen) -> None:
        self.title, self.lead = fold(article.title), fold(article.lead)
        self.people = [fold(name) for name in article.author.split("; ") if name]
        self.source = fold(article.source)
        self.published = article.published
        self.raw = seen.evidence.chosen.get("published_raw", "")

    def mark(self, part: Part) -> Mark:
        if part.rule and part.rule not in TELLING:
            return Mark.OUTSIDE
        said = fold(part.text)
        if said and said == self.title:
            return Mark.TITLE
        if self._is_lead(said):
            return Mark.LEAD
        if len(part.text) <= 2 * _BESIDE and self._is_date(part.text):
            return Mark.PUBLISHED
        if self.people and all(f" {name} " in f" {said} " for name in self.people):
            return Mark.AUTHOR if len(said) <= sum(map(len, self.people)) + _BESIDE else Mark.OUTSIDE
        if self.source and f" {self.source} " in f" {said} " and len(said) <= len(self.source) + _BESIDE:
            return Mark.SOURCE
        return Mark.OUTSIDE

    def _is_lead(self, said: str) -> bool:
        """All of the lead, perhaps behind an agency's mark, or a whole sentence of it."""
        if not (said and self.lead):
            return False
        whole = said.endswith(self.lead) and len(said) <= len(self.lead) + _BESIDE
        return whole or (len(said) >= _SENTENCE and said in self.lead)

    def _is_date(self, text: str) -> bool:
        if self.published is None:
            return False
        stamp = parse_date(text)
        return bool(self.raw and self.raw in text) or (stamp is not None and stamp.when == self.published)


def _path(element: HtmlElement) -> str:
    steps: list[str] = []
    for up in (element, *element.iterancestors()):
        name, words = up.get("id", "")[:_NAME], up.get("class", "")[: 2 * _NAME].split()
        steps.append(f"{up.tag}#{name}" if name else ".".join([up.tag, *words[:2]]))
        if name or len(steps) == _STEPS or up.tag == "body":
            break
    return " > ".join(reversed(steps))
