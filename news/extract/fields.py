"""Title, lead, dates, byline, source, section and tags: candidates from every source, the best one and who gave it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from news.article import VIETNAM, Block, Precision
from news.clean.boilerplate import box_rule, is_boilerplate_line
from news.clean.credits import organisation, person
from news.clean.text import fold, tidy
from news.dates import Stamp, date_in_url, find_dates, parse_date, parse_machine_date
from news.extract.evidence import Evidence
from news.extract.jsonld import names
from news.extract.jsonld import text as json_text
from news.extract.meta import microdata
from news.extract.tree import classes, select, text_of

# Titles of a template, the same on every article of a portal.
_TEMPLATE_TITLE = re.compile(
    r"chi tiết(?: tin(?: tức)?| bài viết)?|tin tức(?: sự kiện)?|trang chủ|home"
    r"|untitled.*"
    r"|bài viết|nội dung|welcome.*|news|index",
    re.IGNORECASE,
)
_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|headline|tieu-?de|tua-?de)|tieude|title", re.IGNORECASE)
_LEAD_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sapo|summary|abstract|intro(?:text|duction)?|tom-?tat|trich-?(?:dan|yeu)?|hometext|lead|dek|brief|news-brief|standfirst|mo-?ta|chapeau)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(r"(?:từ kho[áa]|từ khóa|tags?|thẻ)\s*:?\s*$|(?:từ kho[áa]|tags?)\s*:", re.IGNORECASE)
_TAG_WORD = re.compile(r"(?:từ kho[áa]|từ khóa|tags?|thẻ)\s*:", re.IGNORECASE)
_DATE_HINT = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}|tháng\s\d{1,2}|\d{4}-\d{2}-\d{2}", re.IGNORECASE)
_PUBLISHED_LABEL = re.compile(r"(?:đăng|xuất bản|ngày tạo|đưa tin|published|posted)", re.IGNORECASE)
_NOT_PUBLISHED = re.compile(r"cập nhật lần cuối|hôm nay|hồ sơ|hết hạn|hạn nộp|last updated|hiệu lực", re.IGNORECASE)
_CLOCK_PLACE = re.compile(
    r"(?:^|[\s_-])(?:clock|header|top-?bar|marquee|ticker|dong-?ho|today|date-?now|time-?now|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"related|comments|counter|widgets|poll|footer|navigation|advertisement")
# "Trang tin", "Xã Vĩnh Phong": what templates put into <title>; a headline says more.
_SHORT_TITLE = 4
_HOME = ("trang chủ", "home", "trang nhất", "trang chính")
# The way from the home page has few steps; a menu has more links.
_CRUMBS = 5
# A line of which a date is less than this share is a sentence with a date in it.
_MOSTLY_DATE = 0.25
# How many blocks away from the headline a visible date may stand.
_NEAR = 25


def title(e: Evidence) -> str:
    """The headline: not the site's name, nor a section's, nor a template's constant."""
    page = text_of(e.tree.find(".//title")) if e.tree.find(".//title") is not None else ""
    headings = [text for h in select(e.tree, "h1") if (text := text_of(h)) and len(text) < 400]
    social = e.meta.get("og:title", "") or e.meta.get("twitter:title", "")
    machine = [json_text(e.json.get("headline")), microdata(e.tree, "headline"), social, page]
    backed = [h for h in headings if any(fold(h) and fold(h) in fold(other) for other in machine)]
    candidates = [
        *((how, text_of(found)) for how, found in e.selected("title")),
        *(("h1", h) for h in backed),
        ("jsonld", json_text(e.json.get("headline"))),
        ("microdata", microdata(e.tree, "headline")),
        *(("h1", h) for h in headings[:1] if len(headings) == 1),
        ("opengraph", without_site(social, e)),
        ("heading", _heading_like(e, without_site(page, e))),
        ("title", without_site(page, e)),
        *(("h1", h) for h in headings),
        *(("h2", text_of(h)) for h in select(e.tree, "h2")[:1]),
    ]
    return e.choose("title", [(how, t) for how, t in candidates if not _is_template(t, how)])


