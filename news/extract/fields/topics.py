"""Where a site files its article: the section and the tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from news.clean.text import fold, tidy
from news.extract.evidence import Evidence
from news.extract.jsonld import names
from news.extract.tree import classes, select, text_of

_TAG_LABEL = re.compile(r"(?:từ kho[áa]|từ khóa|tags?|thẻ)\s*:?\s*$|(?:từ kho[áa]|tags?)\s*:", re.IGNORECASE)
_TAG_WORD = re.compile(r"(?:từ kho[áa]|từ khóa|tags?|thẻ)\s*:", re.IGNORECASE)
_HOME = ("trang chủ", "home", "trang nhất", "trang chính", "homepage")
# Entries of menus and steps of a way that file nothing; compared as `fold` writes them.
_NO_SECTION = re.compile(
    r"liên hệ|liên kết.*|sơ đồ (?:cổng|trang|site|web).*|đăng (?:nhập|ký)|rss|góp ý|hỏi đáp|tìm kiếm|english|tiếng \w+"
    r"|vietnamese|contact(?: us)?|login|search|sitemap|chi tiết.*|xem chi tiết.*|bài viết|quay lại|menu|email"
    r"|thư điện tử|xem thêm|trang trước|\d+"
)
_MICRODATA = '[itemtype*="BreadcrumbList"] [itemprop~="name"]'
# The way from the home page has few steps; a menu has more links.
_CRUMBS = 5
# Header, way and footer link to the home page; more of such links are no template's.
_HOMES = 10
_SECTION_CHARS = 60
_MENU = re.compile(r"(?:^|[\s_-])(?:menu|main-?nav|nav|navbar|topnav)(?:$|[\s_-])", re.IGNORECASE)
_TAG_CHARS = 80


def section(e: Evidence, headline: str) -> str:
    """The site's own section: the last step of the way to the article that is neither home, menu nor headline."""
    candidates = [
        *((how, text_of(found)) for how, found in e.selected("section")),
        ("meta", e.meta.get("article:section", "")),
        ("jsonld", next(iter(names(e.json.get("articleSection"))), "")),
        ("breadcrumb", _last(e.crumbs, headline)),
        (
            "breadcrumb",
            _last(map(text_of, _steps(e.itemprops.get("name", []))), headline),
        ),
        ("breadcrumb", _last(_crumbs(e), headline)),
    ]
    return e.choose("section", [(how, text) for how, text in candidates if _files(text, headline)])


def tags(e: Evidence) -> tuple[str, ...]:
    """The tags that a page shows or states; of links behind "Từ khóa:" where no selector knows them."""
    named = [s for _, selectors in e.selectors for s in selectors.fields.get("tags", ())]
    shown = [("selectors", text_of(a)) for selector in named for a in e.select(selector)]
    stated = e.meta.get("article:tag", "") or e.meta.get("news_keywords", "")
    labelled = [("labelled", text_of(a)) for a in _labelled_links(e)] if not shown else []
    said = shown or labelled or [("meta", word) for word in stated.split(",")]
    found = dict.fromkeys(tag for _, text in said if (tag := tidy(text).strip("#,; ")) and len(tag) < _TAG_CHARS)
    if found:
        e.chosen["tags"] = said[0][0]
    return tuple(found)


def _files(text: str, headline: str) -> bool:
    key = fold(text)
    head = fold(headline)
    return (
        0 < len(text) < _SECTION_CHARS
        and key not in _HOME
        and not _NO_SECTION.fullmatch(key)
        and not (head and (key == head or (len(key) > 25 and head.startswith(key))))
    )


def _last(steps: Iterable[str], headline: str) -> str:
    return next((text for text in reversed(list(steps)) if _files(text, headline)), "")


def _steps(named: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    for element in named:
        if any("BreadcrumbList" in up.get("itemtype", "") for up in element.iterancestors()):
            yield element


def _crumbs(e: Evidence) -> list[str]:
    """The links of the way from the home page: of a breadcrumb by name, else behind a link "Trang chủ" among few."""
    known = "breadcrumb" in e.names.source or "bread-crumb" in e.names.source
    boxes = e.tree.xpath('//*[contains(@class, "breadcrumb") or contains(@class, "bread-crumb")]') if known else []
    links = list(dict.fromkeys(a for box in boxes for a in box.iter("a")))
    return [text_of(a) for a in links or _behind_home(e.tree)]


def _behind_home(tree: HtmlElement) -> list[HtmlElement]:
    """The few links that stand with one to the home page, unless they are a menu's."""
    homes = (a for a in tree.iter("a") if (a.text or "").strip().casefold() in _HOME)
    for home in islice((a for a in homes if not any(map(_is_menu, a.iterancestors()))), _HOMES):
        parent = home.getparent()
        scope = parent if parent is not None and len(select(parent, "a")) > 1 else home.getparent().getparent()
        around = select(scope, "a") if scope is not None else []
        if 2 <= len(around) <= _CRUMBS and not any(_NO_SECTION.fullmatch(fold(text_of(a))) for a in around[1:-1]):
            return around
    return []


def _is_menu(element: HtmlElement) -> bool:
    return element.tag == "nav" or _MENU.search(classes(element)) is not None


def _labelled_links(e: Evidence) -> list[HtmlElement]:
    if not _TAG_WORD.search(e.text):
        return []
    for element in e.tree.iter("div", "p", "ul", "span", "td"):
        start = tidy(element.text or "") or (text_of(element[0]) if len(element) else "")
        if _TAG_LABEL.match(start) and len(text_of(element)) < 400:
            return select(element, "a[href]")
    return []
