"""Boilerplate rules: rows of rules/*.toml over boxes of a tree and over lines of text. Every removal is remembered."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from news.article import Block, Removed
from news.clean.edges import outside
from news.clean.groups import groups
from news.clean.text import tidy

# Prose of this many characters behind a "Các tin khác" says that the heading stood inside the article after all.
PROSE_CHARS = 280
# ... or a sentence of so many, where it does not stand below a headline.
_SENTENCE_CHARS = 60
_FULL_STOP = (".", "!", "?", "”", '"')
_LINKED = 0.5
# A box with more than this share of its page's text is the article, whatever its class says.
_MOST_OF_PAGE = 0.4
# A line about the writer stands at the end: at most one paragraph of so many characters follows.
_LAST_PARAGRAPHS, _PARAGRAPH_CHARS = 2, 120
_LONGEST_LINE = 420
# Most rules strike labels only, and most lines are longer.
_LABEL = 130
_VIETNAMESE = re.compile("[ăâđêôơưạ-ỹ]", re.IGNORECASE)
# "PromoSmall" of a stylesheet made by machine is "Promo-Small".
_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_KEPT_CHARS = 600  # of a removed box's text, enough to recognise it
_HIDDEN_CLASS = frozenset(
    ["hidden", "hide", "d-none", "sr-only", "visually-hidden", "hide-accessible", "invisible", "screen-reader-text"]
)
# Templates give these names to the text itself, and to nothing else.
_BODY, _HIDDEN = "body", "elements:hidden"
_BODY_WORD = re.compile(
    r"(?:js-)?(?:article|entry|post|story|news|detail|single|art|tin|bai-?viet|bv)[-_]*(?:main[-_]*)?"
    r"(?:body|content|text|copy|noi-?dung|nd)(?:[-_]*(?:text|inner|main|detail))?"
    r"|(?:content|body|text|main)[-_]*(?:detail|news|article|post|body|text|content)|bodytext|entry|rte|rich-?text\w*"
    r"|wysiwyg\w*|ck-?content|[a-z]{1,3}[-_]rte|nd[-_]*(?:tin|bv|bai-?viet|chi-?tiet)"
    r"|(?:\w*_)?(?:div|lbl?|pnl|ltr|lit)?noi-?dung(?:-?(?:tin|bai-?viet|chi-?tiet))?|fck_?(?:editor|detail)\w*|ms-rtestate-field|journal-content-article",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A call to subscribe or a line about the author is shorter.
_PARAGRAPH_MOST = 250
_SEPARATORS = " \n\t\r|,;:·•-"
_WORDS = frozenset(["a", "span", "b", "strong", "i", "em", "font", "u", "mark"])
_NEVER = frozenset(["html", "body", "main", "article"])
_ALWAYS = {
    "nav": "elements:navigation",
    "footer": "elements:footer",
    "aside": "elements:aside",
    "dialog": "elements:dialog",
}


@dataclass(frozen=True, slots=True)
class LineRule:
    """One row of lines.toml or english.toml.

    `links` is the share of a line's letters that must lead away; `rest`: what follows goes too, unless prose follows;
    `closing`: what follows goes too, prose or not, where it is at most this share of the text; `last`: the rule holds
    for the last paragraphs only.
    """

    name: str
    pattern: re.Pattern[str]
    longest: int
    links: float
    rest: bool
    closing: float
    last: bool
    strike: tuple[str, ...]
    spare: tuple[str, ...]

    def strikes(self, text: str, links: float = 1.0) -> bool:
        return len(text) <= self.longest and links >= self.links and self.pattern.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class BoxRule:
    """One row of elements.toml: `words` stand between hyphens and ends of a class, id or role, `pieces` anywhere."""

    name: str
    words: str
    pieces: str
    strike: str
    spare: str


class Box(NamedTuple):
    """A box that is boilerplate: the rule that says so, and how many letters it holds."""

    rule: str
    letters: int


@cache
def line_rules(name: str = "lines.toml") -> tuple[LineRule, ...]:
    """The rules of one file: lines.toml, or english.toml for lines without a Vietnamese letter."""
    return tuple(
        LineRule(
            name=row["name"],
            pattern=re.compile(row["pattern"] if "pattern" in row else _of_words(**row), re.IGNORECASE),
            longest=row.get("max", _LABEL),
            links=row.get("links", 0.0),
            rest=row.get("rest", False),
            closing=row.get("closing", 0.0),
            last=row.get("last", False),
            strike=tuple(row["strike"]),
            spare=tuple(row["spare"]),
        )
        for row in _rows(name)
    )


@cache
def box_rules() -> tuple[BoxRule, ...]:
    return tuple(
        BoxRule(row["name"], row["words"], row.get("pieces", ""), row["strike"], row["spare"])
        for row in _rows("elements.toml")
    )


def boilerplate_boxes(root: HtmlElement) -> dict[HtmlElement, Box]:
    """The outermost hidden copies and boilerplate boxes below `root`, in document order.

    A box with most of the text is left out: it is the article, whatever its class says.
    """
    boxes: dict[HtmlElement, Box] = {}
    most = -1.0
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        rule = box_rule(element) if element is not root else ""
        if rule:
            if most < 0:
                most = _MOST_OF_PAGE * max(1, _letters(root))
            letters = _letters(element)
            if letters <= most and not (rule != _HIDDEN and _is_text(element, letters)):
                boxes[element] = Box(rule, letters)
                walk.skip_subtree()
    return boxes


def removed_box(element: HtmlElement, rule: str) -> Removed:
    """The record of a struck box; its text as far as it is needed to recognise it."""
    return Removed(tidy(str(element.text_content()))[:_KEPT_CHARS], rule)


def strike_lines(blocks: Sequence[Block]) -> tuple[list[Block], list[Removed]]:
    """The blocks that are the article's, and what was struck; never one that the site keeps."""
    why = {i: rule for i, rule in _by_rules(blocks).items() if not blocks[i].kept}
    why |= outside(blocks, why)
    kept = [block for i, block in enumerate(blocks) if i not in why]
    return kept, [Removed(blocks[i].text, why[i]) for i in sorted(why) if blocks[i].text]


