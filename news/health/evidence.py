"""The figures behind a judgement, each beside what is usual for the site."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from news.health.drops import Drop
from news.health.memory import Memory, body_name, total
from news.health.silence import Silence
from news.health.states import Fact, Pause, Signals
from news.report import FIELDS

# Of more sources than these the message would be a page.
_SHOWN = 5


def evidence(signals: Signals, fallen: Sequence[Drop], quiet: Silence | None, why: Collection[str]) -> Iterator[Fact]:
    """All that is known of the site, in the order in which one would ask; those named in `why` are decisive."""
    memory = signals.memory
    facts = [
        Fact("last_success", memory.success),
        Fact("last_new", memory.found),
        *_of_silence(quiet),
        *_of_failures(memory),
        Fact("due", signals.due),
        *_of_pause(signals.paused),
        *_of_pages(memory, fallen),
    ]
    for fact in facts:
        if fact.value is not None:
            yield replace(fact, decisive=fact.name in why)


def _of_silence(quiet: Silence | None) -> Iterator[Fact]:
    if quiet is not None:
        yield Fact(quiet.name, round(quiet.expected, 2), round(quiet.allowed, 2))


def _of_failures(memory: Memory) -> Iterator[Fact]:
    for name, streak in (("failed_runs", memory.bad), ("our_runs", memory.ours)):
        if streak is not None:
            yield Fact(name, streak.runs, 0)
            yield Fact("last_error", streak.error[:300] or None)
    if memory.bad is not None:
        named = sorted(memory.bad.reasons.items(), key=lambda row: (-row[1], row[0]))
        yield Fact("errors", ", ".join(f"{reason} {count}" for reason, count in named[:_SHOWN]) or None)
    if memory.wait:
        yield Fact("asked_to_wait", memory.wait, 0)
    lost = sorted(memory.sources.items())[:_SHOWN]
    yield Fact("lost_sources", ", ".join(f"{url} ({trouble.fate})" for url, trouble in lost) or None)


def _of_pause(paused: Pause | None) -> Iterator[Fact]:
    if paused is not None:
        yield Fact("paused_by", paused.by)
        yield Fact("paused_until", paused.until)
        yield Fact("paused_for", paused.reason or None)


def _of_pages(memory: Memory, fallen: Sequence[Drop]) -> Iterator[Fact]:
    """What share of the newest pages has what, beside what share had it before."""
    recent, usual = total(memory.recent), memory.usual
    drops = {drop.name: drop for drop in fallen}
    bodies = dict.fromkeys(body_name(how) for how in (*usual.bodies(), *recent.bodies()))
    if has := recent.counts.get("maintained"):
        yield Fact("maintained", round(has / recent.pages, 3))
    for name in ("reached", "let_in", "article", "sure", *FIELDS, *bodies):
        has, pages = recent.share(name)
        had, before = usual.share(name)
        if drop := drops.get(name):
            yield Fact(name, round(drop.share, 3), round(drop.usual, 3))
        elif pages:
            yield Fact(name, round(has / pages, 3), round(had / before, 3) if before else None)
    if memory.confidence is not None:
        yield Fact("confidence", round(memory.confidence, 3))
