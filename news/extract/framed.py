"""A traced page as harmless HTML: as it was fetched, each run of its text marked with what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import nh3
from lxml import etree
from lxml.html import HtmlElement

from news.extract.linear import BLOCKS, SOURCES, Slot, address
from news.extract.parts import text_at
from news.extract.runs import Run, Trace

_TAG_NAMES = """
    p div span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th blockquote pre figure
    figcaption a strong b em i u s sub sup small br hr section article main header footer nav aside address
"""
_TAGS = frozenset(_TAG_NAMES.split())
# Their text is code. Reading a page took them out of it already (news.extract.evidence).
_GONE = frozenset({"script", "style", "noscript", "template", "svg"})
_VOID = frozenset({"br", "hr"})
# What may stand in what of a table. A parser throws a row out of a table that holds a form: such a table is boxes.
_IN_TABLE = {
    "table": frozenset({"caption", "thead", "tbody", "tfoot", "tr", "colgroup", "col"}),
    "thead": frozenset({"tr"}), "tbody": frozenset({"tr"}), "tfoot": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
}  # fmt: skip
_OF_TABLE = frozenset({"caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_ATTRIBUTES = {
    "span": {"data-run", "data-mark", "data-rule", "data-image"},
    "a": {"data-href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"src", "alt"},
}
# A template may say more, and a browser would build so many columns.
_MOST_CELLS = 100


def page_html(trace: Trace, *, images: bool = False) -> str:
    """What stands in the page's body as HTML without scripts, styles, forms, names, and addresses that load or lead.

    Each run's text stands in one or several `<span data-run data-mark data-rule>`; hidden text is shown. A link has its
    address as `data-href`. A picture is `<span data-image="its address">its description</span>`; with `images` it is
    shown, from its own address, if that is http(s). "" for what is no page.
    """
    if trace.root is None:
        return ""
    runs = {slot: run for run in trace.runs for slot in run.slots}
    html = "".join(_written(trace.root, trace.base, runs, images=images))
    # The second pair of eyes: whatever slipped through above is not on nh3's list either.
    return nh3.clean(
        html,
        tags=set(_TAGS) | {"img"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )


def _written(root: HtmlElement, base: str, runs: dict[Slot, Run], *, images: bool) -> Iterator[str]:
    names: dict[HtmlElement, str] = {}  # what each open element is written as
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _GONE:
                walk.skip_subtree()
                continue
            name = names[element] = "" if element is root else _name(element, names)
            yield _picture(element, base, images=images) if element.tag == "img" else _opening(element, name, base)
            yield _text(Slot(element), runs)
        else:
            name = names.pop(element, "")
            if name and name not in _VOID:
                yield f"</{name}>"
            if element is not root:
                yield _text(Slot(element, tail=True), runs)


def _name(element: HtmlElement, names: dict[HtmlElement, str]) -> str:
    """What an element is written as: itself, a box or a stretch of a line; "" for a picture."""
    tag = str(element.tag)
    if tag == "img":
        return ""
    parent = element.getparent()
    around = names.get(parent, "") if parent is not None else ""
    if tag == "table" and not _is_regular(element):
        return "div"
    if tag in _OF_TABLE:
        return tag if tag in _IN_TABLE.get(around, ()) else "div"
    if tag in _TAGS:
        return tag
    return "div" if tag in BLOCKS else "span"


def _is_regular(table: HtmlElement) -> bool:
    """Whether a table holds what tables may: rows of cells, and no text or form between them."""
    parts = [table]
    while parts:
        part = parts.pop()
        allowed = _IN_TABLE.get(part.tag)
        if allowed is None:
            continue
        loose = [part.text, *(child.tail for child in part)]
        if any(child.tag not in allowed for child in part) or any(text and text.strip() for text in loose):
            return False
        parts += list(part)
    return True


def _opening(element: HtmlElement, name: str, base: str) -> str:
    if not name:
        return ""
    said = ""
    if name == "a" and (target := address(element.get("href", ""), base)):
        said = f' data-href="{escape(target)}"'
    elif name in ("td", "th"):
        spans = ((key, element.get(key, "")) for key in ("colspan", "rowspan"))
        said = "".join(f' {key}="{min(int(n), _MOST_CELLS)}"' for key, n in spans if n.isascii() and n.isdigit())
    return f"<{name}{said}>"


def _picture(element: HtmlElement, base: str, *, images: bool) -> str:
    source = next((found for name in SOURCES if (found := address(element.get(name, ""), base))), "")
    if not source:
        return ""
    said = escape(" ".join(element.get("alt", "").split()))
    if images:
        return f'<img src="{escape(source)}" alt="{said}">'
    return f'<span data-image="{escape(source)}">{said}</span>'


def _text(slot: Slot, runs: dict[Slot, Run]) -> str:
    text = escape(text_at(slot), quote=False)
    run = runs.get(slot)
    if run is None:
        return text
    rule = f' data-rule="{escape(run.rule)}"' if run.rule else ""
    return f'<span data-run="{run.index}" data-mark="{run.mark}"{rule}>{text}</span>'
