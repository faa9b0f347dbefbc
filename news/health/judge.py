"""How a site is: one judgement of what its crawls, its rhythm and its schedule say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from news.health.drops import Drop, drops
from news.health.evidence import evidence
from news.health.memory import Streak, Trouble
from news.health.outcome import Outcome
from news.health.silence import Silence, silence
from news.health.states import Health, HealthState, Signals
from news.report import Fate

# Two crawls in vain so far apart: half an hour is what a restart or a nightly copy of a portal takes, and after the
# first crawl in vain the next come after 15 and 30 minutes (news.health.backoff).
_CONFIRMED_RUNS, _CONFIRMED_AFTER = 2, timedelta(minutes=30)
# One state becomes another of the same streak only when it has shown itself as often: a server that is overloaded
# answers with 503 and 429 by turns.
_TURNED = 3
# One source of several is asked at each crawl and may fail for hours; what fails for a day is lost.
_SOURCE_LOST, _SOURCE_LOOKS = timedelta(hours=24), 2
# A crawl that waits for its turn so long is late: as long as the site's own distance, within reason.
_LEAST_LATE, _MOST_LATE = timedelta(minutes=30), timedelta(hours=2)


def judge(signals: Signals, before: Health | None, now: datetime) -> Health:
    """How the site is at `now`; `before` is the judgement before this one.

    The order tells what is meant where several things are so: a pause hides everything; a site that cannot be read is
    neither redesigned nor silent; of a site that is not crawled nothing new is known, so that it is late; and only one
    that can be read, is crawled and looks as always can be silent. Trouble is believed once it is confirmed, and is
    over with the first good crawl (sources), the first good pages (what pages are), or the first new article (silence).
    """
    memory = signals.memory
    pages = drops(memory)
    quiet = _quiet(signals)
    state, since, why = _state(signals, pages, quiet, before, now)
    if before is not None and before.state is state and state is not HealthState.PAUSED:
        since = min(since, before.since) if state is not HealthState.HEALTHY else before.since
    return Health(state, since, tuple(evidence(signals, pages, quiet, why)))


_Judged = tuple[HealthState, datetime, frozenset[str]]


def _state(
    signals: Signals, pages: Sequence[Drop], quiet: Silence | None, before: Health | None, now: datetime
) -> _Judged:
    """The state, since when, and the names of the facts that decide it."""
    memory = signals.memory
    if signals.paused is not None:
        return HealthState.PAUSED, signals.paused.at, frozenset({"paused_by"})
    if memory.bad is not None and (state := _of_streak(memory.bad, before)) is not None:
        return state, memory.bad.since, frozenset({"failed_runs", "errors"})
    if memory.bad is not None and before is not None and before.state.troubled:
        return before.state, before.since, frozenset({"failed_runs", "errors"})
    if found := _of_pages(pages) or _of_sources(memory.sources) or _late(signals, now):
        return found
    # Behind a trouble silence is counted anew.
    troubled = before is not None and before.state.troubled
    if quiet is not None and not troubled and (quiet.too_long or _is_silent_still(quiet, before)):
        return HealthState.SILENT, quiet.since, frozenset({"last_new", quiet.name})
    return HealthState.HEALTHY, memory.success or now, frozenset()


_STATES = {
    Outcome.BROKEN: HealthState.BROKEN,
    Outcome.BLOCKED: HealthState.BLOCKED,
    Outcome.CHANGED: HealthState.REDESIGNED,
}


def _of_streak(bad: Streak, before: Health | None) -> HealthState | None:
    """What crawls in vain make of a site; None before they are confirmed."""
    if bad.runs < _CONFIRMED_RUNS or bad.lasts() < _CONFIRMED_AFTER:
        return None
    state = _STATES[bad.outcome]
    if before is not None and before.state.troubled and before.state is not state and bad.same < _TURNED:
        return before.state
    return state


def _late(signals: Signals, now: datetime) -> _Judged | None:
    grace = min(max(signals.every, _LEAST_LATE), _MOST_LATE)
    ours = signals.memory.ours
    if ours is not None and ours.runs >= _CONFIRMED_RUNS and ours.lasts() >= _CONFIRMED_AFTER:
        return HealthState.LATE, ours.since, frozenset({"our_runs", "last_error"})
    if signals.due is None or signals.watched is None or now - max(signals.due, signals.watched) <= grace:
        return None
    return HealthState.LATE, signals.due, frozenset({"due"})


def _of_pages(found: Sequence[Drop]) -> _Judged | None:
    by_name = {drop.name: drop for drop in found}
    for name, state in (("let_in", HealthState.BLOCKED), ("reached", HealthState.BROKEN)):
        # Half the pages of an overloaded server may be lost: the other half is read, and the rest is tried again.
        if name in by_name and by_name[name].share <= 0.5 * by_name[name].usual:
            # What the site says of itself stands beside, where it says anything.
            return state, by_name[name].since, frozenset({name, "maintained"})
    changed = [drop for drop in found if drop.name not in ("let_in", "reached")]
    if not changed:
        return None
    return HealthState.REDESIGNED, min(drop.since for drop in changed), frozenset(drop.name for drop in changed)


def _of_sources(sources: Mapping[str, Trouble]) -> _Judged | None:
    lost = [one for one in sources.values() if one.looks >= _SOURCE_LOOKS and one.last - one.since >= _SOURCE_LOST]
    if not lost:
        return None
    fate = min(lost, key=lambda one: one.since).fate
    state = {Fate.BLOCKED: HealthState.BLOCKED, Fate.FAILED: HealthState.BROKEN}.get(fate, HealthState.REDESIGNED)
    return state, min(one.since for one in lost), frozenset({"lost_sources"})


def _quiet(signals: Signals) -> Silence | None:
    """The silence up to the last crawl that could have broken it. Of a site of which no article was ever found it began
    with the first crawl: an empty feed that was never anything else is in good order, and yields nothing."""
    memory = signals.memory
    found = memory.found or memory.first
    if found is None or memory.success is None or memory.success <= found:
        return None
    since = max(found, memory.recovered) if memory.recovered else found
    return silence(since, max(since, memory.success), signals.rhythm, signals.expect, signals.lull)


def _is_silent_still(quiet: Silence, before: Health | None) -> bool:
    """Whether a silent site has published nothing since: that its rhythm is another by now does not end a silence."""
    return (
        before is not None and before.state is HealthState.SILENT and quiet.since <= before.since and not quiet.in_days
    )
