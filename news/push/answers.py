"""What an answer means for a delivery and its webhook, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_S, _M, _H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BACK_OFF = (10 * _S, 30 * _S, 1 * _M, 2 * _M, 5 * _M, 10 * _M, 20 * _M, 30 * _M, *(1 * _H for _ in range(22)))
"""How long after each failure the next attempt is made; 23.1 hours in all, then the delivery has failed. Hourly, for a
consumer that fails every other time by chance must get everything: of 9 attempts over a day it would fail all for one
delivery in 500, of these 31 for one in two thousand million."""

PAUSE_AFTER = 12 * _H
"""A consumer that took nothing for so long is paused: long before a delivery would be given up, so none is lost."""

# How long all of a consumer's deliveries rest after so many failures in a row: one that is down is not asked hundreds
# of times, and one that fails now and then hardly notices.
_RESTS = (0 * _S, 0 * _S, 1 * _S, 5 * _S, 15 * _S, 1 * _M, 5 * _M)
_LONGEST_WAIT = 1 * _H  # that a consumer may ask for in Retry-After
_GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: HTTP's `status`, or 0 and the `error`; `text` is the beginning of the body, `retry_after`
    the seconds that the consumer asks for, 0 for none."""

    status: int = 0
    error: str = ""
    text: str = ""
    retry_after: float = 0.0


class Fate(StrEnum):
    """What an answer does."""

    TAKEN = "taken"
    AGAIN = "again"
    GONE = "gone"  # the consumer wants nothing more


def fate(answer: Answer) -> Fate:
    """2xx is success, 410 ends it all; everything else is tried again, redirects too, which are never followed: what is
    wrong may be mended within a day."""
    if 200 <= answer.status < 300:
        return Fate.TAKEN
    return Fate.GONE if answer.status == _GONE else Fate.AGAIN


def why(answer: Answer) -> str:
    """An answer that was no success, in words."""
    if answer.error:
        return answer.error
    if 300 <= answer.status < 400:
        return f"answered {answer.status}, and redirects are not followed"
    return f"answered {answer.status}"


def retry_at(failures: int, answer: Answer, now: datetime, chance: float, scale: float = 1.0) -> datetime | None:
    """When a delivery that has failed so many times, 1 or more, is tried again; None: no more. `chance` in 0..1 moves
    it by up to a tenth either way, so that what failed together does not come back together."""
    if failures > len(BACK_OFF):
        return None
    wait = BACK_OFF[failures - 1] * (0.9 + 0.2 * chance)
    asked = min(timedelta(seconds=answer.retry_after), _LONGEST_WAIT)
    return now + max(wait, asked) * scale


def pause_for(failures: int, scale: float = 1.0) -> timedelta:
    """How long a consumer is left alone after so many failures in a row."""
    return _RESTS[min(failures, len(_RESTS) - 1)] * scale
