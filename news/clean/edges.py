"""Where an article begins and ends: what stands between furniture that rules know is furniture, in whatever wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from news.article import Block
from news.clean.credits import credit_line, is_name, labelled

# Rules whose lines stand before or behind an article, never within it. Pictures' credits, dates, advertisements and
# boxes of other news come between paragraphs too.
_OUTSIDE = frozenset(
    f"lines:{name}"
    for name in (
        *("view-count", "visitor-counter", "poll", "rating", "date-search", "tools", "tool-lines", "pager", "tags"),
        *("comments", "comment-box", "comment-form", "login", "footer", "head-lines", "dossiers"),
        *("en-share", "en-tools", "en-comments", "en-newsletter", "en-copyright", "en-tags"),
    )
)
# A sentence of an article; what is shorter than any that may end one behind the first button; a text without a mark.
_SENTENCE, _SHORT, _LONG = 60, 60, 120
_MARKS = (".", "!", "?", "”", '"', "…", ";", ":", ")")
# Buttons that no rule knows: several lines of so few words and letters, without a mark of a sentence.
_BUTTON_WORDS, _BUTTON_CHARS, _BUTTONS = 5, 30, range(2, 7)
_LINKED, _BUTTON_LINKED = 0.5, 0.9
_HEADLINE_WORDS = 4


def outside(blocks: Sequence[Block], struck: Mapping[int, str]) -> dict[int, str]:
    """The rule (`edges:…`) of each block that lies outside of the article, by its index: short lines among struck ones
    and lists of links before the first sentence or behind the last one, and buttons there. `struck` are the blocks that
    a rule took, with it."""
    told = [i for i, block in enumerate(blocks) if i not in struck and _is_sentence(block)]
    if not told:
        return {}
    first, last = told[0], _last(blocks, struck, told[-1])
    linked = {i for i, block in enumerate(blocks) if _is_headline(block)}
    marks = {i for i, rule in struck.items() if rule in _OUTSIDE or rule.startswith("groups:")} | linked
    before = max((i for i in {*struck, *linked} if i < first and blocks[i].text), default=-1)
    behind = min((i for i in marks if i > last), default=len(blocks))
    found: dict[int, str] = {}
    for i, block in enumerate(blocks):
        if i in struck or i in linked or not block.text or first <= i <= last or _is_credit(block):
            continue
        if i < before:
            found |= {i: "edges:before"} if len(block.text) < _SHORT else {}
        elif i > behind:
            found |= {i: "edges:behind"} if len(block.text) < _LONG else {}
        elif last < i < behind < len(blocks) and _is_label(block):
            found[i] = "edges:behind"
        # Behind the text, what leads somewhere may be what its author shows.
        elif block.links >= _BUTTON_LINKED and len(block.text) < _SHORT and (i < first or 'href="' not in block.html):
            found[i] = "edges:link"
    rest = [i for i in range(last + 1, len(blocks)) if i not in struck and i not in found and blocks[i].text]
    rest = [i for i in rest if not _is_credit(blocks[i])]
    if len(rest) in _BUTTONS and all(_is_button(blocks[i]) for i in rest):
        found |= dict.fromkeys(rest, "edges:behind")
    return found


def _last(blocks: Sequence[Block], struck: Mapping[int, str], last: int) -> int:
    """The last block of the article: its last sentence, and the rows, items and lines of a form right behind it."""
    while last + 1 < len(blocks) and last + 1 not in struck and _goes_on(blocks[last + 1]):
        last += 1
    return last


def _is_sentence(block: Block) -> bool:
    if block.kept:
        return bool(block.text)
    if block.links >= 0.3 or len(block.text) < _SENTENCE:
        return False
    return len(block.text) >= _LONG or block.text.endswith(_MARKS)


def _goes_on(block: Block) -> bool:
    if block.links >= _LINKED:
        return False
    return not block.text or block.kind in ("row", "item") or block.text.endswith(_MARKS) or ": " in block.text


def _is_headline(block: Block) -> bool:
    return (
        not block.kept
        and block.links >= _LINKED
        and len(block.text.split()) >= _HEADLINE_WORDS
        and 'href="' in block.html
    )


def _is_label(block: Block) -> bool:
    """Whether a line between the last sentence and the first button is none of the article's: no sentence, no name, no
    signature."""
    text = block.text
    plain = block.kind == "paragraph" and "bold" not in block.style and not text.isupper() and text[-1] not in _MARKS
    return plain and len(text) < _SHORT and not is_name(text)


def _is_credit(block: Block) -> bool:
    """Whether a line may name who wrote the text: one with a source, one set apart by its look."""
    if "right" in block.style or labelled(block.text) is not None:
        return True
    said = credit_line(block)
    apart = bool(block.style & {"bold", "italic"}) and " " in block.text
    return said is not None and (not said.author or bool(said.source) or apart)


def _is_button(block: Block) -> bool:
    text = block.text
    plain = block.kind in ("paragraph", "heading") and not text.isupper() and not any(mark in text for mark in ".!:;,?")
    return plain and len(text) <= _BUTTON_CHARS and len(text.split()) <= _BUTTON_WORDS and "right" not in block.style
