"""Boilerplate rules: rows of rules/*.toml over boxes of a tree and over lines of text. Every removal is remembered."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from news.article import Block, Removed
from news.clean.text import tidy

# Prose of this many characters behind a "Các tin khác" says that the heading stood inside the article after all.
PROSE_CHARS = 280
# A box with more than this share of its page's text is the article, whatever its class says.
MOST_OF_PAGE = 0.4
_KEPT_CHARS = 600  # of a removed box's text, enough to recognise it
_HIDDEN_CLASS = frozenset(
    ["hidden", "hide", "d-none", "sr-only", "visually-hidden", "hide-accessible", "invisible", "screen-reader-text"]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NEVER = frozenset(["html", "body", "main", "article"])
_ALWAYS = {
    "nav": "elements:navigation",
    "footer": "elements:footer",
    "aside": "elements:aside",
    "dialog": "elements:dialog",
}


@dataclass(frozen=True, slots=True)
class LineRule:
    """One row of lines.toml."""

    name: str
    pattern: re.Pattern[str]
    longest: int
    rest: bool
    strike: tuple[str, ...]
    spare: tuple[str, ...]

    def strikes(self, text: str) -> bool:
        return len(text) <= self.longest and self.pattern.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class BoxRule:
    """One row of elements.toml: `pattern` is looked for in class, id and role."""

    name: str
    pattern: re.Pattern[str]
    strike: str
    spare: str


@cache
def line_rules() -> tuple[LineRule, ...]:
    return tuple(
        LineRule(
            name=row["name"],
            pattern=re.compile(row["pattern"], re.IGNORECASE),
            longest=row.get("max", 200),
            rest=row.get("rest", False),
            strike=tuple(row["strike"]),
            spare=tuple(row["spare"]),
        )
        for row in _rows("lines.toml")
    )


@cache
def box_rules() -> tuple[BoxRule, ...]:
    return tuple(
        BoxRule(row["name"], re.compile(row["pattern"], re.IGNORECASE), row["strike"], row["spare"])
        for row in _rows("elements.toml")
    )


def strike_boxes(root: HtmlElement) -> list[Removed]:
    """Take hidden copies and boilerplate boxes out from below `root` (which stays itself); what went, in order."""
    total = max(1, len(_text(root)))
    removed: list[Removed] = []
    walk = etree.iterwalk(root, events=("start",))
    doomed: list[tuple[HtmlElement, str]] = []
    for _, element in walk:
        rule = box_rule(element) if element is not root else ""
        if rule and len(_text(element)) <= MOST_OF_PAGE * total:
            doomed.append((element, rule))
            walk.skip_subtree()
    for element, rule in doomed:
        text = tidy(_text(element))
        if text:
            removed.append(Removed(text[:_KEPT_CHARS], rule))
        element.drop_tree()
    return removed


def strike_lines(blocks: Sequence[Block]) -> tuple[list[Block], list[Removed]]:
    """The blocks that are the article's, and what was struck."""
    kept: list[Block] = []
    removed: list[Removed] = []
    ended = ""
    for index, block in enumerate(blocks):
        if ended:
            _remember(removed, block, ended)
            continue
        rule = _line_rule(block)
        if rule is None:
            kept.append(block)
            continue
        removed.append(Removed(block.text, f"lines:{rule.name}"))
        if rule.rest and not any(_is_prose(later) for later in blocks[index + 1 :]):
            ended = f"lines:{rule.name}"
    return kept, removed


def _remember(removed: list[Removed], block: Block, rule: str) -> None:
    if block.text:
        removed.append(Removed(block.text, rule))


def is_boilerplate_line(block: Block) -> bool:
    """Whether a rule of lines.toml strikes the block."""
    return _line_rule(block) is not None


def _line_rule(block: Block) -> LineRule | None:
    if block.kind in ("image", "row") or not block.text or len(block.text) > 400:
        return None
    if not _any_line().fullmatch(block.text):
        return None
    return next((rule for rule in line_rules() if rule.strikes(block.text)), None)


@cache
def _any_line() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in line_rules()), re.IGNORECASE)


def _is_prose(block: Block) -> bool:
    return len(block.text) >= PROSE_CHARS and block.links < 0.3


@cache
def _any_box() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?P<r{i}>{rule.pattern.pattern})" for i, rule in enumerate(box_rules())), re.IGNORECASE
    )


def box_rule(element: HtmlElement) -> str:
    """The rule (`elements:name`) by which a box is boilerplate, "" where none says so."""
    if element.tag in _NEVER or not isinstance(element.tag, str):
        return ""
    if element.tag in _ALWAYS:
        return _ALWAYS[element.tag]
    get = element.get
    if "hidden" in element.attrib or _HIDDEN_STYLE.search(get("style", "")) or get("aria-hidden") == "true":
        return "elements:hidden"
    named = get("class", ""), get("id", ""), get("role", "")
    if not any(named):
        return ""
    if not _HIDDEN_CLASS.isdisjoint(named[0].split()):
        return "elements:hidden"
    found = _any_box().search(" ".join(named))
    return f"elements:{box_rules()[int(str(found.lastgroup)[1:])].name}" if found else ""


def _text(element: HtmlElement) -> str:
    return str(element.text_content())


def _rows(name: str) -> list[dict[str, Any]]:
    text = (files("news.clean") / "rules" / name).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["rule"]
    return rows
