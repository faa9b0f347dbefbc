"""Teaching at the desk: proposed rules, what each would change, and the rules that were taught."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from news.review.effect import Effect
from news.review.renewals import RenewalRequest, RenewalState
from news.review.rules import RuleKind, SiteRule
from web.contexts.dates import counted, machine, moment_of
from web.contexts.desk.frame import DeskFrame

_OWN = {
    "boilerplate": (RuleKind.DROP, RuleKind.DROP_LINE),
    "restore": (RuleKind.KEEP, RuleKind.KEEP_LINE),
    "field": (RuleKind.FIELD,),
}
# Lines of an article that are shown of what goes and of what comes.
_LINES = 6


class Offer(NamedTuple):
    """A rule that may be taught: `name` says what it does, `why` why it is proposed."""

    kind: str
    value: str
    field: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Offers:
    """templates/desk/teach.html: the proposals for what was pointed at, with `gesture` and `field` as what is meant."""

    template: ClassVar = "desk/teach.html"

    frame: DeskFrame
    article: str
    site: str
    site_name: str
    offers: tuple[Offer, ...]
    gesture: str
    field: str

    @property
    def own(self) -> tuple[tuple[str, str], ...]:
        """The kinds of which one may write a rule oneself."""
        return tuple((str(kind), named(self.frame, kind, self.field)) for kind in _OWN[self.gesture])


class Said(NamedTuple):
    """A field that reads otherwise."""

    name: str
    before: str
    after: str


class Changed(NamedTuple):
    """What becomes of one article: lines that go and come, of which `more` are not shown, and fields."""

    title: str
    link: str
    gone: tuple[str, ...]
    more_gone: str
    come: tuple[str, ...]
    more_come: str
    fields: tuple[Said, ...]
    lost: str


@dataclass(frozen=True, slots=True)
class Changes:
    """templates/desk/effects.html: some of the articles that a rule changes."""

    template: ClassVar = "desk/effects.html"

    frame: DeskFrame
    changed: tuple[Changed, ...]


class Sum(NamedTuple):
    """What a preview has found so far."""

    looked: int
    of: int
    changed: int = 0
    lost: int = 0
    unread: int = 0

    def told(self, frame: DeskFrame) -> str:
        """In words: how many pages were looked at and what became of them."""
        say, texts = frame.say, frame.texts
        parts = [say.looked.format(looked=self.looked, of=self.of), counted(self.changed, say.changes, texts)]
        same = self.looked - self.changed - self.lost - self.unread
        parts.append(counted(same, say.harmless, texts))
        parts += [counted(self.lost, say.loses, texts)] if self.lost else []
        parts += [counted(self.unread, say.unread, texts)] if self.unread else []
        return " · ".join(parts)


class Renewing(NamedTuple):
    """How far the pages are read again for a rule. `polls`: it is to be looked at again soon."""

    state: str
    about: str
    told: tuple[str, ...]
    share: int
    error: str
    polls: bool


class Rule(NamedTuple):
    """A taught rule as it is listed. `line`: its value is the text of one; `state` is holds, withdrawn or exported."""

    id: str
    name: str
    value: str
    line: bool
    by: str
    at: str
    article: str
    state: str
    about: str
    renewing: Renewing | None
    path: str


class Taught(NamedTuple):
    """The rules of a site; `export` is the command that puts them into its file, "" where none is to be."""

    site: str
    name: str
    link: str
    rules: tuple[Rule, ...]
    export: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    """templates/desk/rules.html: all rules by site."""

    template: ClassVar = "desk/rules.html"

    frame: DeskFrame
    sites: tuple[Taught, ...]
    only: str
    everything: str


@dataclass(frozen=True, slots=True)
class RulePart:
    """templates/desk/rule.html: one rule, also as the answer to who has just taught it (`fresh`)."""

    template: ClassVar = "desk/rule.html"

    frame: DeskFrame
    rule: Rule
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawPart:
    """templates/desk/withdraw.html: asks whether a rule is to be withdrawn, beside what that changes."""

    template: ClassVar = "desk/withdraw.html"

    frame: DeskFrame
    rule: Rule


def named(frame: DeskFrame, kind: RuleKind, field: str) -> str:
    """What a rule of a kind does."""
    return frame.say.kinds[kind].format(field=frame.say.fields.get(field, field))


def changed(frame: DeskFrame, title: str, article: str, found: Effect) -> Changed:
    """What a rule makes of an article."""
    say, texts = frame.say, frame.texts

    def more(lines: Sequence[str]) -> str:
        return counted(len(lines) - _LINES, say.more_lines, texts) if len(lines) > _LINES else ""

    return Changed(
        title=title,
        link=frame.link("/desk", queue="all", open=article),
        gone=found.lines_gone[:_LINES],
        more_gone=more(found.lines_gone),
        come=found.lines_come[:_LINES],
        more_come=more(found.lines_come),
        fields=tuple(_said(frame, found.fields)),
        lost=say.lost.format(why=found.lost) if found.lost else "",
    )


def _said(frame: DeskFrame, said: Mapping[str, tuple[Any, Any]]) -> Iterator[Said]:
    for name, (before, after) in said.items():
        yield Said(frame.say.fields.get(name, name), _plain(frame, before), _plain(frame, after))


def _plain(frame: DeskFrame, value: Any) -> str:
    if isinstance(value, datetime):
        return moment_of(value, frame.texts)
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return str(value) if value else frame.say.empty


def rule_of(frame: DeskFrame, rule: SiteRule, renewal: RenewalRequest | None) -> Rule:
    """A rule, with how far its pages are."""
    say = frame.say
    state = "withdrawn" if rule.withdrawn else "exported" if rule.exported else "holds"
    ended = rule.withdrawn or rule.exported
    about = getattr(say, state).format(when=moment_of(ended, frame.texts) if ended else "")
    return Rule(
        id=rule.id,
        name=named(frame, rule.kind, rule.field),
        value=rule.value,
        line=rule.kind in (RuleKind.DROP_LINE, RuleKind.KEEP_LINE),
        by=say.taught_by.format(name=rule.by, when=moment_of(rule.at, frame.texts) if rule.at else ""),
        at=machine(rule.at),
        article=frame.link("/desk", queue="all", open=rule.article_id) if rule.article_id else "",
        state=state,
        about=about,
        renewing=_renewing(frame, renewal) if renewal else None,
        path=f"/desk/rules/{quote(rule.id, safe='')}",
    )


def _renewing(frame: DeskFrame, renewal: RenewalRequest) -> Renewing:
    say, texts, counts = frame.say, frame.texts, renewal.counts
    told = []
    if renewal.state is RenewalState.RUNNING and counts.total:
        told.append(say.progress.format(done=min(counts.done, counts.total), total=counts.total))
    if renewal.state is not RenewalState.WAITING:
        told.append(counted(counts.changed, say.changed, texts))
    told += [counted(counts.parked, say.parked, texts)] if counts.parked else []
    told += [counted(counts.lost, say.left, texts)] if counts.lost else []
    share = 100 if renewal.state.over else min(99, 100 * counts.done // max(counts.total, 1))
    return Renewing(
        str(renewal.state), say.states[renewal.state], tuple(told), share, renewal.error, not renewal.state.over
    )


def by_site(
    frame: DeskFrame,
    rules: Iterable[SiteRule],
    renewals: Mapping[str, RenewalRequest],
    names: Mapping[str, str],
) -> tuple[Taught, ...]:
    """The rules by site, in the order of their sites' names; of each the newest first."""
    groups: dict[str, list[SiteRule]] = {}
    for rule in rules:
        groups.setdefault(rule.site, []).append(rule)
    return tuple(
        Taught(
            site=site,
            name=names.get(site, site),
            link=frame.link("/desk/rules", site=site),
            rules=tuple(rule_of(frame, rule, renewals.get(rule.id)) for rule in found),
            export=f"bantin rules export {site} --write" if any(rule.holds for rule in found) else "",
        )
        for site, found in sorted(groups.items(), key=lambda group: names.get(group[0], group[0]))
    )
