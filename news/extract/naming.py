"""CSS selectors by which an element of a page is known again on the other pages of its site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_WORD = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{1,59}")
# What a machine wrote and will write otherwise tomorrow: numbers of articles and of ASP.NET's controls, Liferay's
# portlets, the hashes of style sheets that are made by scripts.
_GENERATED = re.compile(
    r"\d{3,}|ctl\d|_INSTANCE_|^(?:css|sc|jsx|svelte|emotion|tw|ember|react|ng|vue)-|^_|\d[A-Za-z]+\d"
    r"|(?:^|[-_])(?=[0-9a-f]*\d)[0-9a-f]{6,}(?:$|[-_])|__(?=\w*(?:\d|[A-Z]\w*[A-Z]))[\w-]{4,}$"
)
# ASP.NET puts the numbers of the controls around one before its own name: "ctl00_Main_ctl08_lblTieuDe".
_OF_CONTROL = re.compile(r"_?ctl\d+\w*?(_[A-Za-z]{3,40})")
# What says how a box looks and not what it holds.
_LOOKS = re.compile(
    r"(?:[mp][trblxyse]?|w|h|col|row|order|gap|g|fs|lh|z|top|left|right|bottom|size|space-[xy])-?(?:[a-z]{2}-)?\d*|col-.*"
    r"|row|container(?:-fluid)?|clear(?:fix)?|(?:pull|float|text|align|justify|items|self|font|bg|border|rounded|flex|grid"
    r"|inline|overflow|position|margin|padding|d|hidden|visible|offset|leading|tracking|color)-[\w-]+|flex|grid|block|inline"
    r"|left|right|center|middle|first|last|odd|even|active|show|open|hide|hidden|in|fade|bold|italic|small|big|box|item|inner"
    r"|outer|wrap(?:per)?|main|content|body|cf|fl|fr|left-?col|right-?col|Mso\w+|img-responsive|panel(?:-body)?|card",
    re.IGNORECASE,
)
_ATTRIBUTES = ("itemprop", "role", "type")
_VALUE = re.compile(r"[A-Za-z][\w-]{1,40}")
# Tags that say nothing of what they hold.
_PLAIN = frozenset(
    {"div", "p", "span", "li", "ul", "ol", "td", "tr", "table", "tbody", "a", "b", "strong", "em", "i", "u"}
)
_NEVER = frozenset({"html", "body"})
_UP = 6


def selectors_of(element: HtmlElement) -> Iterator[str]:
    """By its own id, classes or attributes, as far as they tell what it is; none for the page's body."""
    if element.tag in _NEVER:
        return
    if _tells(element.get("id", "")):
        yield f"{element.tag}#{element.get('id')}"
    if named := _OF_CONTROL.fullmatch(element.get("id", "")):
        yield f'{element.tag}[id$="{named[1]}"]'
    words = [word for word in dict.fromkeys(element.get("class", "").split()) if _tells(word)]
    yield from (f"{element.tag}.{word}" for word in words)
    if len(words) > 1:
        yield ".".join([element.tag, *words])
    for name in _ATTRIBUTES:
        if _VALUE.fullmatch(element.get(name, "")):
            yield f'{element.tag}[{name}="{element.get(name)}"]'


def selectors_below(element: HtmlElement, *, place: bool = False) -> Iterator[str]:
    """By the next element around it that has a name, and by its look or its tag; with `place` also by its place among
    its like, which other pages are less likely to share."""
    if element.tag in _NEVER:
        return
    parent = element.getparent()
    for up in [up for up, _ in zip(element.iterancestors(), range(_UP), strict=False)]:
        around = next(selectors_of(up), "")
        if not around and place and up.tag not in _NEVER:
            around = next((f"{up.tag}.{word}" for word in up.get("class", "").split() if _is_stable(word)), "")
        if not around:
            continue
        between = " > " if up is parent else " "
        looks = [word for word in element.get("class", "").split() if _is_stable(word) and not _tells(word)]
        yield from (f"{around}{between}{element.tag}.{word}" for word in looks)
        if element.tag not in _PLAIN or place:
            yield f"{around}{between}{element.tag}"
        if place and up is parent:
            order = 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))
            yield f"{around} > {element.tag}:nth-of-type({order})"
        return


def _is_stable(word: str) -> bool:
    return _WORD.fullmatch(word) is not None and _GENERATED.search(word) is None


def _tells(word: str) -> bool:
    return _is_stable(word) and _LOOKS.fullmatch(word) is None
