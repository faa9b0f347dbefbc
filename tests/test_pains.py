"""What operators of such systems have suffered from, by the thread in which they said so, and which tests hold that
Bantin's do not. What no part's own tests claim is claimed here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Config
from news.alerts import Language, Message, Rules
from news.alerts.plan import QuietHours
from news.health import HealthState
from news.report import Fate, RunReport, RunState
from oversight.alarm import Alarm
from oversight.keeper import Keeper
from scheduler import Scheduler
from spiders.catalog import load_catalog
from storage.connect import Store
from tests.test_scheduler import wait_for

ROOT = Path(__file__).resolve().parent.parent

PAINS: dict[str, tuple[str, ...]] = {
    "a source dies silently for weeks: okfn-brasil/querido-diario#1451, FreshRSS/FreshRSS#3217": (
        "tests/test_pains.py::test_when_45_of_50_sites_give_nothing_operators_are_told_within_the_hour_at_night_too",
        "tests/news/test_health_month.py::test_every_fault_is_noticed_as_what_it_is_and_found_over",
        "tests/oversight/test_alarm.py::test_a_change_reaches_its_address_once",
        "tests/cli/test_doctor.py::test_sites_that_are_not_well_and_alerts_that_reach_nobody_are_found",
    ),
    "a redesign breaks extraction and nobody notices: flairNLP/fundus#163": (
        "tests/news/test_health.py::test_a_selector_that_matches_no_more_is_a_redesign_until_it_matches_again",
        "tests/news/test_health.py::test_a_batch_of_another_kind_is_no_redesign",
    ),
    '"nothing new" is taken for "broken": okfn-brasil/querido-diario#575, dgtlmoon/changedetection.io#790': (
        "tests/news/test_health.py::test_nothing_new_is_silence_and_never_a_fault",
        "tests/news/test_health.py::test_nothing_is_owed_at_tet",
        "tests/news/test_health_month.py::test_nothing_is_told_of_what_was_no_fault",
    ),
    "runs are skipped or hang with no trace: agronholm/apscheduler#292, #342": (
        "tests/test_scheduler.py::test_a_crawl_that_is_due_while_the_last_one_runs_leaves_a_trace",
        "tests/crawler/test_run.py::test_a_site_that_hangs_is_ended_at_the_limit",
        "tests/news/test_health.py::test_a_site_is_late_when_its_crawl_waits_longer_than_its_distance_and_somebody_was_there",
    ),
    "the history of runs is lost at a restart: scrapy/scrapyd#12": (
        "tests/test_pains.py::test_after_a_kill_and_a_restart_every_run_is_there_and_says_why_it_ended",
        "tests/test_chaos.py::test_twenty_kills_lose_no_run_no_article_and_no_schedule",
        "tests/storage/test_backup.py::test_what_processes_were_at_is_ended",
    ),
    "a block page is stored as an article: edgi-govdata-archiving/web-monitoring#189": (
        "tests/crawler/test_failures.py::test_every_fault_of_the_demo_is_counted_and_kept_at_its_url_and_none_becomes_an_article",
        "tests/news/extract/test_kinds.py::test_a_wall_before_the_page_is_seen",
        "tests/news/test_health.py::test_articles_behind_a_wall_are_a_block_though_the_feed_can_be_read",
    ),
    "the disk fills up: dgtlmoon/changedetection.io#3360, crawlab-team/crawlab#1460": (
        "tests/cli/test_prune.py::test_below_the_floor_a_crawl_is_not_begun_and_its_report_says_why",
        "tests/storage/test_pruning.py::test_what_is_announced_is_what_goes",
        "tests/storage/test_disk.py::test_the_days_that_are_left_go_by_the_growth_of_the_month",
        "tests/deploy/test_monitoring.py::test_each_alert_is_raised_by_what_it_is_for_and_by_nothing_else",
    ),
    "a probe starts a crawl: DIYgod/RSSHub#20768": ("tests/web/test_health.py::test_looking_starts_nothing",),
    "a webhook is silent at the first import, none by keyword: miniflux/v2#3211, FreshRSS/FreshRSS#3090": (
        "tests/web/push/test_convergence.py::test_an_import_of_many_articles_is_told_in_order",
        "tests/web/push/test_convergence.py::test_consumers_that_fail_half_of_the_time_end_with_exactly_what_is_shown",
    ),
    "a schedule cannot be set from outside: my8100/scrapydweb#193": (
        "tests/oversight/test_scheduler.py::test_an_operator_pauses_resumes_and_reschedules_a_site_within_two_seconds",
        "tests/cli/test_health.py::test_an_answer_is_shown_as_it_comes",
    ),
}


@pytest.mark.parametrize("pain", PAINS)
def test_what_is_said_to_hold_that_is_a_test(pain: str) -> None:
    for claim in PAINS[pain]:
        path, name = claim.split("::")
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), claim


def test_when_45_of_50_sites_give_nothing_operators_are_told_within_the_hour_at_night_too(
    store: Store, config: Config
) -> None:
    now = datetime.now(UTC)
    sites = list(load_catalog(config.sites_dir).sites.values())[:50]
    assert len(sites) == 50
    fates = (Fate.READ, Fate.EMPTY, Fate.BLOCKED, Fate.FAILED)
    for n, site in enumerate(sites):
        fate = fates[0] if n % 10 == 0 else fates[n % 3 + 1]
        state = RunState.DONE if fate is Fate.READ else RunState.FAILED
        for minutes in (40, 5):
            at = now - timedelta(minutes=minutes)
            named = dict.fromkeys([source.url for source in site.announcements] or [site.home], fate)
            store.runs.finish(RunReport(f"{site.id}-{minutes}", site.id, at, state, at, sources=named))
    Keeper(store, lambda _: None, dict).look(sites)

    told: list[Message] = []

    def via(address: str, message: Message) -> str:
        told.append(message)
        return ""

    night = Rules(timedelta(minutes=2), QuietHours.parse("00:00-23:59"))
    names = {site.id: site.name for site in sites}
    alarm = Alarm(store, ["json://x"], night, Language.ENGLISH, lambda: names, lambda: True, via)
    for minutes in (0, 5, 10, 60):
        alarm.step(now + timedelta(minutes=minutes))

    (message,) = told
    assert "45" in message.title
    (alert,) = store.alerts.sent()
    assert len(alert.changes) == 45
    assert alert.at <= now + timedelta(minutes=5)
    counts = [row.health.state for row in store.health.all().values()]
    assert {state: counts.count(state) for state in set(counts)} == {
        HealthState.HEALTHY: 5, HealthState.BROKEN: 15, HealthState.BLOCKED: 15, HealthState.REDESIGNED: 15,
    }  # fmt: skip


_KILLED = """
import os, signal
from datetime import UTC, datetime
import config
from news.report import RunReport
from news.runlog import LogLine
from storage.connect import open_store
from storage.owner import Owner

now = datetime.now(UTC)
with open_store(config.load()) as store:
    store.runs.start(RunReport("r2", "a", now), Owner.here("r2"))
    store.runs.progress(RunReport("r2", "a", now, pages=7, reasons={"timeout": 2}))
    store.run_logs.write("r2", now, [LogLine(0, now, "WARNING", "bantin.crawler", "https://a.vn/1: timeout")])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_a_kill_and_a_restart_every_run_is_there_and_says_why_it_ended(
    store: Store, config: Config, environ: dict[str, str]
) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    failed = RunReport("r1", "a", before, RunState.FAILED, before, reasons={"dns": 1}, error="a.vn has no address")
    store.runs.finish(failed)
    ran = subprocess.run([sys.executable, "-c", _KILLED], env={**os.environ, **environ}, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL

    with Scheduler(list, config, store):
        wait_for(lambda: (run := store.runs.get("r2")) and run.finished)

    lost, kept = store.runs.find("a")
    assert kept == failed
    assert (lost.state, lost.pages, lost.reasons) == (RunState.LOST, 7, {"timeout": 2})
    assert "is gone" in lost.error
    assert [line.message for line in store.run_logs.of("r2")] == ["https://a.vn/1: timeout"]
