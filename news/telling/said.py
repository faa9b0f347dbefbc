"""Steps, and how they become sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from news.errors import Reason
from news.language import Language
from news.telling import english, vietnamese
from news.telling.explained import of_reason
from news.telling.names import Chapter, Said

_WORDS = {Language.VIETNAMESE: vietnamese.SAID, Language.ENGLISH: english.SAID}
_NAMES = {Language.VIETNAMESE: vietnamese.NAMES, Language.ENGLISH: english.NAMES}


class Parts(tuple[Any, ...]):
    """Values that colons part, where commas part those of any other tuple."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is said: which sentence, and what is filled into it: texts, numbers, moments, members of our enums
    (which have names), steps (a part of a sentence), or several of these (`Parts`, or any tuple). `at` is when it was
    (UTC), where that is known; `chapter` the part of the way from the source to the reader that it is about; `url` and
    `article` what it leads to; `good` whether it is as it should be, None where it is neither well nor ill."""

    said: Said
    values: Mapping[str, Any] = field(default_factory=dict)
    chapter: Chapter = Chapter.SITE
    at: datetime | None = None
    good: bool | None = None
    url: str = ""
    article: str = ""


def tell(step: Step, language: Language, shown: Callable[[datetime], str]) -> str:
    """The sentence. `shown` writes a moment."""
    values = {name: _written(value, language, shown) for name, value in step.values.items()}
    if isinstance(reason := step.values.get("reason"), Reason):
        values["do"] = of_reason(reason, language).do
    return _WORDS[language][step.said].format(**values)


def named(value: StrEnum, language: Language) -> str:
    """What a member of one of our enums is called; where it has no name of its own, its value."""
    if isinstance(value, Reason) and language is Language.VIETNAMESE:
        return of_reason(value, language).name
    return _NAMES[language].get(type(value).__name__, {}).get(str(value), str(value))


def _written(value: Any, language: Language, shown: Callable[[datetime], str]) -> str:
    if isinstance(value, Step):
        return tell(value, language, shown)
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, StrEnum):
        return named(value, language)
    if isinstance(value, Parts):
        return ": ".join(_written(one, language, shown) for one in value)
    if isinstance(value, tuple):
        return ", ".join(_written(one, language, shown) for one in value)
    return str(value)
