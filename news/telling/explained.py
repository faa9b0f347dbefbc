"""Why a URL gave nothing, what became of a source, how a run ended: what it means, and what to do about it."""

from __future__ import annotations

import re

from news.errors import Reason
from news.language import Language
from news.report import Fate, RunState
from news.telling import english_reasons, vietnamese_reasons
from news.telling.names import Explained

_REASONS = {Language.VIETNAMESE: vietnamese_reasons.REASONS, Language.ENGLISH: english_reasons.REASONS}
_FATES = {Language.VIETNAMESE: vietnamese_reasons.FATES, Language.ENGLISH: english_reasons.FATES}
_RUNS = {Language.VIETNAMESE: vietnamese_reasons.RUNS, Language.ENGLISH: english_reasons.RUNS}


def of_reason(reason: Reason, language: Language) -> Explained:
    """Of a reason for which a URL gave no article."""
    return _REASONS[language][reason]


def of_code(code: str, language: Language) -> Explained:
    """Of a reason by its code; another Bantin may have counted one that this one does not know."""
    return of_reason(Reason(code), language) if code in list(Reason) else Explained(code, "")


def of_fate(fate: Fate, language: Language) -> Explained:
    """Of what became of the reading of a source."""
    return _FATES[language][fate]


def of_run(state: RunState, language: Language) -> Explained:
    """Of the way in which a run stands or ended."""
    return _RUNS[language][state]


def with_names(figures: str, language: Language) -> str:
    """What is counted by reason ("timeout 4") or said of sources ("https://a.vn/rss (gone)"), each code behind what it
    means; the code stays, as `bantin runs urls` wants it."""

    def reason(match: re.Match[str]) -> str:
        return f"{of_reason(Reason(match[1]), language).name} ({match[1]}) {match[2]}"

    def fate(match: re.Match[str]) -> str:
        return f"({of_fate(Fate(match[1]), language).name})"

    return _FATE.sub(fate, _COUNTED.sub(reason, figures))


_COUNTED = re.compile(rf"(?<!\S)({'|'.join(map(re.escape, Reason))}) (\d+)(?=,|$)")
_FATE = re.compile(rf"\(({'|'.join(Fate)})\)(?=,|$)")
