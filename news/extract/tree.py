"""One parse of a page, and the few questions everybody asks of a tree."""

from __future__ import annotations

import re
from functools import lru_cache

import lxml.html
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from news.clean.text import tidy

# XML forbids these in a tree; some pages hold them in scripts and titles.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse(text: str) -> HtmlElement | None:
    """The page as a tree without comments and processing instructions; None where there is no element at all."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # lxml's own lookup asks Python for the class of every element; nobody here needs its form and label classes.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    clean = _XML_DECLARATION.sub("", _FORBIDDEN.sub("", text))
    try:
        tree = lxml.html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return tree


def text_of(element: HtmlElement) -> str:
    """All text below an element as one clean line."""
    return tidy(str(element.text_content()))


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements a CSS selector names, in document order; none for a selector that cannot be read.

    `p.h5 @ Tác giả` names those whose text begins with the words behind the @: cssselect's :contains fails on letters
    beyond ASCII.
    """
    css, _, label = selector.partition(" @ ")
    compiled = _compiled(css)
    found = compiled(tree) if compiled else []
    elements = [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    return [e for e in elements if text_of(e).casefold().startswith(label.casefold())] if label else elements


def first(tree: HtmlElement, *selectors: str) -> HtmlElement | None:
    """The first element that has text, of the first selector that has one."""
    for selector in selectors:
        for element in select(tree, selector):
            if element.tag in ("img", "meta", "link") or text_of(element):
                return element
    return None


def classes(element: HtmlElement) -> str:
    """Class, id and role of an element as one text."""
    get = element.get
    return f"{get('class', '')} {get('id', '')} {get('role', '')}".strip()


def drop(element: HtmlElement) -> None:
    """Take an element out of its tree; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


@lru_cache(maxsize=2000)
def _compiled(selector: str) -> CSSSelector | None:
    try:
        return CSSSelector(selector, translator="html")
    except (SelectorError, etree.XPathSyntaxError):
        return None
