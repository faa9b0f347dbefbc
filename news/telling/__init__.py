"""What became of something, as steps that are told in words: Vietnamese and English.

step = Step(Said.FETCHED, {"at": moment, "what": "stored"}, moment)
tell(step, Language.VIETNAMESE, shown)               # shown: how a moment is written
of_reason(Reason.NO_TEXT, Language.VIETNAMESE).do    # what to do about a reason
"""

from __future__ import annotations

from news.telling.explained import of_code, of_fate, of_reason, of_run, with_names
from news.telling.names import Chapter, Explained, Said
from news.telling.said import Parts, Step, named, tell

__all__ = [
    "Chapter",
    "Explained",
    "Parts",
    "Said",
    "Step",
    "named",
    "of_code",
    "of_fate",
    "of_reason",
    "of_run",
    "tell",
    "with_names",
]