def headline_of(e: Evidence, stated: str, near: Sequence[tuple[Block, HtmlElement]]) -> str:
    """The headline where only the page's <title> names it, or nothing: of the lines before the text the first heading,
    else the first in a place that is called a title, else the first bold one. A `stated` title of more than four words
    is given up only for a line that begins with it and goes on."""
    plain = [
        (block, element)
        for block, element in near
        if 15 <= len(block.text) <= 250
        and block.links < 0.5
        and not parse_date(block.text)
        and not is_boilerplate_line(block)
        and not _is_template(block.text, "h1")
        and (len(stated.split()) <= _SHORT_TITLE or fold(block.text).startswith(fold(stated)))
    ]
    candidates = [
        ("first heading", next((b.text for b, _ in plain if b.kind == "heading"), "")),
        ("title by class", next((b.text for b, place in plain if _TITLE_CLASS.search(classes(place))), "")),
        ("first bold line", next((b.text for b, _ in plain if "bold" in b.style), "")),
    ]
    return e.choose("title", candidates)


def without_site(text: str, e: Evidence) -> str:
    """A page title without the site's name behind (or before) its dash or bar."""
    name = fold(e.meta.get("og:site_name", ""))
    parts = [part for part in re.split(r"\s+[|–—>»-]\s+|\s*\|\s*", text) if part]
    while len(parts) > 1 and (fold(parts[-1]) == name or _is_site_name(parts[-1]) or len(parts[-1]) < 25):
        parts.pop()
    while len(parts) > 1 and (fold(parts[0]) == name or _is_site_name(parts[0])):
        parts.pop(0)
    kept = text.find(parts[0]) if parts else 0
    end = text.find(parts[-1], kept) + len(parts[-1]) if parts else 0
    return text[kept:end] if not (parts and _is_site_name(" ".join(parts))) else ""


def lead(e: Evidence) -> str:
    """The sapo where the page marks one; "" where only the first paragraph could be meant."""
    candidates = [(how, text_of(found)) for how, found in e.selected("lead")]
    if not candidates:
        described = (
            e.meta.get("og:description", "") or e.meta.get("description", "") or json_text(e.json.get("description"))
        )
        candidates = [
            ("visible", text)
            for element in e.tree.iter("div", "p", "h2", "h3", "span", "strong", "td")
            if _LEAD_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}")
            and 40 <= len(text := text_of(element)) <= 1200
            and (not described or fold(described)[:60] in fold(text) or fold(text)[:60] in fold(described))
        ]
    return e.choose("lead", candidates)


def published(e: Evidence, headline: str) -> Stamp | None:
    """When the page says its article was published: never a page clock, nor a related item's date."""
    distrust = e.family.distrust if e.family else ()
    shown = [(how, stamp) for how, found in e.selected("published") if (stamp := _stamp_of(found))]
    stated = [
        ("jsonld", parse_machine_date(json_text(e.json.get("datePublished")))),
        ("meta", _meta_date(e) if "meta" not in distrust else None),
        ("microdata", parse_machine_date(microdata(e.tree, "datePublished"))),
    ]
    machine = [(how, _to_the_minute(stamp)) for how, stamp in stated if stamp]
    near = date_near(e, headline) if not shown and not machine else None
    path = date_in_url(e.url)
    said = [*_ranked(shown, machine), *([("visible", near)] if near else []), *([("url", path)] if path else [])]
    if not said:
        return None
    others = {how for how, stamp in said[1:] if stamp.when.date() != said[0][1].when.date()}
    how, stamp = said[0]
    if not stamp.when.utcoffset():  # machines state UTC; a reader in Vietnam reads +07:00
        stamp = stamp._replace(when=stamp.when.astimezone(VIETNAM))
    e.chosen["published"] = how + (f" (not {', '.join(sorted(others))})" if others else "")
    if e.family and e.family.minutes_lie and how == e.family.name:
        return stamp._replace(when=stamp.when.replace(hour=0, minute=0, second=0), precision=Precision.DAY)
    return stamp


def modified(e: Evidence) -> Stamp | None:
    stated = [
        *((how, _stamp_of(found)) for how, found in e.selected("modified")),
        ("jsonld", parse_machine_date(json_text(e.json.get("dateModified")))),
        ("meta", parse_machine_date(e.meta.get("article:modified_time") or e.meta.get("og:updated_time") or "")),
    ]
    found = next(((how, stamp) for how, stamp in stated if stamp), None)
    if found:
        e.chosen["modified"] = found[0]
    return found[1] if found else None


