"""An article's HTML as the lines of its body, and the HTML again when some of these were typed anew.

What was not touched keeps its links, its emphasis and its table, and every picture stays where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from lxml.html import HtmlElement, fragment_fromstring, tostring

from news.article import Block, Image
from news.clean.lines import body_of, line_of
from news.clean.sanitize import to_html
from news.clean.text import squeeze
from news.diff import aligned

_CELLS = re.compile(r"(?:^|(?<=\s))\|(?=\s|$)")


def blocks_of(html: str) -> list[Block]:
    """The blocks of an article's HTML (news.clean.sanitize), in reading order."""
    root = fragment_fromstring(html, create_parent="div")
    for gap in root.iter("br"):
        gap.tail = f" {gap.tail or ''}"
    return [block for block in _within(root, "paragraph") if block.text or block.image]


def rebuilt(html: str, lines: Sequence[str]) -> tuple[str, str]:
    """The HTML and the body that tell these lines, each squeezed and none empty; both tell the same text."""
    texts: list[Block] = []
    pictures: list[list[Block]] = [[]]  # those before the first text, and those behind each
    for block in blocks_of(html):
        if block.image:
            pictures[-1].append(block)
        else:
            texts.append(block)
            pictures.append([])
    made, at = pictures[0], 0
    for before, after in aligned([squeeze(line_of(block)) for block in texts], lines):
        known = texts[at] if before is not None else None
        if after is not None:
            made.append(known if known and before == after else _typed(after, known))
        if before is not None:
            at += 1
            made += pictures[at]
    return to_html(made), body_of(made)


def _within(parent: HtmlElement, kind: str) -> Iterator[Block]:
    """The blocks of a box; what stands in it without an element of its own is one too."""
    yield _plain(parent.text, kind)
    for element in parent.iterchildren("*"):
        yield from _read(element, kind)
        yield _plain(element.tail, kind)


def _read(element: HtmlElement, kind: str) -> Iterator[Block]:
    match element.tag:
        case "ul" | "ol":
            yield from _within(element, "item")
        case "blockquote":
            yield from _within(element, "quote")
        case "table":
            yield from map(_row, element.iter("tr"))
        case "figure" | "img":
            yield from _pictures(element)
        case "h2" | "h3" | "h4":
            yield _block("heading", element)
        case _:
            block = _block(kind, element)
            yield from [block] if block.text else _pictures(element)


def _block(kind: str, element: HtmlElement) -> Block:
    inner = "".join(tostring(child, encoding="unicode") for child in element)
    return Block(kind, squeeze(element.text_content()), escape(element.text or "", quote=False) + inner)


def _plain(text: str | None, kind: str) -> Block:
    return Block(kind, squeeze(text or ""))


def _row(row: HtmlElement) -> Block:
    cells = [squeeze(cell.text_content()) for cell in row.iterchildren("td", "th")]
    return Block("row", " | ".join(cells) if any(cells) else "", tostring(row, encoding="unicode", with_tail=False))


def _pictures(element: HtmlElement) -> Iterator[Block]:
    for image in element.iter("img"):
        caption = next((squeeze(said.text_content()) for said in element.iter("figcaption")), "")
        yield Block("image", "", image=Image(image.get("src", ""), caption))


def _typed(line: str, before: Block | None) -> Block:
    """What a line is: by its own form, else as the one in whose place it was typed."""
    kind = before.kind if before else ""
    prose = kind in ("paragraph", "heading", "quote")
    if line.startswith("- "):
        return Block("item", line[2:])
    cells = [squeeze(cell) for cell in _CELLS.split(line)]
    if any(cells) and (kind == "row" or (len(cells) > 1 and not (before and prose and "|" in before.text))):
        name = "th" if before and "<th" in before.html and "<td" not in before.html else "td"
        markup = "".join(f"<{name}>{escape(cell, quote=False)}</{name}>" for cell in cells)
        return Block("row", " | ".join(cells), f"<tr>{markup}</tr>")
    return Block(kind if prose else "paragraph", line, _linked(line, before.html if before else ""))


def _linked(line: str, before: str) -> str:
    """The line with the links that its words had: each whose text stands in it once."""
    links: dict[int, tuple[str, str]] = {}
    for link in fragment_fromstring(before, create_parent="div").iter("a") if "<a" in before else ():
        said, target = squeeze(link.text_content()), link.get("href")
        if said and target and line.count(said) == 1:
            links[line.index(said)] = said, target
    parts: list[str] = []
    end = 0
    for start, (said, target) in sorted(links.items()):
        if start >= end:
            parts += escape(line[end:start], quote=False), f'<a href="{escape(target)}">{escape(said, quote=False)}</a>'
            end = start + len(said)
    return "".join([*parts, escape(line[end:], quote=False)])
