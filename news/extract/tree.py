"""One parse of a page, and the few questions everybody asks of a tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import lxml.html
from cssselect import HTMLTranslator, SelectorError
from cssselect.xpath import XPathExpr
from lxml import etree
from lxml.html import HtmlElement

from news.clean.text import tidy
from news.errors import Reason
from news.extract.limits import DEEPEST_TREE, is_dear, reduced

# XML forbids these in a tree; some pages hold them in scripts and titles. Surrogates go with the encoding.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
_NONCHARACTERS = dict.fromkeys([0xFFFE, 0xFFFF])
_CLASSES = etree.XPath("//@class", smart_strings=False)
_IDS = etree.XPath("//@id", smart_strings=False)
# What of a selector names no class that must be there: attributes in brackets, :not(…) and the like.
_CONDITIONS = re.compile(r"\[[^\]]*\]|:[\w-]+(?:\([^()]*\))?")
_NAMED = re.compile(r"[.#]([\w-]+)")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_is_deep = etree.XPath(f"boolean({'/*' * DEEPEST_TREE})")


class Parsed(NamedTuple):
    """The page as a tree without comments and processing instructions, or why there is none."""

    tree: HtmlElement | None
    reason: Reason | None = None


def parse(text: str) -> Parsed:
    """One tree of a page; of one beyond news.extract.limits, of what can be kept of it. Never raises."""
    text = _XML_DECLARATION.sub("", text, count=1)
    whole = not is_dear(text)
    tree, given_up = _tree(text) if whole else (None, False)
    if not whole or given_up or (tree is not None and _is_deep(tree)):
        small = reduced(text)
        tree, given_up = _tree(small) if small is not None else (None, True)
        if given_up:
            return Parsed(None, Reason.TOO_COMPLEX)
    return Parsed(tree, Reason.NOT_HTML if tree is None else None)


def _tree(text: str) -> tuple[HtmlElement | None, bool]:
    """The tree, None where there is no element at all, and whether the parser gave up before the page's end."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # lxml's own lookup asks Python for the class of every element; nobody here needs its form and label classes.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        data = text.translate(_NONCHARACTERS) if "\uffff" in text or "\ufffe" in text else text
        tree = lxml.html.document_fromstring(data.encode("utf-8", "ignore").translate(None, _CONTROLS), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        tree = None
    last = parser.error_log.last_error
    return tree, last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def text_of(element: HtmlElement) -> str:
    """All text below an element as one clean line."""
    return tidy(str(element.text_content()))


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements a CSS selector names, in document order; none for a selector that cannot be read.

    `p.h5 @ Tác giả` names those whose text begins with the words behind the @: cssselect's :contains fails on letters
    beyond ASCII.
    """
    css, _, label = selector.partition(" @ ")
    compiled = _compiled(css, whole=tree.getparent() is None)
    found = compiled(tree) if compiled else []
    elements = [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    return [e for e in elements if text_of(e).casefold().startswith(label.casefold())] if label else elements


class Names(NamedTuple):
    """What the boxes of a page are called: the words of their classes and ids, and these attributes as they stand."""

    words: frozenset[str]
    source: str


def names_of(tree: HtmlElement) -> Names:
    classes, ids = _strings(_CLASSES(tree)), _strings(_IDS(tree))
    source = " ".join([*(f'class="{value}"' for value in classes), *(f'id="{value}"' for value in ids)])
    return Names(frozenset(word for value in (*classes, *ids) for word in value.split()), source)


def may_match(selector: str, names: Names) -> bool:
    """Whether the page has the classes and ids that a selector asks for. It answers for most selectors of most pages
    at once, which would each search the whole tree."""
    return any(part <= names.words for part in _asked(selector))


def may_name(selector: str, source: str) -> bool:
    """`may_match` of a page that is not parsed yet: whether its source has those names somewhere."""
    return any(all(name in source for name in part) for part in _asked(selector))


def unreadable(selector: str) -> str:
    """Why a selector cannot be read; "" for one that can."""
    try:
        etree.XPath(HTMLTranslator().css_to_xpath(selector.partition(" @ ")[0]))
    except (SelectorError, etree.XPathSyntaxError) as error:
        return str(error).rstrip(".") or "it cannot be read"
    return ""


def classes(element: HtmlElement) -> str:
    """Class, id and role of an element as one text."""
    get = element.get
    return f"{get('class', '')} {get('id', '')} {get('role', '')}".strip()


class _Outermost(HTMLTranslator):
    """`A B` with only the outermost A: what stands in an inner one stands in that too, and libxml2 compares each B of
    one A with all of another (seven seconds for 15,000 links in 58 nested boxes)."""

    def xpath_descendant_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        if not left.path:
            within = f"[{left.condition}]" if left.condition else ""
            left.add_condition(f"not(ancestor::{left.element}{within})")
        return super().xpath_descendant_combinator(left, right)


@lru_cache(maxsize=2000)
def _compiled(selector: str, *, whole: bool) -> etree.XPath | None:
    """For a whole tree or for an element of one, around which more may stand that the selector names."""
    translator = _Outermost() if whole else HTMLTranslator()
    try:
        return etree.XPath(translator.css_to_xpath(selector))
    except (SelectorError, etree.XPathSyntaxError):
        return None


@lru_cache(maxsize=2000)
def _asked(selector: str) -> tuple[frozenset[str], ...]:
    """The classes and ids that each alternative of a selector cannot do without."""
    css = _CONDITIONS.sub("", selector.partition(" @ ")[0])
    return tuple(frozenset(_NAMED.findall(part)) for part in css.split(","))


def _strings(found: object) -> list[str]:
    return list(dict.fromkeys(map(str, found))) if isinstance(found, list) else []