def author(e: Evidence, site_name: str) -> str:
    """The people, joined by "; "; never the site itself."""
    shown = [(how, _people(e, how)) for how, _ in e.selected("author")]
    listed = names(e.json.get("author"))
    candidates = [
        *shown,
        ("jsonld", "; ".join(listed)),
        ("meta", e.meta.get("article:author", "") or e.meta.get("author", "")),
        ("meta", e.meta.get("dc.creator", "")),
    ]
    outlets = [site_name, e.meta.get("og:site_name", ""), *names(e.json.get("publisher")), *_host_labels(e.url)]
    publisher = {fold(n) for n in outlets if n}
    good = [(how, people) for how, text in candidates if (people := person(text)) and not _is_outlet(people, publisher)]
    return e.choose("author", good)


def source(e: Evidence) -> str:
    return e.choose("source", [(how, organisation(text_of(found))) for how, found in e.selected("source")])


def section(e: Evidence) -> str:
    crumbs = _crumbs(e.tree)
    return e.choose(
        "section",
        [
            *((how, text_of(found)) for how, found in e.selected("section")),
            ("meta", e.meta.get("article:section", "")),
            ("jsonld", json_text(e.json.get("articleSection"))),
            ("breadcrumb", crumbs[-1] if crumbs else ""),
        ],
    )


def _crumbs(tree: HtmlElement) -> list[str]:
    """The links of the way from the home page: of a breadcrumb by name, else behind a link "Trang chủ" among few."""
    links = select(tree, ".breadcrumb a, .breadcrumbs a, [class*=breadcrumb] a")
    if not links:
        homes = (a for a in tree.iter("a") if tidy(a.text or "").casefold() in _HOME)
        for home in (a for a in homes if not any(up.tag == "nav" for up in a.iterancestors())):
            parent = home.getparent()
            scope = parent if parent is not None and len(select(parent, "a")) > 1 else home.getparent().getparent()
            around = select(scope, "a") if scope is not None else []
            if 2 <= len(around) <= _CRUMBS:
                links = around
                break
    texts = [text_of(a) for a in links]
    return [text for text in texts if text and fold(text) not in _HOME and len(text) < 60]


def tags(e: Evidence) -> tuple[str, ...]:
    """The tags that a page shows or states; of links behind "Từ khóa:" where no selector knows them."""
    named = [s for _, selectors in e.selectors for s in selectors.fields.get("tags", ())]
    shown = [("selectors", text_of(a)) for selector in named for a in select(e.tree, selector)]
    stated = e.meta.get("article:tag", "") or e.meta.get("news_keywords", "")
    labelled = [("labelled", text_of(a)) for a in _labelled_links(e)] if not shown else []
    said = shown or labelled or [("meta", word) for word in stated.split(",")]
    found = dict.fromkeys(tag for _, text in said if (tag := tidy(text).strip("#,; ")) and len(tag) < 80)
    if found:
        e.chosen["tags"] = said[0][0]
    return tuple(found)


def _labelled_links(e: Evidence) -> list[HtmlElement]:
    if not _TAG_WORD.search(e.text):
        return []
    for element in e.tree.iter("div", "p", "ul", "span", "td"):
        start = tidy(element.text or "") or (text_of(element[0]) if len(element) else "")
        if _TAG_LABEL.match(start) and len(text_of(element)) < 400:
            return select(element, "a[href]")
    return []


def date_near(e: Evidence, headline: str) -> Stamp | None:
    """The visible date nearest to the headline, outside of sentences and of every box that has dates of its own."""
    wanted = fold(headline)[:60]
    place: int | None = None
    found: list[tuple[int, int, Stamp]] = []
    for order, (block, element) in enumerate(e.blocks):
        text = block.text
        if wanted and place is None and len(text) < 400 and fold(text).startswith(wanted):
            place = order
        elif len(text) < 160 and _DATE_HINT.search(text) and not _elsewhere(element, text):
            stamp = parse_date(text)
            if stamp and len(stamp.raw) >= _MOSTLY_DATE * len(text):
                found.append((order, 0 if _PUBLISHED_LABEL.search(text) else 1, stamp))
    if place is None:
        return found[0][2] if len(found) == 1 else None
    near = [(rank, abs(order - place) * (2 if order < place else 1), stamp) for order, rank, stamp in found]
    near = [row for row in near if row[1] <= _NEAR]
    return min(near, key=lambda row: (row[0], row[1]))[2] if near else None


