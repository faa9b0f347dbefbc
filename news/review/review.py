"""What is open about an article at the desk: why a human should look at it, and in which queues it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Queue(StrEnum):
    """Where editors find an article. The value is the stored and published name."""

    NEW = "new"  # waiting for its first look, or published unseen though something about it is open
    HELD = "held"  # put aside
    UPDATED = "updated"  # its publisher changed it since an editor, or since readers, saw it first
    DUPLICATES = "duplicates"  # it may be the same as another article, and we were not sure


class Concern(StrEnum):
    """Why an article needs a human. The value is the stored and published name."""

    SENSITIVE_UPDATE = "sensitive-update"  # a published text changed in a figure, a name, a "not", or in its heading
    SOURCE_CHANGED = "source-changed"  # its publisher wrote something else since an editor edited it
    TEMPLATE_CHANGED = "template-changed"  # the body was not found where this site has had it
    LOW_CONFIDENCE = "low-confidence"
    NO_DATE = "no-date"
    ODD_DATE = "odd-date"
    UNSURE_DUPLICATE = "unsure-duplicate"
    VERY_SHORT = "very-short"


@dataclass(frozen=True, slots=True)
class Review:
    """What is open. `alike` are the ids of the articles of which it may be a duplicate, `assigned` the name of the user
    who is to see to it, `notes` how many there are; `seen`: an editor has settled it as it reads now."""

    queues: tuple[Queue, ...] = ()
    concerns: tuple[Concern, ...] = ()
    alike: tuple[str, ...] = ()
    assigned: str = ""
    notes: int = 0
    seen: bool = False

    @property
    def weight(self) -> int:
        """How urgent it is: what weighs more comes first."""
        return sum(WEIGHTS[concern] for concern in self.concerns)

    def to_json(self) -> dict[str, Any]:
        return {
            "queues": [str(queue) for queue in self.queues],
            "concerns": [str(concern) for concern in self.concerns],
            "alike": list(self.alike),
            "assigned": self.assigned,
            "notes": self.notes,
            "seen": self.seen,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Review:
        return cls(
            queues=tuple(map(Queue, data["queues"])),
            concerns=tuple(map(Concern, data["concerns"])),
            alike=tuple(data["alike"]),
            assigned=data["assigned"],
            notes=data["notes"],
            seen=data["seen"],
        )


# What misleads readers now comes before what they do not see yet, and that before what is merely thin.
WEIGHTS: Mapping[Concern, int] = {
    Concern.SENSITIVE_UPDATE: 64,
    Concern.SOURCE_CHANGED: 48,
    Concern.TEMPLATE_CHANGED: 32,
    Concern.LOW_CONFIDENCE: 16,
    Concern.ODD_DATE: 12,
    Concern.NO_DATE: 8,
    Concern.UNSURE_DUPLICATE: 6,
    Concern.VERY_SHORT: 4,
}
