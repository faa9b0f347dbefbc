"""What a crawl did is told to the operator, with every reason explained, its addresses and its log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import config as settings
from news.errors import Reason
from news.language import Language
from news.report import Fate, RunReport, RunState
from news.runlog import LogLine
from news.telling import of_reason
from news.users import Role
from storage.connect import Store, open_store
from storage.urls import UrlRow, UrlState
from tests.web.accounts import signed_in
from tests.web.console.ran import PORTAL, Ran, page_of, portal, ran, text_of

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Serving = Callable[..., AbstractContextManager[httpx.Client]]


@dataclass(frozen=True)
class Done:
    """A portal that was crawled, and an operator who looks."""

    ran: Ran
    operator: httpx.Client


@pytest.fixture(scope="module")
def done(mongod_uri: str, serving: Serving) -> Iterator[Done]:
    with _crawled(mongod_uri, serving) as found:
        yield found


@contextmanager
def _crawled(mongod_uri: str, serving: Serving) -> Iterator[Done]:
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "console_runs"})
    with portal() as demo, open_store(config) as store, serving(store, config) as client:
        yield Done(ran(store, config, demo), signed_in(client, store, Role.OPERATOR, "minh"))
        store._client.drop_database("console_runs")


def put(store: Store, id: str, ago: int = 0, **values: object) -> RunReport:
    usual = {"site": "soyte", "state": RunState.DONE, "started": NOW - timedelta(hours=ago)}
    report = RunReport(id=id, **{**usual, **values})  # type: ignore[arg-type]
    store.runs.finish(report)
    return report


def test_a_run_is_told_with_its_counts_its_reasons_and_its_sources(done: Done) -> None:
    run = done.ran.run
    page = page_of(done.operator.get(f"/console/runs/{run.id}"))
    told = text_of(page)

    assert run.state is RunState.DONE
    assert f"{run.requests} yêu cầu" in told or f"yêu cầu {run.requests}" in told
    assert len(run.reasons) == 2
    for code in run.reasons:
        explained = of_reason(Reason(code), Language.VIETNAMESE)
        assert explained.name in told
        assert explained.says in told
        assert explained.do in told
    assert all(url in told for url in run.sources)
    assert "Bộ nhớ cao nhất" in told, "the peak memory of its process is known"
    assert not page.xpath("//*[@hx-get and contains(@hx-get, '/now')]"), "what is over is not asked for again"


def test_the_addresses_behind_a_reason_are_listed_and_lead_to_their_story(done: Done) -> None:
    run = done.ran.run
    page = page_of(done.operator.get(f"/console/runs/{run.id}"))
    for link in page.xpath("//ul[@class='explained']//a/@href"):
        listed = page_of(done.operator.get(link))
        (address,) = listed.xpath("//ul[@class='barren']//p[@class='url']/text()")
        assert address in done.ran.ill.values()
        (story,) = listed.xpath("//ul[@class='barren']//a/@href")
        assert address in text_of(page_of(done.operator.get(story)))
    assert done.operator.get(f"/console/sites/{PORTAL}/urls/none").status_code == 404


def test_the_log_is_shown_filtered_and_downloaded(done: Done) -> None:
    path = f"/console/runs/{done.ran.run.id}/log"
    whole = page_of(done.operator.get(path)).xpath("//li")
    words = page_of(done.operator.get(path, params={"words": "503 GAVE"})).xpath("//li")
    later = page_of(done.operator.get(path, params={"after": "3"})).xpath("//li/@value")
    saved = done.operator.get(f"{path}.txt")

    assert len(whole) > 5
    assert [done.ran.ill["503"] in text_of(line) for line in words] == [True]
    assert later[0] == "4"
    assert saved.headers["content-type"] == "text/plain; charset=utf-8"
    assert saved.headers["content-disposition"] == f'attachment; filename="{done.ran.run.id}.txt"'
    assert len(saved.text.splitlines()) == len(whole)
    assert done.operator.get(path, params={"level": "LOUD"}).status_code == 422


def test_runs_are_listed_newest_first_and_page_by_page(store: Store, operator: httpx.Client) -> None:
    for n in range(60):
        put(store, f"r{n:02}", n)

    first = page_of(operator.get("/console/runs"))
    second = page_of(operator.get(first.xpath("//a[@rel='next']/@href")[0]))

    ids = [link.rsplit("/", 1)[1] for page in (first, second) for link in page.xpath("//tbody//th/a/@href")]
    assert ids == [f"r{n:02}" for n in range(60)]
    assert not second.xpath("//a[@rel='next']")


def test_runs_are_filtered_by_site_state_and_days(store: Store, operator: httpx.Client) -> None:
    put(store, "a", 0, reasons={"no-text": 3})
    put(store, "b", 30, state=RunState.KILLED, error="lan stopped it.")
    put(store, "c", 60, site="nhandan")

    def found(**query: str) -> set[str]:
        page = page_of(operator.get("/console/runs", params=query))
        return {link.rsplit("/", 1)[1] for link in page.xpath("//tbody//th/a/@href")}

    assert found() == {"a", "b", "c"}
    assert found(site="soyte") == {"a", "b"}
    assert found(state="killed") == {"b"}
    assert found(site="soyte", state="done") == {"a"}
    assert found(since="2026-03-01", until="2026-03-01") == {"b"}
    told = operator.get("/console/runs").text
    assert "no-text" in told
    assert "lan stopped it." in told
    for query in ({"state": "x"}, {"since": "hôm qua"}, {"before": "x"}, {"before": "2026-03-01~a"}):
        assert operator.get("/console/runs", params=query).status_code == 422, query


def test_what_is_written_in_a_log_or_an_error_does_nothing_in_a_page(store: Store, operator: httpx.Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    put(store, "r1", error=evil, sources={f"https://soyte.gov.vn/{evil}": Fate.FAILED}, last_url=evil)
    store.run_logs.write("r1", NOW, [LogLine(0, NOW, "ERROR", evil, f"{evil}\ud800", evil)])
    store.urls.record(
        [UrlRow(key="k", url=f"https://soyte.gov.vn/{evil}", site="soyte", found=NOW, state=UrlState.REJECTED,
                reason=Reason.NO_TEXT, detail=evil)]
    )  # fmt: skip
    for path in ("/console/runs", "/console/runs/r1", "/console/runs/r1/log", "/console/sites/soyte/urls/no-text"):
        answer = operator.get(path)
        assert "&lt;script&gt;" in answer.text, path
        assert "<img" not in answer.text, path
        assert "alert(1)" not in " ".join(page_of(answer).xpath("//script/text()"))
    assert operator.get("/console/runs/r1/log.txt").status_code == 200


def test_a_page_shows_the_end_of_a_long_log_and_the_rest_where_it_is_asked_for(
    store: Store, operator: httpx.Client
) -> None:
    put(store, "r1")
    for first in range(0, 600, 100):
        store.run_logs.write("r1", NOW, [LogLine(n, NOW, "INFO", "x", f"line {n}") for n in range(first, first + 100)])

    page = page_of(operator.get("/console/runs/r1"))
    assert [int(n) for n in page.xpath("//ol[@id='log']/li/@value")] == list(range(200, 600))
    (more,) = page.xpath("//div[@id='log-box']//a[not(@download)]/@href")
    assert len(page_of(operator.get(more)).xpath("//li")) == 600


def test_who_has_no_such_run_is_told(operator: httpx.Client) -> None:
    for path in ("/console/runs/none", "/console/runs/none/log", "/console/runs/none/now"):
        assert operator.get(path).status_code == 404
    assert operator.post("/console/runs/none/stop").status_code == 404


def test_the_page_speaks_english_where_it_is_asked_to(store: Store, operator: httpx.Client) -> None:
    put(store, "r1", reasons={"no-text": 3})
    told = text_of(page_of(operator.get("/console/runs/r1?lang=en")))
    assert of_reason(Reason.NO_TEXT, Language.ENGLISH).says in told
    assert "Lý do" not in told