def _elsewhere(element: HtmlElement, own: str) -> bool:
    if _NOT_PUBLISHED.search(own):
        return True
    for ancestor in [element, *element.iterancestors()]:
        if ancestor.tag in ("nav", "footer", "marquee"):
            return True
        rule = box_rule(ancestor)
        if (rule and _OUTSIDE.search(rule)) or _CLOCK_PLACE.search(
            f"{ancestor.get('class', '')} {ancestor.get('id', '')}"
        ):
            return True
    return False


def _ranked(shown: Sequence[tuple[str, Stamp]], machine: Sequence[tuple[str, Stamp]]) -> list[tuple[str, Stamp]]:
    """What readers see decides the minute; a machine value of the same minute adds its seconds."""
    if not shown:
        return list(machine)
    _how, best = shown[0]
    for name, stamp in machine:
        same_day = stamp.when.astimezone(best.when.tzinfo).date() == best.when.date()
        if (best.precision == "day" and same_day) or (
            best.precision == "minute" and abs((stamp.when - best.when).total_seconds()) < 60
        ):
            return [(name, stamp), *shown, *machine]
    return [*shown, *machine]


def _stamp_of(element: HtmlElement) -> Stamp | None:
    stated = parse_machine_date(element.get("datetime") or element.get("content") or "")
    shown = next(find_dates(text_of(element)), None)
    if stated and stated.precision != "day":
        return _to_the_minute(stated)
    return _to_the_minute(shown) if shown and element.get("itemprop") else shown or stated


def _to_the_minute(stamp: Stamp) -> Stamp:
    """A machine's :00 stands where people stated a minute, so it is no second."""
    zero = stamp.precision == "second" and not stamp.when.second
    return stamp._replace(precision=Precision.MINUTE) if zero else stamp


def _meta_date(e: Evidence) -> Stamp | None:
    names_ = (
        "article:published_time",
        "pubdate",
        "publishdate",
        "article:published",
        "dc.date.issued",
        "dc.date",
        "date",
        "datepublished",
    )
    return next((stamp for name in names_ if (stamp := parse_machine_date(e.meta.get(name, "")))), None)


def _people(e: Evidence, how: str) -> str:
    for name, selectors in e.selectors:
        if name == how:
            for selector in selectors.fields.get("author", ()):
                people = [person(text_of(found)) for found in select(e.tree, selector)]
                if any(people):
                    return "; ".join(dict.fromkeys(p for p in people if p))
    return ""


def _is_outlet(name: str, publisher: set[str]) -> bool:
    folded = fold(name)
    return (
        folded in publisher
        or "http" in name
        or bool(
            re.fullmatch(
                r"admin\w*|super user|quản trị.*|ban biên tập|btv|.*\.(?:vn|com|gov).*|báo .*|.*điện tử.*",
                folded.replace(" vn", ".vn"),
            )
        )
    )


def _host_labels(url: str) -> list[str]:
    host = urlsplit(url).hostname or ""
    return [host, *host.split(".")]


def _is_template(title: str, how: str) -> bool:
    """Whether a headline candidate is a constant of the template. An h1 may be the site's name; a headline that
    begins with it ("Cổng thông tin điện tử … thay bộ đếm") says something about it and is longer."""
    loose = how in ("h1", "h2", "title", "opengraph", "heading", "microdata")
    named = re.match(r"(?:cổng|trang) (?:thông tin|ttđt)", title, re.IGNORECASE) and len(title.split()) <= 10
    return bool(_TEMPLATE_TITLE.fullmatch(title)) or bool(loose and named)


def _is_site_name(text: str) -> bool:
    return bool(
        _TEMPLATE_TITLE.fullmatch(text.strip())
        or re.match(
            r"(?:cổng|trang) (?:thông tin|ttđt)|báo |sở |ubnd |bộ |.*\.(?:vn|com)$", text.strip(), re.IGNORECASE
        )
    )


def _heading_like(e: Evidence, wanted: str) -> str:
    """The visible line that says what the page's title says: a headline that is no h1."""
    key = fold(wanted)
    if len(key) < 15:
        return ""
    for element in e.tree.iter("h2", "h3", "h4", "div", "span", "p", "td", "font", "strong", "b"):
        own = tidy(element.text or "")
        if own and fold(own) == key:
            return own
    return ""
