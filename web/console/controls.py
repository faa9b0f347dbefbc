"""What operators ask of a site, as forms send it: the arguments of a control (news.control)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from news.article import VIETNAM
from news.control import ControlKind
from news.errors import InvalidValue
from news.schedule import Schedule, ScheduleMode
from news.site import schedule_of

_LONGEST = 2_000  # letters of all windows


def args_of(kind: ControlKind, form: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of a control. Days and clocks are those of Vietnam. Raises InvalidValue naming what is wrong."""
    if kind is ControlKind.PAUSE:
        until, reason = form.get("until", "").strip(), form.get("reason", "").strip()
        return {
            **({"until": _moment("until", until).isoformat()} if until else {}),
            **({"reason": reason} if reason else {}),
        }
    if kind is ControlKind.BACKFILL:
        since, last = _day("since", form.get("since", "")), _day("until", form.get("until", ""))
        return {"since": _begin(since).isoformat(), "until": _begin(last + timedelta(days=1)).isoformat()}
    if kind is ControlKind.SCHEDULE and "file" not in form:
        row = schedule_row(form)
        schedule_of(row)
        return row
    return {}


def schedule_row(form: Mapping[str, str]) -> dict[str, Any]:
    """The [schedule] table that a form means: of a way of planning only what it uses. Raises InvalidValue."""
    mode = form.get("mode", "")
    row: dict[str, Any] = {"mode": mode, "jitter_seconds": _whole("jitter_seconds", form.get("jitter_seconds", "0"))}
    if mode == ScheduleMode.CRON:
        row["cron"] = form.get("cron", "").strip()
    else:
        row["every_minutes"] = _whole("every_minutes", form.get("every_minutes", ""))
    if mode == ScheduleMode.ADAPTIVE:
        row["at_least_minutes"] = _whole("at_least_minutes", form.get("at_least_minutes", ""))
    if zone := form.get("timezone", "").strip():
        row["timezone"] = zone
    windows = [line.strip() for line in form.get("windows", "")[:_LONGEST].splitlines() if line.strip()]
    return row | ({"windows": windows} if windows else {})


def schedule_in(form: Mapping[str, str]) -> Schedule:
    """The schedule that a form means. Raises InvalidValue."""
    return schedule_of(schedule_row(form))


def _whole(name: str, text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 7):
        raise InvalidValue(f"{name} = {text[:20]!r} is no whole number.", "Give a number without a comma.")
    return int(text)


def _moment(name: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
    except ValueError:
        raise InvalidValue(f"{name} = {text[:30]!r} is no moment.", "Give a day and a clock.") from None


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(f"{name} = {text[:30]!r} is no day.", "Give a day, such as 2026-03-01.") from None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
