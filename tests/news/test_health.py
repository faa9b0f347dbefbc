"""What a crawl says of its site, what is remembered of it, and when a site is called what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from news.article import VIETNAM
from news.errors import InvalidValue
from news.health import Health, HealthState, Memory, Outcome, Pause, Signals, judge, next_try, outcome, still_ahead
from news.health.silence import is_quiet, silence
from news.report import Fate, RunReport, RunState
from news.rhythm import Rhythm
from news.schedule import Expect, Schedule

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=VIETNAM)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED, LIST = "https://a.vn/rss", "https://a.vn/tin"


def run(at: datetime = NOW, fate: Fate = Fate.READ, **values: Any) -> RunReport:
    usual: dict[str, Any] = {
        "id": f"a-{at:%d%H%M}", "site": "a", "started": at, "state": RunState.DONE, "finished": at + MINUTE,
        "sources": {FEED: fate},
    }  # fmt: skip
    return RunReport(**(usual | values))


def after(*reports: RunReport, known: Memory | None = None) -> Memory:
    memory = known or Memory()
    for report in reports:
        memory = memory.learn(report)
    return memory


def state(
    memory: Memory, before: HealthState = HealthState.HEALTHY, now: datetime = NOW, **signals: Any
) -> HealthState:
    return judge(Signals(memory, **signals), Health(before, NOW - 9 * DAY), now).state


def articles(at: datetime, count: int = 5, **values: Any) -> RunReport:
    usual: dict[str, Any] = {
        "articles": count, "sure": count, "new": count, "confidence": 0.9, "bodies": {"site:a": count},
        "fields": {"title": count, "author": count},
    }  # fmt: skip
    return run(at, **(usual | values))


def well_known(days: int = 20) -> Memory:
    return after(*(articles(NOW - n * DAY) for n in range(days, 0, -1)))


@pytest.mark.parametrize(
    ("fates", "came_to"),
    [
        ((Fate.READ, Fate.FAILED), Outcome.GOOD),
        ((Fate.UNCHANGED, Fate.EMPTY), Outcome.GOOD),
        ((Fate.BARE,), Outcome.GOOD),
        ((Fate.FAILED, Fate.FAILED, Fate.EMPTY), Outcome.BROKEN),
        ((Fate.UNREADABLE,), Outcome.BROKEN),
        ((Fate.BLOCKED, Fate.FAILED), Outcome.BLOCKED),
        ((Fate.EMPTY, Fate.GONE, Fate.FAILED), Outcome.CHANGED),
    ],
)
def test_a_site_can_be_read_as_long_as_one_source_can(fates: tuple[Fate, ...], came_to: Outcome) -> None:
    report = run(sources={f"https://a.vn/{n}": fate for n, fate in enumerate(fates)}, state=RunState.FAILED)

    assert outcome(report) is came_to


@pytest.mark.parametrize("how", [RunState.FAILED, RunState.KILLED, RunState.LOST])
def test_a_crawl_that_came_to_nothing_before_it_asked_anything_is_none_of_the_sites_fault(how: RunState) -> None:
    assert outcome(run(state=how, sources={}, error="The disk is full.")) is Outcome.OURS


def test_trials_back_fills_and_skipped_crawls_say_nothing() -> None:
    for report in (run(dry_run=True), run(backfill=True), run(state=RunState.SKIPPED)):
        assert after(report) == Memory()


def test_a_site_is_broken_after_two_crawls_in_vain_half_an_hour_apart_and_healthy_after_one_good_one() -> None:
    first, second, third = (run(NOW + n * 15 * MINUTE, Fate.FAILED) for n in range(3))

    assert state(after(run(NOW - HOUR), first)) is HealthState.HEALTHY
    assert state(after(run(NOW - HOUR), first, second)) is HealthState.HEALTHY
    broken = after(run(NOW - HOUR), first, second, third)
    found = judge(Signals(broken), Health(HealthState.HEALTHY, NOW - DAY), NOW + HOUR)
    assert (found.state, found.since) == (HealthState.BROKEN, NOW)
    assert found.decisive()["failed_runs"] == 3
    assert state(after(run(NOW + HOUR), known=broken), HealthState.BROKEN) is HealthState.HEALTHY


def test_a_server_that_fails_and_blocks_by_turns_keeps_one_name() -> None:
    fates = [Fate.FAILED, Fate.FAILED, Fate.BLOCKED, Fate.FAILED, Fate.BLOCKED, Fate.BLOCKED]
    memory = after(*(run(NOW + n * HOUR, fate) for n, fate in enumerate(fates)))

    assert state(memory, HealthState.BROKEN) is HealthState.BROKEN
    assert state(after(run(NOW + 9 * HOUR, Fate.BLOCKED), known=memory), HealthState.BROKEN) is HealthState.BLOCKED


def test_nothing_new_is_silence_and_never_a_fault() -> None:
    rhythm = Rhythm.learn([(NOW - n * 3 * HOUR, True) for n in range(8, 400)], NOW - DAY)
    quiet = [run(NOW + n * 6 * HOUR, Fate.UNCHANGED) for n in range(20)]
    memory = after(articles(NOW, newest=NOW), *quiet)

    assert state(memory, rhythm=rhythm) is HealthState.SILENT
    assert state(after(articles(NOW, newest=NOW), *quiet[:3]), rhythm=rhythm) is HealthState.HEALTHY
    new = articles(NOW + 5 * DAY, newest=NOW + 5 * DAY)
    assert state(after(new, known=memory), HealthState.SILENT, rhythm=rhythm) is HealthState.HEALTHY


def test_an_operator_may_say_how_long_a_silence_may_be() -> None:
    memory = after(articles(NOW, newest=NOW), run(NOW + 5 * DAY, Fate.UNCHANGED))

    assert state(memory, expect=Expect(silent_days=4)) is HealthState.SILENT
    assert state(memory, HealthState.SILENT, expect=Expect(silent_days=6)) is HealthState.HEALTHY


def test_nothing_is_owed_at_tet() -> None:
    eve = datetime(2026, 2, 13, 17, 0, tzinfo=VIETNAM)  # Tết of 2026 is on 17 February
    rhythm = Rhythm.learn([(eve - n * HOUR, True) for n in range(2000)], eve)

    assert not silence(eve, eve + 10 * DAY, rhythm, Expect()).too_long
    assert silence(eve, eve + 15 * DAY, rhythm, Expect()).too_long
    assert [is_quiet((eve + n * DAY).date()) for n in (-2, 2, 9, 14)] == [False, True, True, False]


def test_a_site_is_late_when_its_crawl_waits_longer_than_its_distance_and_somebody_was_there() -> None:
    memory = after(run(NOW - 3 * HOUR))
    waiting: dict[str, Any] = {"due": NOW - 70 * MINUTE, "every": HOUR}

    assert state(memory, **waiting, watched=NOW - DAY) is HealthState.LATE
    assert state(memory, **waiting, watched=NOW - 5 * MINUTE) is HealthState.HEALTHY
    assert state(memory, due=NOW - 50 * MINUTE, every=HOUR, watched=NOW - DAY) is HealthState.HEALTHY


def test_crawls_that_fail_for_our_reasons_make_a_site_late_and_never_broken() -> None:
    ours = [run(NOW + n * HOUR, state=RunState.FAILED, sources={}, error="The disk is full.") for n in range(3)]
    found = judge(Signals(after(*ours)), None, NOW + 4 * HOUR)

    assert found.state is HealthState.LATE
    assert found.decisive()["our_runs"] == 3


def test_a_selector_that_matches_no_more_is_a_redesign_until_it_matches_again() -> None:
    memory = well_known()
    changed = after(*(articles(NOW + n * HOUR, bodies={"density": 5}) for n in range(2)), known=memory)
    mended = after(*(articles(NOW + n * HOUR) for n in range(3, 5)), known=changed)

    found = judge(Signals(changed), None, NOW + DAY)
    assert (found.state, found.since) == (HealthState.REDESIGNED, NOW)
    assert found.decisive() == {"body:site:a": 0.0}
    assert next(fact for fact in found.evidence if fact.decisive).usual == 1.0
    assert state(mended, HealthState.REDESIGNED) is HealthState.HEALTHY


def test_a_batch_of_another_kind_is_no_redesign() -> None:
    batch = after(articles(NOW, 12, bodies={"density": 12}), known=well_known())

    assert state(batch) is HealthState.HEALTHY


def test_selectors_that_an_operator_wrote_are_no_redesign() -> None:
    memory = after(*(articles(NOW - n * DAY, bodies={"vnportal": 5}) for n in range(20, 0, -1)))

    assert state(after(*(articles(NOW + n * HOUR) for n in range(4)), known=memory)) is HealthState.HEALTHY
    others = after(*(articles(NOW + n * HOUR, bodies={"cms": 5}) for n in range(4)), known=memory)
    assert state(others) is HealthState.REDESIGNED


def test_an_operator_may_accept_what_changed() -> None:
    changed = after(*(articles(NOW + n * HOUR, bodies={"density": 5}) for n in range(4)), known=well_known())

    assert state(changed.accepted(), HealthState.REDESIGNED) is HealthState.HEALTHY


def test_one_source_of_several_is_missed_after_a_day() -> None:
    hours = [run(NOW + n * HOUR, sources={FEED: Fate.READ, LIST: Fate.GONE}) for n in range(26)]

    assert state(after(*hours[:20])) is HealthState.HEALTHY
    assert state(after(*hours)) is HealthState.REDESIGNED
    assert state(after(*hours).only([FEED])) is HealthState.HEALTHY
    back = run(NOW + 30 * HOUR, sources={FEED: Fate.UNCHANGED, LIST: Fate.READ})
    assert state(after(*hours, back), HealthState.REDESIGNED) is HealthState.HEALTHY


def test_articles_behind_a_wall_are_a_block_though_the_feed_can_be_read() -> None:
    walls = [run(NOW + n * HOUR, lost={"blocked-page": 4}) for n in range(3)]

    assert state(after(*walls, known=well_known())) is HealthState.BLOCKED


def test_a_paused_site_is_paused_whatever_else_it_is() -> None:
    broken = after(*(run(NOW + n * HOUR, Fate.FAILED) for n in range(5)))

    assert state(broken, paused=Pause(NOW, "lan")) is HealthState.PAUSED


def test_a_failing_site_is_left_alone_for_twice_as_long_each_time_a_day_at_most() -> None:
    memory, waits = Memory(), []
    for n in range(12):
        memory = memory.learn(run(NOW + n * DAY, Fate.FAILED))
        again = next_try(memory, Schedule(), NOW)
        assert again is not None
        waits.append((again - NOW) / MINUTE)

    assert waits[:4] == [15, 30, 60, 120]
    assert waits[-1] == 24 * 60
    assert next_try(memory.learn(run(NOW + 20 * DAY)), Schedule(), NOW) is None


def test_a_site_that_never_had_an_article_is_silent_after_a_week_of_empty_feeds() -> None:
    memory = after(*(run(NOW + n * DAY, Fate.BARE) for n in range(7)))
    assert state(memory, now=NOW + 6 * DAY) is HealthState.HEALTHY

    memory = after(run(NOW + 8 * DAY, Fate.BARE), known=Memory.from_json(memory.to_json()))
    health = judge(Signals(memory), Health(HealthState.HEALTHY, NOW), NOW + 8 * DAY)
    assert (health.state, health.since) == (HealthState.SILENT, NOW)
    found = after(articles(NOW + 9 * DAY), known=memory)
    assert state(found, HealthState.SILENT, NOW + 9 * DAY) is HealthState.HEALTHY


def test_a_crawl_that_says_nothing_of_a_failing_site_is_not_done_again_at_once() -> None:
    retry = NOW + 5 * MINUTE
    assert still_ahead(retry, Schedule(), NOW) == retry
    assert still_ahead(retry, Schedule(), retry) == retry + 15 * MINUTE


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    asked = after(run(wait=7200.0))

    assert next_try(asked, Schedule(), NOW) == NOW + 2 * HOUR
    assert next_try(replace(asked, wait=1e9), Schedule(), NOW) == NOW + 7 * DAY


def test_a_memory_is_kept_and_found_again() -> None:
    memory = after(run(NOW, Fate.FAILED, reasons={"dns-error": 2}), run(NOW + HOUR, state=RunState.LOST, sources={}))
    memory = replace(after(run(NOW, sources={FEED: Fate.READ, LIST: Fate.GONE}), known=well_known()), bad=memory.bad)

    assert Memory.from_json(memory.to_json()) == memory
    with pytest.raises(InvalidValue, match="no memory"):
        Memory.from_json({"last": "gestern"})


def test_a_memory_stays_small_however_many_crawls_there_were() -> None:
    memory = after(*(articles(NOW + n * 40 * MINUTE) for n in range(2000)))

    assert len(str(memory.to_json())) < 30_000
