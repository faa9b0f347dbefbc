"""When the page says that its article was published and changed, with the words in which it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from lxml.html import HtmlElement

from news.article import VIETNAM, Precision
from news.clean.boilerplate import box_rule
from news.clean.text import fold
from news.dates import Stamp, date_in_url, find_dates, parse_date, parse_machine_date
from news.extract.evidence import Evidence
from news.extract.jsonld import text as json_text
from news.extract.meta import microdata
from news.extract.tree import classes, text_of

_DATE_HINT = re.compile(
    r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}|(?:tháng|thg\.?)\s\w{1,5}|\d{4}-\d{2}-\d{2}", re.IGNORECASE
)
_BEGINS_PUBLISHED = re.compile(r"\W*(?:ngày |thời gian )?(?:đăng|xuất bản|đưa tin|published|posted)\b", re.IGNORECASE)
_PUBLISHED_LABEL = re.compile(r"(?:đăng|xuất bản|ngày tạo|đưa tin|published|posted)", re.IGNORECASE)
_MODIFIED_LABEL = re.compile(r"^\W*(?:cập nhật|chỉnh sửa|sửa đổi|(?:last )?(?:updated|modified))", re.IGNORECASE)
_NOT_PUBLISHED = re.compile(r"cập nhật lần cuối|hôm nay|hồ sơ|hết hạn|hạn nộp|last updated|hiệu lực", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4")
_CLOCK_PLACE = re.compile(
    r"(?:^|[\s_-])(?:clock|header(?:pane)?|top-?bar|marquee|ticker|dong-?ho|today|date-?now|time-?now|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"related|comments|counter|widgets|poll|footer|navigation|advertisement")
# The names that templates give to the meta tag of the publication.
_META_NAMES = (
    "article:published_time", "pubdate", "publishdate", "article:published", "dc.date.issued", "dcterms.created",
    "dc.date", "date", "datepublished",
)  # fmt: skip
# A line of which a date is less than this share is a sentence with a date in it.
_MOSTLY_DATE = 0.25
# ... unless it says that it is the date, before views and buttons in the same line.
_LABELLED_DATE = 0.12
_LONGEST_LINE = 160
# How many blocks away from the headline a visible date may stand.
_NEAR = 25


class _Line(NamedTuple):
    """A visible line with a date: its place among the page's blocks, what it is labelled, and the moment it states."""

    order: int
    text: str
    stamp: Stamp

    @property
    def rank(self) -> int:
        return 0 if _PUBLISHED_LABEL.search(self.text) else 1


def published(e: Evidence, headline: str) -> Stamp | None:
    """When the page says its article was published: never a page clock, nor a related item's date. The words that say
    so stay in the evidence as `published_raw`."""
    distrust = e.family.distrust if e.family else ()
    shown = list(_shown(e, "published"))
    stated = [
        ("jsonld", parse_machine_date(json_text(e.json.get("datePublished")))),
        ("meta", _meta_date(e) if "meta" not in distrust else None),
        ("microdata", parse_machine_date(microdata(e.itemprops, "datePublished"))),
    ]
    machine = [(how, _to_the_minute(stamp)) for how, stamp in stated if stamp]
    near = _finer(e, _nearest(e, headline)) if not shown and not machine else None
    path = date_in_url(e.url)
    said = [*_ranked(shown, machine), *([("visible", near)] if near else []), *([("url", path)] if path else [])]
    if not said:
        return None
    how, stamp = said[0]
    if not stamp.when.utcoffset():  # machines state UTC; a reader in Vietnam reads +07:00
        stamp = stamp._replace(when=stamp.when.astimezone(VIETNAM))
    e.record("published", how, [(other, s.raw) for other, s in said[1:] if s.when.date() != said[0][1].when.date()])
    e.chosen["published_raw"] = stamp.raw
    if e.family and e.family.minutes_lie and how == e.family.name:
        return stamp._replace(when=stamp.when.replace(hour=0, minute=0, second=0), precision=Precision.DAY)
    return stamp


def day_of(e: Evidence) -> date | None:
    """The day of publication as far as selectors, machines or the URL state it: by it selectors are chosen."""
    said = (stamp for _, stamp in _shown(e, "published"))
    stated = parse_machine_date(json_text(e.json.get("datePublished"))) or _meta_date(e)
    stamp = next(said, None) or stated or date_in_url(e.url)
    return stamp.when.astimezone(VIETNAM).date() if stamp else None


def modified(e: Evidence, headline: str, first: Stamp | None) -> Stamp | None:
    """When the page says it was changed; `first` is when it was published, before which nothing is changed."""
    stated = [
        *_shown(e, "modified"),
        ("jsonld", parse_machine_date(json_text(e.json.get("dateModified")))),
        ("meta", parse_machine_date(e.meta.get("article:modified_time") or e.meta.get("og:updated_time") or "")),
        ("microdata", parse_machine_date(microdata(e.itemprops, "dateModified"))),
    ]
    how, stamp = next(((how, stamp) for how, stamp in stated if stamp), ("visible", None))
    if stamp is None and first:
        updates = (line.stamp for line in _dated_lines(e, headline) if _MODIFIED_LABEL.search(line.text))
        stamp = next((update for update in updates if update.when > first.when), None)
    if stamp:
        e.chosen["modified"] = how
    return stamp


