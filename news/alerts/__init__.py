"""Changes in the health of sites -> what operators are told: grouped, not at night, each change once.

batch = plan(untold, recent, sites=40, rules=rules, now=now)     # None: nothing is to be told yet
message = compose(batch, names, Language.VIETNAMESE)
"""

from __future__ import annotations

from news.alerts.message import Message, compose, trial
from news.alerts.plan import Batch, Change, Item, ItemKind, QuietHours, Rules, plan
from news.language import Language

__all__ = [
    "Batch", "Change", "Item", "ItemKind", "Language", "Message", "QuietHours", "Rules", "compose", "plan", "trial",
]  # fmt: skip
