"""A batch in words: what became of which site, why that is said, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from news.alerts.plan import Batch, Item, ItemKind
from news.alerts.words import WORDS, Words, named
from news.article import VIETNAM
from news.health import WORST, Fact, HealthState, Value
from news.language import Language

# A message of more sites than these is a page; what is in none of its lines can be seen in the console.
_MOST = 15
# Of errors and addresses so many letters: they are written by servers, and a message is read on a phone.
_LONGEST = 160


class Message(NamedTuple):
    title: str
    body: str


def compose(batch: Batch, names: Mapping[str, str], language: Language = Language.VIETNAMESE) -> Message:
    """The message of a batch; `names` are those of sites by id, the id standing for one that is missing. The worst come
    first. Plain text: what servers wrote is cut, on one line, and never markup."""
    words = WORDS[language]
    order = {state: rank for rank, state in enumerate(WORST)}
    items = sorted(batch.items, key=lambda item: (order[item.health.state], item.site))
    parts = ["\n".join(_lines(item, names, words, language)) for item in items[:_MOST]]
    if batch.many:
        parts.insert(
            0, words.many.format(down=batch.down) + (words.over.format(count=batch.over) if batch.over else "")
        )
    if len(items) > _MOST:
        parts.append(words.more.format(count=len(items) - _MOST))
    return Message(_title(items, names, words), "\n\n".join(parts))


def trial(language: Language = Language.VIETNAMESE) -> Message:
    """A message of nothing, which shows that messages arrive."""
    return Message(WORDS[language].trial_title, WORDS[language].trial)


def _title(items: list[Item], names: Mapping[str, str], words: Words) -> str:
    if len(items) == 1:
        return words.one.format(name=_name(items[0].site, names), after=words.states[items[0].health.state])
    counts = Counter(item.health.state for item in items if not item.is_over)
    states = [f"{counts[state]} {words.states[state]}" for state in WORST if counts[state]]
    if over := sum(item.is_over for item in items):
        states.append(words.passed_by.format(count=over))
    return words.title.format(count=len(items), states=", ".join(states))


def _lines(item: Item, names: Mapping[str, str], words: Words, language: Language) -> Iterator[str]:
    state = item.health.state
    given = {
        "name": f"{_name(item.site, names)} ({item.site})",
        "after": words.states[state],
        "before": words.states[item.before] if item.before else "",
        "count": str(len(item.changes)),
    }
    if item.kind is ItemKind.PASSED:
        # What it was longest in is what it was meanwhile; it has changed at least twice.
        middle = item.changes[-2].health
        begin, end = _when(item.changes[0].health.since), _when(item.changes[-1].at)
        yield words.passed.format(**given, middle=words.states[middle.state], begin=begin, end=end)
        yield from _why(middle.evidence, words, language)
        return
    templates = {ItemKind.FLAPS: words.flaps, ItemKind.SETTLED: words.settled}
    yield templates.get(item.kind, words.changed if item.before else words.first).format(**given)
    if state is not HealthState.HEALTHY:
        yield f"  {words.since.format(since=_when(item.health.since))}"
        yield from _why(item.health.evidence, words, language)
    if remedy := words.remedies.get(state):
        yield f"  → {remedy.format(site=item.site)}"


def _why(evidence: tuple[Fact, ...], words: Words, language: Language) -> Iterator[str]:
    for fact in evidence:
        if not fact.decisive:
            continue
        share, usual = words.is_share(fact.name), ""
        if fact.usual not in (None, 0):
            usual = f" ({words.beside(fact.name, _shown(fact.usual, share=share))})"
        value = named(fact.name, fact.value, language)
        yield f"  {words.label(fact.name)}: {_shown(value, share=share)}{usual}"


def _shown(value: Value, *, share: bool) -> str:
    if isinstance(value, datetime):
        return _when(value)
    if isinstance(value, str):
        return " ".join(value.split())[:_LONGEST]
    if share and value is not None:
        return f"{100 * value:.0f} %"
    return f"{value:.3g}" if value is not None else "-"


def _name(site: str, names: Mapping[str, str]) -> str:
    return " ".join(names.get(site, site).split())[:_LONGEST]


def _when(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m %H:%M")
