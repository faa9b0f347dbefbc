"""Where an article begins and ends: what stands between furniture that rules know is furniture, in whatever wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from news.article import Block
from news.clean.credits import credit_line, labelled

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
# A paragraph, and what is shorter than any sentence that may end an article behind the first button.
_PROSE, _SHORT = 60, 60
# Buttons that no rule knows: several lines of so few words and letters, without a mark of a sentence.
_BUTTON_WORDS, _BUTTON_CHARS, _BUTTONS = 5, 30, range(2, 7)
_LINKED = 0.9


def outside(blocks: Sequence[Block], struck: Mapping[int, str]) -> dict[int, str]:
    """The rule (`edges:…`) of each block that lies outside of the article, by its index: short lines among struck ones
    before the first paragraph or behind the last one, and buttons there. `struck` are the blocks that a rule took,
    with it."""
    told = [i for i, block in enumerate(blocks) if i not in struck and _is_told(block)]
    if not told:
        return {}
    first, last = told[0], told[-1]
    marks = [i for i, rule in struck.items() if rule in _OUTSIDE or rule.startswith("groups:")]
    before = max((i for i, rule in struck.items() if i < first and blocks[i].text), default=-1)
    behind = min((i for i in marks if i > last), default=len(blocks))
    found: dict[int, str] = {}
    for i, block in enumerate(blocks):
        if i in struck or not block.text or first <= i <= last or _is_credit(block):
            continue
        if len(block.text) >= _SHORT:
            continue
        if i < before or i > behind:
            found[i] = "edges:before" if i < first else "edges:behind"
        # Behind the text, what leads somewhere may be what its author shows.
        elif block.links >= _LINKED and (i < first or 'href="' not in block.html):
            found[i] = "edges:link"
    rest = [i for i in range(last + 1, len(blocks)) if i not in {*struck, *found} and blocks[i].text]
    rest = [i for i in rest if not _is_credit(blocks[i])]
    if len(rest) in _BUTTONS and all(_is_button(blocks[i]) for i in rest):
        found |= dict.fromkeys(rest, "edges:behind")
    return found


def _is_told(block: Block) -> bool:
    """Whether the article itself speaks: a paragraph, a row of a table, an item of a list."""
    if block.kind in ("row", "item"):
        return block.links < 0.5
    return len(block.text) >= _PROSE and block.links < 0.3


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
