"""The phrases of letterheads, preambles and signature blocks, which are in every letter of an office and make no two of
them alike."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@cache
def officialese() -> frozenset[str]:
    """The folded syllables of which titles, names of offices and slogans consist."""
    return frozenset(_rules("officialese")["syllables"])


@cache
def formulas() -> tuple[tuple[str, re.Pattern[str], str, str], ...]:
    """The rows of rules/formulas.toml: name, pattern, a phrase that it takes, one that it leaves."""
    rows = _rules("formulas")["formula"]
    return tuple((row["name"], re.compile(rf"\b(?:{row['words']})\b"), row["catch"], row["spare"]) for row in rows)


@cache
def _any_formula() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(pattern.pattern for _, pattern, _, _ in formulas())})\b")


def prose(tokens: Sequence[str]) -> Sequence[str]:
    """The folded words of a text without its formulas: what it says in words of its own."""
    return _prose(" ".join(tokens))


@lru_cache(maxsize=64)  # as news.dedupe.shingles.syllables, and for the same reason
def _prose(text: str) -> tuple[str, ...]:
    return tuple(_any_formula().sub("", text).split())


def _rules(name: str) -> dict[str, Any]:
    return tomllib.loads((files("news.dedupe") / "rules" / f"{name}.toml").read_text(encoding="utf-8"))
