"""How a site is: what its crawls say -> one of seven states, with the figures that decided it.

    memory = memory.learn(report)                                  # after each crawl
    health = judge(Signals(memory, rhythm, expect, due), before, now)   # then, and every few minutes

"Nothing new" and "broken" are never confused: a site is silent only as long as its sources can be read.
"""

from __future__ import annotations

from news.health.backoff import next_try, still_ahead
from news.health.judge import judge
from news.health.memory import Memory
from news.health.outcome import Outcome, outcome
from news.health.silence import longest_lull
from news.health.states import WORST, Fact, Health, HealthState, Pause, Signals, Value

__all__ = [
    "WORST", "Fact", "Health", "HealthState", "Memory", "Outcome", "Pause", "Signals", "Value", "judge", "longest_lull",
    "next_try", "outcome", "still_ahead",
]  # fmt: skip
