"""What operators ask of the scheduler, each as a document that it picks up, carries out once and answers in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from news.errors import InvalidValue
from news.health import Pause
from news.schedule import Schedule

_LONGEST = 500


class ControlKind(StrEnum):
    """What can be asked. `args` of each, times as ISO 8601 with a zone: `run` none; `pause` may have `until` and
    `reason`; `resume` none; `backfill` has `since` and `until` (what was published from the one up to the other);
    `schedule` has the keys of `[schedule]` of a site file, or none to go back to what the file says; `accept` none:
    what the newest pages are is what they should be; `stop` has `run`, the id of the run that is to end."""

    RUN = "run"
    PAUSE = "pause"
    RESUME = "resume"
    BACKFILL = "backfill"
    SCHEDULE = "schedule"
    ACCEPT = "accept"
    STOP = "stop"


class ControlState(StrEnum):
    ASKED = "asked"
    TAKEN = "taken"  # a scheduler is at it
    DONE = "done"
    REFUSED = "refused"  # it could not be done; the answer says why

    @property
    def over(self) -> bool:
        return self in (ControlState.DONE, ControlState.REFUSED)


_ARGS = {
    ControlKind.PAUSE: {"until", "reason"},
    ControlKind.BACKFILL: {"since", "until"},
    ControlKind.STOP: {"run"},
}


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that was asked of a site, by whom and when. `taken` is when a scheduler began with it, `ended` when it
    was over, `answer` what came of it in words. Times are UTC. Raises InvalidValue for what cannot be asked."""

    id: str
    site: str
    kind: ControlKind
    by: str
    at: datetime
    args: Mapping[str, Any] = field(default_factory=dict)
    state: ControlState = ControlState.ASKED
    taken: datetime | None = None
    ended: datetime | None = None
    answer: str = ""

    def __post_init__(self) -> None:
        if not self.by.strip() or len(self.by) > 100:
            raise InvalidValue(f"by = {self.by[:40]!r} is nobody's name.", "Say who asks.")
        known = _ARGS.get(self.kind, set())
        if self.kind is not ControlKind.SCHEDULE and (unknown := set(self.args) - known):
            raise InvalidValue(f"{self.kind} has no {', '.join(sorted(unknown))}.", f"It may have {sorted(known)}.")
        if len(str(self.args)) > _LONGEST * 2 or len(str(self.args.get("reason", ""))) > _LONGEST:
            raise InvalidValue("That is too long.", f"Give at most {_LONGEST} letters of reason.")
        if self.kind is ControlKind.BACKFILL and not (self.since and self.until and self.since < self.until):
            raise InvalidValue("A back-fill needs the days it is to look at.", "Give `since`, and a later `until`.")

        if self.kind is ControlKind.STOP and not self.run:
            raise InvalidValue("It is not said which run is to end.", "Give `run`, the id of one that is under way.")

    @property
    def run(self) -> str:
        """The run that is to end, "" of what is no such wish."""
        return str(self.args.get("run", ""))

    @property
    def since(self) -> datetime | None:
        return _time(self.args, "since")

    @property
    def until(self) -> datetime | None:
        return _time(self.args, "until")

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "site": self.site,
            "kind": str(self.kind),
            "by": self.by,
            "at": self.at.isoformat(),
            "args": dict(self.args),
            "state": str(self.state),
            "taken": self.taken and self.taken.isoformat(),
            "ended": self.ended and self.ended.isoformat(),
            "answer": self.answer,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What operators have ordered of a site that holds until it is taken back: that it is paused, and a schedule in the
    place of its file's, by whom and since when."""

    site: str
    paused: Pause | None = None
    schedule: Schedule | None = None
    scheduled_by: str = ""
    scheduled_at: datetime | None = None


def _time(args: Mapping[str, Any], name: str) -> datetime | None:
    text = args.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidValue(f"{name} = {text!r} is no moment.", "Write it as 2026-03-01T08:00:00+07:00.")
    return moment