def _by_rules(blocks: Sequence[Block]) -> dict[int, str]:
    """The rule of each block that is struck for what it says, by its index."""
    why = groups(blocks)
    gone, heading = 0, ""  # the blocks before `gone` belong to a heading that was struck, by the rule `heading`
    total, seen = sum(len(block.text) for block in blocks), 0
    prose = [i for i in range(len(blocks)) if _is_prose(blocks, i)]
    linked = [i for i, block in enumerate(blocks) if block.links > _LINKED]
    last = ([-1] * _LAST_PARAGRAPHS + [i for i, block in enumerate(blocks) if _is_paragraph(block)])[-_LAST_PARAGRAPHS]
    for index, block in enumerate(blocks):
        rule = _line_rule(block)
        if index < gone:
            why[index] = heading
        elif index in why:
            continue
        elif rule is None or (rule.last and index < last):
            seen += len(block.text)
        else:
            why[index] = heading = f"lines:{rule.name}"
            if rule.closing and seen > (1 - rule.closing) * total:
                gone = len(blocks)
            elif rule.rest:
                gone = _end_of_list(len(blocks), index + 1, prose, linked)
    return why


def _end_of_list(end: int, start: int, prose: Sequence[int], linked: Sequence[int]) -> int:
    """The end of what a heading of other news or of comments leads: all that follows, or, where the article's prose
    goes on behind it, its last link. `prose` and `linked` are the indices of such blocks."""
    goes_on = bisect_left(prose, start)
    if goes_on == len(prose):
        return end
    link = bisect_left(linked, prose[goes_on]) - 1
    return linked[link] + 1 if link >= 0 and linked[link] >= start else start


def is_boilerplate_line(block: Block) -> bool:
    """Whether a rule of lines.toml strikes the block."""
    return _line_rule(block) is not None


def _line_rule(block: Block) -> LineRule | None:
    if block.kept or block.kind in ("image", "row") or not block.text or len(block.text) > _LONGEST_LINE:
        return None
    return _rule_of(block.text, block.links)


@lru_cache(maxsize=15_000)  # as many lines as a page may have (news.extract.limits.MOST_TAGS): each is asked thrice
def _rule_of(text: str, links: float) -> LineRule | None:
    for name in ("lines.toml",) if _VIETNAMESE.search(text) else ("lines.toml", "english.toml"):
        if _any_line(name, len(text) > _LABEL).fullmatch(text):
            rule = next((rule for rule in line_rules(name) if rule.strikes(text, links)), None)
            if rule:
                return rule
    return None


@cache
def _any_line(name: str, long: bool) -> re.Pattern[str]:
    """All rules of a file as one pattern; for lines longer than a label only those that may strike one."""
    rules = [rule for rule in line_rules(name) if rule.longest > _LABEL or not long]
    return re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in rules), re.IGNORECASE)


def _is_paragraph(block: Block) -> bool:
    return len(block.text) >= _PARAGRAPH_CHARS and block.links < 0.3


