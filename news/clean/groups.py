"""Widgets of several lines (counters, polls, price lists): runs of blocks that only together are boilerplate."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from news.article import Block

# A line of this many letters that ends as a sentence does belongs to an article.
_SENTENCE = 60
_LONGEST = 260


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One row of groups.toml; its head says what the fields mean."""

    name: str
    first: re.Pattern[str] | None
    line: re.Pattern[str]
    need: re.Pattern[str]
    last: re.Pattern[str] | None
    least: int
    needs: int
    most: int
    digits: bool
    edge: bool
    strike: tuple[tuple[str, ...], ...]
    spare: tuple[tuple[str, ...], ...]

    def run(self, texts: Sequence[str], start: int) -> int:
        """The end of the run that begins at `start`; `start` where none does."""
        if not (self.first or self.line).fullmatch(texts[start]):
            return start
        end = start + 1
        while end < len(texts) and end - start < self.most and self.line.fullmatch(texts[end]):
            end += 1
            if self.last and self.last.fullmatch(texts[end - 1]):
                break
        found = texts[start:end]
        needed = {text for text in found if self.need.fullmatch(text)}
        whole = len(found) >= self.least and len(needed) >= self.needs
        return end if whole and (not self.digits or any(map(_has_digit, found))) else start


@cache
def group_rules() -> tuple[GroupRule, ...]:
    rows = tomllib.loads((files("news.clean") / "rules" / "groups.toml").read_text(encoding="utf-8"))["rule"]
    return tuple(
        GroupRule(
            name=row["name"],
            first=_pattern(row["first"]) if "first" in row else None,
            line=_pattern(row["line"]),
            need=_pattern(row["need"]),
            last=_pattern(row["last"]) if "last" in row else None,
            least=row["least"],
            needs=row.get("needs", 1),
            most=row.get("most", 60),
            digits=row.get("digits", False),
            edge=row.get("edge", False),
            strike=tuple(map(tuple, row["strike"])),
            spare=tuple(map(tuple, row["spare"])),
        )
        for row in rows
    )


def groups(blocks: Sequence[Block]) -> dict[int, str]:
    """The rule (`groups:name`) of each block that is part of a widget, by its index."""
    places = [i for i, block in enumerate(blocks) if block.text]
    texts = [blocks[i].text for i in places]
    prose = [at for at, text in enumerate(texts) if _is_sentence(text)]
    found: dict[int, str] = {}
    at = 0
    while at < len(texts):
        end = at
        if len(texts[at]) <= _LONGEST and not _is_sentence(texts[at]) and _any_start().fullmatch(texts[at]):
            for rule in group_rules():
                end = rule.run(texts, at)
                if end > at and not (rule.edge and _is_within(prose, at, end)):
                    found |= dict.fromkeys(places[at:end], f"groups:{rule.name}")
                    break
                end = at
        at = max(end, at + 1)
    return found


@cache
def _any_start() -> re.Pattern[str]:
    """What the first line of any rule's run looks like, as one pattern: most lines of most pages are none."""
    return _pattern("|".join(f"(?:{(rule.first or rule.line).pattern})" for rule in group_rules()))


def _is_within(prose: Sequence[int], start: int, end: int) -> bool:
    return bool(prose) and prose[0] < start and prose[-1] >= end


def _is_sentence(text: str) -> bool:
    return len(text) >= _SENTENCE and text.endswith((".", "!", "”", '"', "./."))


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
