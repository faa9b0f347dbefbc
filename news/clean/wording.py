"""Lines known by their wording: a text in which # stands for any number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from news.clean.text import tidy

# Possessive: a # takes a number whole, so that a line is read in one pass whatever the text is.
_NUMBER = r"\d++(?:[.,:/]\d++)*+"
# A # of the page itself ("#57") is matched by a # too.
_ANY = f"(?:#|{_NUMBER})"
_NUMBERS, _MARKS = re.compile(_NUMBER), re.compile("#(?:[.,:/]?#)+")


def wording(line: str) -> str:
    """The line with # for each number: "Lượt xem: 1.204" is "Lượt xem: #"."""
    return _MARKS.sub("#", _NUMBERS.sub("#", tidy(line)))


def reads_so(line: str, wordings: tuple[str, ...]) -> bool:
    """Whether the whole line reads like one of the texts, whatever its numbers and its capitals are. A text of several
    lines stands for each of them."""
    return bool(wordings) and _any_of(wordings).fullmatch(tidy(line).casefold()) is not None


@lru_cache(maxsize=500)
def _any_of(wordings: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_patterns(wordings)) or "(?!)")


def _patterns(wordings: Iterable[str]) -> Iterable[str]:
    lines = (_MARKS.sub("#", tidy(line).casefold()) for text in wordings for line in text.splitlines())
    return dict.fromkeys(_ANY.join(map(re.escape, line.split("#"))) for line in lines if line)