def _shown(e: Evidence, name: str) -> Iterator[tuple[str, Stamp]]:
    """What the places say that selectors name: of each table of them the first date, as finely as any states it."""
    for how, selectors in e.selectors:
        places = (place for css in selectors.fields.get(name, ()) for place in e.select(css))
        stamps = [stamp for place in places if (stamp := _stamp_of(place))]
        if stamps:
            yield how, _finest(stamps)


def _finest(stamps: Sequence[Stamp]) -> Stamp:
    """The first moment, as finely as anybody states it: a day gets its minute, a minute its second."""
    best = stamps[0]
    for stamp in stamps:
        if _FINENESS[stamp.precision] > _FINENESS[best.precision] and _same(stamp, best):
            best = stamp
    return best


def _finer(e: Evidence, shown: Stamp | None) -> Stamp | None:
    """A visible day with the time of day that a <time> of the page states for it."""
    if shown is None or shown.precision is not Precision.DAY:
        return shown
    stated = (parse_machine_date(time.get("datetime", "")) for time in e.root.iter("time"))
    return next((s for s in stated if s and s.precision is not Precision.DAY and _same(s, shown)), shown)


def _nearest(e: Evidence, headline: str) -> Stamp | None:
    """The visible date nearest to the headline, outside of sentences and of every box that has dates of its own."""
    lines = list(_dated_lines(e, headline))
    place = _place_of(e, headline)
    if place is None:
        labelled = [line for line in lines if not line.rank or _MODIFIED_LABEL.search(line.text)]
        alone = labelled if len(labelled) == 1 else lines
        return alone[0].stamp if len(alone) == 1 else None
    near = [(line.rank, abs(line.order - place) * (2 if line.order < place else 1), line.stamp) for line in lines]
    near = [row for row in near if row[1] <= _NEAR]
    return min(near, key=lambda row: (row[0], row[1]))[2] if near else None


def _place_of(e: Evidence, headline: str) -> int | None:
    wanted = fold(headline)[:60]
    if not wanted:
        return None
    texts = (block.text for block, _ in e.blocks)
    return next((n for n, text in enumerate(texts) if len(text) < 400 and fold(text).startswith(wanted)), None)


def _dated_lines(e: Evidence, headline: str) -> Iterator[_Line]:
    wanted = fold(headline)[:60]
    for order, (block, element) in enumerate(e.blocks):
        text = block.text
        if len(text) >= _LONGEST_LINE or not _DATE_HINT.search(text) or _elsewhere(element, text, wanted):
            continue
        stamp = parse_date(text)
        share = _LABELLED_DATE if _BEGINS_PUBLISHED.match(text) else _MOSTLY_DATE
        if stamp and len(stamp.raw) >= share * len(text) and not (wanted and fold(text).startswith(wanted)):
            yield _Line(order, text, stamp)


def _elsewhere(element: HtmlElement, own: str, headline: str) -> bool:
    """Whether a date is not the article's by its words or its place; the `headline` (folded) tells the head of an
    article from that of the page."""
    if _NOT_PUBLISHED.search(own):
        return True
    for ancestor in [element, *element.iterancestors()]:
        if ancestor.tag in ("nav", "footer", "marquee"):
            return True
        rule = box_rule(ancestor)
        if rule and _OUTSIDE.search(rule):
            return True
        if _CLOCK_PLACE.search(classes(ancestor)) and not _heads(ancestor, headline):
            return True
    return False


def _heads(box: HtmlElement, headline: str) -> bool:
    return bool(headline) and any(fold(text_of(line)).startswith(headline) for line in box.iter(*_HEADINGS))


def _ranked(shown: Sequence[tuple[str, Stamp]], machine: Sequence[tuple[str, Stamp]]) -> list[tuple[str, Stamp]]:
    """What readers see decides the minute; a machine value of the same minute adds its seconds, one of the same day
    the time of a date without one."""
    said = [*shown, *machine]
    best = _finest([stamp for _, stamp in said]) if said else None
    return [*(row for row in said if row[1] is best), *(row for row in said if row[1] is not best)]


_FINENESS = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}


def _same(stamp: Stamp, rough: Stamp) -> bool:
    """Whether a stamp lies within what a rougher one states."""
    if rough.precision is Precision.DAY:
        return stamp.when.astimezone(rough.when.tzinfo).date() == rough.when.date()
    return 0 <= (stamp.when - rough.when).total_seconds() < 60


def _stamp_of(element: HtmlElement) -> Stamp | None:
    stated = parse_machine_date(element.get("datetime") or element.get("content") or "")
    dates = list(find_dates(text_of(element)))
    shown = _finest(dates) if dates else None
    if stated and stated.precision != "day":
        return _to_the_minute(stated)
    return _to_the_minute(shown) if shown and element.get("itemprop") else shown or stated


def _to_the_minute(stamp: Stamp) -> Stamp:
    """A machine's :00 stands where people stated a minute, so it is no second."""
    zero = stamp.precision == "second" and not stamp.when.second
    return stamp._replace(precision=Precision.MINUTE) if zero else stamp


def _meta_date(e: Evidence) -> Stamp | None:
    return next((stamp for name in _META_NAMES if (stamp := parse_machine_date(e.meta.get(name, "")))), None)
