"""Why a URL gave nothing, what became of a source, how a run ended: what it means, and what to do about it."""

from __future__ import annotations

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


def of_fate(fate: Fate, language: Language) -> Explained:
    """Of what became of the reading of a source."""
    return _FATES[language][fate]


def of_run(state: RunState, language: Language) -> Explained:
    """Of the way in which a run stands or ended."""
    return _RUNS[language][state]
