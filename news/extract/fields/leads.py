"""The lead (sapo), where the page sets one apart."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import is_boilerplate_line
from news.clean.credits import labelled, photographer
from news.clean.text import fold
from news.dates import parse_date
from news.extract.evidence import Evidence
from news.extract.fields.bylines import Beside
from news.extract.jsonld import text as json_text
from news.extract.linear import placed
from news.extract.tree import text_of

_LEAD_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sapo|summary|abstract|intro(?:text|duction)?|tom-?tat|trich-?(?:dan|yeu)?|hometext|lead|dek|brief|news-brief|standfirst|mo-?ta|chapeau)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Fewer letters are a label, more are the text itself.
_SHORTEST, _LONGEST = 40, 1200


def lead(e: Evidence, near: Beside) -> str:
    """The sapo where the page marks one or sets one alone between headline and text; "" where only the first paragraph
    could be meant."""
    candidates = [(how, _own_text(found, e.own.drop)) for how, found in e.selected("lead")]
    if not candidates:
        described = (
            e.meta.get("og:description", "") or e.meta.get("description", "") or json_text(e.json.get("description"))
        )
        candidates = [
            ("visible", text)
            for element in e.tree.iter("div", "p", "h2", "h3", "span", "strong", "td")
            if (_is_lead(element.get("class", "")) or _is_lead(element.get("id", "")))
            and _SHORTEST <= len(text := text_of(element)) <= _LONGEST
            and (not described or fold(described)[:60] in fold(text) or fold(text)[:60] in fold(described))
        ]
        candidates = candidates or [("visible", _alone(near))]
    return e.choose("lead", candidates)


def _alone(near: Beside) -> str:
    """The one sentence or paragraph between the headline and the text, beside date, byline and tools."""
    long = [block for block in near.above if _is_sentence(block)]
    return long[0].text if len(long) == 1 else ""


def _is_sentence(block: Block) -> bool:
    return (
        _SHORTEST <= len(block.text) <= _LONGEST
        and block.kind in ("paragraph", "heading")
        and block.links < 0.3
        and not is_boilerplate_line(block)
        and not labelled(block.text)
        and not photographer(block.text)
        and (block.text.rstrip('”"').endswith((".", "!", "?", "…")) or _stands_out(block))
    )


def _stands_out(block: Block) -> bool:
    return parse_date(block.text) is None and (block.kind == "heading" or "bold" in block.style)


@lru_cache(maxsize=20_000)
def _is_lead(name: str) -> bool:
    return bool(name) and _LEAD_CLASS.search(name) is not None


def _own_text(box: HtmlElement, dropped: Container[HtmlElement]) -> str:
    """What a lead's box says without what is never text: a dateline's stamp, a list of related headlines."""
    if box in dropped:
        return text_of(box)
    return " ".join(block.text for block, _ in placed(box, "", skip=dropped))