def _is_prose(blocks: Sequence[Block], index: int) -> bool:
    """Whether a block goes on with the article: a long paragraph, or a whole sentence that is no teaser, which stands
    below a headline and is followed by the next one."""
    block = blocks[index]
    if block.links > 0.3:
        return False
    before, behind = blocks[index - 1], blocks[index + 1 : index + 4]
    teaser = (before.links > _LINKED or before.kind == "heading") and any(b.links > _LINKED for b in behind)
    return len(block.text) >= (PROSE_CHARS if teaser or not block.text.endswith(_FULL_STOP) else _SENTENCE_CHARS)


@cache
def _box_patterns() -> tuple[re.Pattern[str], Mapping[str, re.Pattern[str]]]:
    """All rules as one flat list of alternatives, twice as fast as one of groups, and each by its name."""
    rules = box_rules()
    every = _box_pattern("|".join(rule.words for rule in rules), "|".join(r.pieces for r in rules if r.pieces))
    return every, {f"elements:{rule.name}": _box_pattern(rule.words, rule.pieces) for rule in rules}


def _box_pattern(words: str, pieces: str) -> re.Pattern[str]:
    return re.compile(f"(?:^|[_-])(?:{words})(?:$|[_-])" + (f"|{pieces}" if pieces else ""), re.IGNORECASE)


def box_rule(element: HtmlElement) -> str:
    """The rule (`elements:name`) by which a box is boilerplate, "" where none says so."""
    if element.tag in _NEVER or not isinstance(element.tag, str):
        return ""
    if element.tag in _ALWAYS:
        return _ALWAYS[element.tag]
    known = ""
    for name, value in element.items():
        if name in ("class", "id", "role"):
            for word in value.split():
                rule = _word_rule(word)
                if rule is _BODY:
                    return ""
                known = rule if rule == _HIDDEN else known or rule
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and _HIDDEN_STYLE.search(value))
        ):
            return _HIDDEN
    return known


@lru_cache(maxsize=50_000)
def _word_rule(word: str) -> str:
    """The rule that knows one word of a class, id or role. The same few thousand words name the boxes of all pages."""
    if word in _HIDDEN_CLASS:
        return _HIDDEN
    if _BODY_WORD.fullmatch(word):
        return _BODY
    every, each = _box_patterns()
    split = _HUMP.sub("-", word)
    return next((rule for rule, pattern in each.items() if pattern.search(split)), "") if every.search(split) else ""


def is_body(element: HtmlElement) -> bool:
    """Whether a template calls an element the text ("entry-content", "noi-dung")."""
    return any(_word_rule(word) is _BODY for name in ("class", "id") for word in element.get(name, "").split())


def _is_text(element: HtmlElement, letters: int) -> bool:
    """Whether an element is running text, whatever its class says: a long paragraph ("paywall" is a paragraph that
    one has to pay for), or a word within a sentence."""
    if element.tag == "p":
        return letters > _PARAGRAPH_MOST
    if element.tag not in _WORDS:
        return False
    parent = element.getparent()
    first = parent is not None and parent[0] is element
    before = parent.text if parent is not None and first else ""
    if (element.tail or "").strip(_SEPARATORS) or (before or "").strip():
        return True
    # The word itself in an element that also holds what pops up beside it.
    return parent is not None and first and parent.tag in _WORDS and _is_text(parent, letters)


def _letters(element: HtmlElement) -> int:
    """Those a reader sees: the white space of a page's source may be most of it."""
    return sum(map(len, str(element.text_content()).split()))


def _of_words(words: Sequence[str], **row: Any) -> str:
    """A line of nothing but `words`, with figures and words of the row's `with` between them. Each word is taken whole
    or not at all (atomic groups), so that a line is read in one pass."""

    def one_of(*lists: Sequence[str]) -> str:
        every = "|".join(re.escape(word) for word in sorted(chain(*lists), key=len, reverse=True))
        return rf"(?>(?:{every})(?:(?!\w)|(?={everything})))"

    everything = "|".join(re.escape(word) for word in sorted(chain(words, row["with"]), key=len, reverse=True))
    between = r"[\s|:•·,;/–—-]*+(?>\(?[\d.,:/x]+\)?(?!\w)[\s|:•·,;/–—-]*+)*+"
    weak = rf"(?>(?!{one_of(words)}){one_of(row['with'])}{between})*+"
    return rf"{between}{weak}{one_of(words)}{between}(?>{one_of(words, row['with'])}{between})*+"


def _rows(name: str) -> list[dict[str, Any]]:
    text = (files("news.clean") / "rules" / name).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["rule"]
    return rows
