"""Sites as rows of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from news.article import VIETNAM
from news.health import WORST
from news.report import RunReport, RunState
from web.console.asked import Asked, state_name, urgency
from web.console.overview import Seen, SiteNow
from web.contexts.console.charts import spark
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.sites import UNKNOWN, Count, Last, RowPart, SiteRow, Table, run_path, site_path, spark_said
from web.contexts.console.words import Moment, moment, number, sentence, state_of
from web.contexts.dates import counted
from web.pages import names_in, render

_STATES = (*(str(state) for state in WORST[:-1]), UNKNOWN, str(WORST[-1]))


class Rows:
    """Sites as rows of the table; of five hundred hardly one shows something else than a second ago, and is drawn
    anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[SiteNow, tuple[object, ...], Markup]] = {}

    def table(self, frame: ConsoleFrame, asked: Asked, seen: Seen) -> Table:
        """All rows that are asked for, the worst first."""
        rows = sorted((one for one in seen.sites.values() if asked.holds(one)), key=urgency)
        drawn = [self._row(frame, one, seen.at) for one in rows]
        return self._table(frame, asked, seen, drawn, listed=seen.number)

    def changes(self, frame: ConsoleFrame, asked: Asked, seen: Seen, after: int, listed: int) -> Table:
        """The rows that show something else since `after`, of a table that was put in order at `listed`."""
        drawn = [_drawn(frame, one, seen.at, swap=True) for one in seen.since(after)]
        return self._table(frame, asked, seen, drawn, listed)

    def _table(self, frame: ConsoleFrame, asked: Asked, seen: Seen, drawn: Sequence[Markup], listed: int) -> Table:
        turned = seen.turned(listed)
        marks = [("book", seen.book), ("after", str(seen.number)), ("listed", str(listed))]
        return Table(
            counts=counts(frame, asked, seen),
            rows=tuple(drawn),
            pulse=frame.link("/console/changes", [*asked.pairs(), *marks]),
            again=frame.link("/console/table", asked.pairs()),
            moved=counted(turned, frame.console.moved, frame.texts) if turned else "",
            acting=seen.acting,
            limited=bool(asked.pairs()),
        )

    def _row(self, frame: ConsoleFrame, one: SiteNow, now: datetime) -> Markup:
        key = (frame.language, one.site.id)
        # What a row says of a moment depends on the day, and on whether the moment has come.
        day, moments = now.astimezone(VIETNAM).date(), (one.next, one.retry)
        told = (day, *(when is not None and when <= now for when in moments))
        kept = self._kept.get(key)
        if kept is None or kept[0] is not one or kept[1] != told:
            kept = self._kept[key] = (one, told, _drawn(frame, one, now, swap=False))
        return kept[2]


def _drawn(frame: ConsoleFrame, one: SiteNow, now: datetime, *, swap: bool) -> Markup:
    return Markup(render(RowPart(frame, row(frame, one, now), swap)))  # noqa: S704  # rendered by a template of ours


def counts(frame: ConsoleFrame, asked: Asked, seen: Seen) -> tuple[Count, ...]:
    """How many are in each state of those that are asked for."""
    found = Counter(state_name(one) for one in seen.sites.values() if asked.but_for_the_state(one))
    shown = [state for state in _STATES if found[state] or state == asked.state]
    words = {str(state): word for state, word in frame.console.states.items()} | {UNKNOWN: frame.console.unknown}
    return (
        Count("", frame.console.all, found.total(), frame.link("/console", asked.pairs(state="")), not asked.state),
        *(
            Count(
                state,
                words[state],
                found[state],
                frame.link("/console", asked.pairs(state=state)),
                asked.state == state,
            )
            for state in shown
        ),
    )


def row(frame: ConsoleFrame, one: SiteNow, now: datetime) -> SiteRow:
    """A site as its row."""
    site, say, link = one.site, frame.console, site_path(one.site.id)
    next, said, held = coming(frame, one, now)
    return SiteRow(
        id=site.id,
        link=frame.link(link),
        name=names_in(frame.language, {site.id: site})[site.id],
        host=site.hosts[0],
        kind=frame.texts.kinds[site.kind],
        state=state_name(one),
        word=state_of(frame, one.state),
        since=moment(frame, one.health.since, now) if one.health else None,
        reason=sentence(frame, one.health, now),
        spark=spark(one.days),
        spark_said=spark_said(frame, one.days),
        per_day=say.per_day.format(count=number(frame, one.per_day)) if one.per_day else "",
        last=last_of(frame, one.last, now) if one.last else None,
        next=next,
        next_said=said,
        held=held,
    )  # fmt: skip


def coming(frame: ConsoleFrame, one: SiteNow, now: datetime) -> tuple[Moment | None, str, str]:
    """When a site is crawled next, what to say where that is no moment, and why it is not crawled as planned."""
    say = frame.console
    if one.paused:
        until = moment(frame, one.paused.until, now)
        return None, "", say.paused_until.format(when=until.shown) if until else say.paused
    if one.next is None:
        return None, say.unscheduled, ""
    if one.next <= now:
        return None, say.due_now, ""
    is_left_alone = one.retry is not None and one.retry > now and one.health is not None and one.health.state.troubled
    return moment(frame, one.next, now), "", say.backing_off if is_left_alone else ""


def last_of(frame: ConsoleFrame, run: RunReport, now: datetime) -> Last:
    """A run in a line."""
    say, when = frame.console, moment(frame, run.started, now)
    assert when is not None
    word = say.run_states[run.state]
    brought = say.brought.format(new=number(frame, run.new)) if run.new or run.state is RunState.DONE else ""
    return Last(
        str(run.state), f"{word} ({say.trial})" if run.dry_run else word, brought, when, frame.link(run_path(run.id))
    )
