"""How a site is in words: a sentence for the table, and every figure beside what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from news.alerts import Language
from news.alerts.words import LIMITED, WORDS, Words, named
from news.article import VIETNAM
from news.health import Fact, Health, HealthState, Value
from web.contexts.console.frame import ConsoleFrame
from web.contexts.dates import clock_of, date_of, grouped, machine
from web.texts.console_problems import in_vietnamese

_LONGEST = 160
# By what a sentence is told where several figures decide: the first of these.
_TOLD = (
    "our_runs", "failed_runs", "lost_sources", "let_in", "maintained", "reached", "due", "silent_days", "expected",
    "paused_by",
)  # fmt: skip


class Moment(NamedTuple):
    """A moment as people read it, in full, and as machines do."""

    shown: str
    full: str
    machine: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """A figure of the evidence; `worded` says that it is no number, `odd` that it is not in the reader's language."""

    label: str
    value: str
    usual: str
    decisive: bool
    worded: bool
    odd: bool


class Wrong(NamedTuple):
    """What is wrong with what was asked, and what to do; `odd` says that it is not in the reader's language."""

    problem: str
    remedy: str
    odd: bool


def wrong_of(frame: ConsoleFrame, problem: str, remedy: str = "") -> Wrong:
    """A refusal, which is in English, as people read it."""
    if frame.language == Language.ENGLISH:
        return Wrong(problem, remedy, odd=False)
    said = in_vietnamese(problem)
    return Wrong(*(said or (problem, remedy)), odd=said is None)


def words_of(frame: ConsoleFrame) -> Words:
    """The words in which alerts speak of health."""
    return WORDS[Language(frame.language)]


def state_of(frame: ConsoleFrame, state: HealthState | None) -> str:
    """The word for a state."""
    return frame.console.states[state] if state else frame.console.unknown


def moment(frame: ConsoleFrame, when: datetime | None, now: datetime) -> Moment | None:
    """A moment, by its clock alone where it is today's, by day and clock where it is not."""
    if when is None:
        return None
    local, today = when.astimezone(VIETNAM), now.astimezone(VIETNAM).date()
    clock = clock_of(when, None)
    full = f"{date_of(local.date(), frame.texts)} {clock}"
    shown = clock if local.date() == today else f"{local:%d/%m} {clock}"
    return Moment(shown if abs((local.date() - today).days) < 300 else full, full, machine(when))


def number(frame: ConsoleFrame, value: float) -> str:
    """A number with at most one digit behind the comma; large ones have none."""
    if value >= 100 or value == int(value):
        return grouped(round(value), frame.texts)
    return f"{value:.1f}".replace(".", frame.console.decimal)


def tick(frame: ConsoleFrame, value: float) -> str:
    """A round number at the edge of a chart, whole."""
    return grouped(int(value), frame.texts) if value == int(value) else f"{value:g}".replace(".", frame.console.decimal)


def share(value: float) -> str:
    """A share in percent."""
    return f"{100 * value:.0f}\u00a0%"


def sentence(frame: ConsoleFrame, health: Health | None, now: datetime) -> str:
    """Why a site is as it is."""
    because = frame.console.because
    if health is None:
        return because["unknown"]
    facts = {fact.name: fact for fact in health.evidence}
    newest = moment(frame, _time(facts.get("last_new")), now)
    if health.state is HealthState.HEALTHY:
        if failing := facts.get("failed_runs"):
            return because["failing"].format(
                value=_shown(frame, failing, now), errors=_errors(frame, facts, "errors", now)
            )
        return because["healthy"].format(when=newest.shown) if newest else because["healthy_bare"]
    decisive = [fact for fact in health.evidence if fact.decisive]
    fact = next((facts[name] for name in _TOLD if name in facts and facts[name].decisive), None)
    fact = fact or next(iter(decisive), None)
    if fact is None:
        return ""
    newest = newest or moment(frame, health.since, now)  # of one that never had an article
    template = because.get(fact.name, because["field"])
    return template.format(
        label=words_of(frame).label(fact.name).capitalize(),
        value=_shown(frame, fact, now),
        usual=_usual(frame, fact, now),
        when=newest.shown if newest else "",
        errors=_errors(frame, facts, "last_error" if fact.name == "our_runs" else "errors", now),
        until=_part(frame, facts, "paused_until", "until", now),
        reason=_part(frame, facts, "paused_for", "reason", now),
    )


def fact_rows(frame: ConsoleFrame, health: Health, now: datetime) -> tuple[FactRow, ...]:
    """Every figure, in the order in which one would ask."""
    return tuple(_row(frame, fact, now) for fact in health.evidence)


def _row(frame: ConsoleFrame, fact: Fact, now: datetime) -> FactRow:
    words, usual = words_of(frame), _usual(frame, fact, now)
    if usual and fact.name in LIMITED:
        usual = words.limit.format(usual=usual)
    worded, odd = isinstance(fact.value, str), fact.name == "last_error" and frame.language != Language.ENGLISH
    return FactRow(words.label(fact.name).capitalize(), _shown(frame, fact, now), usual, fact.decisive, worded, odd)


def _shown(frame: ConsoleFrame, fact: Fact, now: datetime) -> str:
    return _value(frame, fact.name, fact.value, now)


def _usual(frame: ConsoleFrame, fact: Fact, now: datetime) -> str:
    return _value(frame, fact.name, fact.usual, now)


def _value(frame: ConsoleFrame, name: str, value: Value, now: datetime) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        told = moment(frame, value, now)
        return told.shown if told else ""
    if isinstance(value, str):
        return " ".join(str(named(name, value, frame.language)).split())[:_LONGEST]
    is_share = words_of(frame).is_share(name) or name == "confidence"
    return share(value) if is_share else number(frame, value)


def _time(fact: Fact | None) -> datetime | None:
    return fact.value if fact and isinstance(fact.value, datetime) else None


def _errors(frame: ConsoleFrame, facts: Mapping[str, Fact], name: str, now: datetime) -> str:
    fact = facts.get(name)
    if fact is None or not isinstance(fact.value, str):
        return ""
    return frame.console.because["errors"].format(value=_value(frame, name, fact.value, now))


def _part(frame: ConsoleFrame, facts: Mapping[str, Fact], name: str, template: str, now: datetime) -> str:
    fact = facts.get(name)
    return frame.console.because[template].format(value=_shown(frame, fact, now)) if fact else ""
