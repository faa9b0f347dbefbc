"""Who gets an answer and who does not, asked over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import feedparser
import httpx
import pytest

import config as settings
from config import Config
from news.access import ANONYMOUS, Credential, Scope, Token, Usage, by_consumer
from news.quota import Quota
from storage.connect import StorageUnavailable, Store, open_store
from web.access import Gate
from web.meter import Meter

FEED = "/feeds/atom.xml"
Serving = Callable[..., AbstractContextManager[httpx.Client]]
NOBODYS = "btn_000000000000_" + "s" * 43
_NUMBERS = itertools.count(1)


class Clock:
    """The time of the web app, which passes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Site:
    """One installation, read by whoever may (`public`: anybody, twice a minute; `closed`: only with a token)."""

    store: Store
    config: Config
    clock: Clock
    public: httpx.Client
    closed: httpx.Client

    def issue(self, *scopes: Scope, per_minute: int = 600, expires: datetime | None = None) -> str:
        """A new token, as its owner has it."""
        name = f"Báo {next(_NUMBERS)}"
        return str(self.store.tokens.issue(name, scopes or (Scope.READ,), per_minute, self.clock(), expires)[1])

    def kept(self, token: str) -> Token:
        """What the store keeps of it."""
        credential = Credential.parse(token)
        assert credential is not None
        kept = self.store.tokens.get(credential.id)
        assert kept is not None
        return kept


@pytest.fixture(scope="module")
def installation(mongod_uri: str, serving: Serving) -> Iterator[Site]:
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "web_access"})
    clock = Clock()
    with (
        open_store(config) as store,
        serving(store, replace(config, anonymous_per_minute=2), clock) as public,
        serving(store, replace(config, public_reading=False), clock) as closed,
    ):
        yield Site(store, config, clock, public, closed)


@pytest.fixture
def site(installation: Site) -> Site:
    """The installation on a day of this test's own, when all limits are free again."""
    installation.clock.pass_(86400)
    return installation


def test_a_token_is_taken_in_each_of_its_three_ways(site: Site) -> None:
    token = site.issue()

    assert site.closed.get(FEED).status_code == 401
    for headers in (
        {"X-Auth-Token": token},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"bearer  {token}"},
    ):
        assert site.closed.get(FEED, headers=headers).status_code == 200, headers
    assert site.closed.get(FEED, params={"limit": 3, "key": token}).status_code == 200
    assert site.closed.get("/", params={"key": token}).status_code == 200
    assert site.closed.head(FEED, params={"key": token}).status_code == 200
    assert site.closed.post(FEED, params={"key": token}).status_code == 401, "a key in an address only reads"
    assert site.closed.post(FEED, headers={"X-Auth-Token": token}).status_code == 405


def test_where_nobody_may_read_programs_and_people_are_told_so(site: Site) -> None:
    told = site.closed.get(FEED)
    page = site.closed.get("/", headers={"Accept": "text/html"})

    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["status"] == 401
    assert "X-Auth-Token" in told.json()["remedy"]
    assert told.headers["www-authenticate"] == 'Bearer realm="Bantin"'
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["x-content-type-options"] == "nosniff", "a refusal has the headers of every answer"
    assert "Cần có mã truy cập" in page.text
    assert "A token is needed" in site.closed.get("/?lang=en", headers={"Accept": "text/html"}).text
    assert (site.closed.head(FEED).status_code, site.closed.head(FEED).content) == (401, b"")


def test_what_everybody_needs_is_never_refused(site: Site) -> None:
    assert site.closed.get("/healthz").status_code == 200
    assert site.closed.get("/static/style.css").status_code == 200
    assert site.closed.get("/healthzz").status_code == 401


@pytest.mark.parametrize("kind", ["nonsense", "unknown", "wrong secret", "expired", "revoked"])
def test_a_token_that_is_not_good_is_refused_even_where_anybody_may_read(kind: str, site: Site) -> None:
    token = site.issue(expires=site.clock() + timedelta(days=1))
    if kind == "expired":
        site.clock.pass_(86400)
    if kind == "revoked":
        site.store.tokens.revoke(site.kept(token).id, site.clock())
    given = {"nonsense": "abc", "unknown": NOBODYS, "wrong secret": token[:-43] + "s" * 43}.get(kind, token)
    answer = site.public.get(FEED, headers={"X-Auth-Token": given})

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert (kind if kind in ("expired", "revoked") else "none of ours") in answer.json()["detail"]


def test_a_revoked_token_is_refused_within_ten_seconds_whoever_revoked_it(site: Site) -> None:
    token = site.issue()
    headers = {"X-Auth-Token": token}
    assert site.closed.get(FEED, headers=headers).status_code == 200
    site.store.tokens.revoke(site.kept(token).id, site.clock())
    site.clock.pass_(9)

    assert site.closed.get(FEED, headers=headers).status_code == 401


def test_a_token_opens_only_what_it_is_good_for(site: Site) -> None:
    reader, exporter = site.issue(), site.issue(Scope.EXPORT)
    refused = site.closed.get("/api/v1/export", headers={"X-Auth-Token": reader})

    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == 'Bearer realm="Bantin", error="insufficient_scope", scope="export"'
    assert site.closed.get("/api/v1/export", headers={"X-Auth-Token": exporter}).status_code not in (401, 403)
    assert site.closed.get(FEED, headers={"X-Auth-Token": exporter}).status_code == 403
    assert site.closed.post("/api/v1/webhooks/1/test", headers={"X-Auth-Token": reader}).status_code == 403


def test_bulk_and_push_need_a_token_even_where_anybody_may_read(site: Site) -> None:
    assert site.public.get("/api/v1/export").status_code == 401
    assert site.public.post("/api/v1/webhooks").status_code == 401


def test_a_limit_is_told_kept_and_free_again(site: Site) -> None:
    headers = {"X-Auth-Token": site.issue(per_minute=3)}
    answers = [site.closed.get(FEED, headers=headers) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"consumer";r=2;t=20', '"consumer";r=1;t=40', '"consumer";r=0;t=60', '"consumer";r=0;t=20',
    ]  # fmt: skip
    assert answers[0].headers["ratelimit-policy"] == '"consumer";q=3;w=60'
    assert [answers[0].headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")] == ["3", "2", "20"]
    assert answers[3].headers["retry-after"] == "20"
    assert answers[3].json()["status"] == 429
    site.clock.pass_(19)
    assert site.closed.get(FEED, headers=headers).status_code == 429
    site.clock.pass_(1)
    assert site.closed.get(FEED, headers=headers).status_code == 200
    other = {"X-Auth-Token": site.issue()}
    site.clock.pass_(1)
    assert site.closed.get(FEED, headers=other).status_code == 200, "each has its own"


def test_who_gives_no_token_is_limited_by_address(site: Site) -> None:
    def ask(client: str) -> int:
        return site.public.get(FEED, headers={"X-Forwarded-For": client}).status_code

    assert [ask("198.51.100.1") for _ in range(3)] == [200, 200, 429]
    assert ask("198.51.100.2") == 200
    assert [ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8::3"), ask("2001:db8:0:1::1")] == [200, 200, 429, 200]
    site.clock.pass_(30)
    assert ask("198.51.100.1") == 200
    reader = {"Accept": "text/html", "X-Forwarded-For": "198.51.100.9"}
    pages = [site.public.get("/", headers=reader) for _ in range(3)]
    assert "Quá nhiều yêu cầu" in pages[2].text


def test_only_trusted_proxies_are_believed_about_others(site: Site, serving: Serving) -> None:
    with serving(site.store, replace(site.config, anonymous_per_minute=1, trusted_proxies=()), site.clock) as client:
        codes = [client.get(FEED, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(2)]

    assert codes == [200, 429]


def test_guesses_use_up_the_limit_of_their_address_and_harm_no_consumer(site: Site) -> None:
    token = site.issue()
    guess = {"X-Auth-Token": NOBODYS}

    assert [site.public.get(FEED, headers=guess).status_code for _ in range(3)] == [401, 401, 429]
    assert site.public.get(FEED).status_code == 429
    assert site.public.get(FEED, headers={"X-Auth-Token": token}).status_code == 200


def test_no_limit_is_none(site: Site, serving: Serving) -> None:
    with serving(site.store, replace(site.config, anonymous_per_minute=0), site.clock) as client:
        answers = [client.get(FEED) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def test_a_key_stays_in_the_links_of_the_reader_who_gave_it_there(site: Site) -> None:
    token = site.issue()
    by_key = site.public.get(FEED, params={"key": token, "limit": 3})
    by_header = site.public.get(FEED, params={"limit": 3}, headers={"X-Auth-Token": token})
    ids = {feedparser.parse(answer.content).feed.id for answer in (by_key, by_header, site.public.get(FEED))}

    (own,) = (link.href for link in feedparser.parse(by_key.content).feed.links if link.rel == "self")
    assert own == f"https://tin.example.vn/feeds/atom.xml?limit=3&key={token}"
    assert by_key.text.count(f"key={token}") == by_key.text.count(token) == by_key.text.count("/feeds/atom.xml?limit=3")
    assert token not in by_header.text
    assert len(ids) == 1
    assert site.public.get("/", params={"key": token}).text.count(token) == 0


def test_no_cache_hands_on_what_was_answered_to_a_token(site: Site) -> None:
    token = site.issue()

    assert site.public.get(FEED).headers["cache-control"] == "public, max-age=60"
    for given in ({"params": {"key": token}}, {"headers": {"X-Auth-Token": token}}):
        answer = site.public.get(FEED, **given)  # type: ignore[arg-type]
        assert answer.headers["cache-control"] == "private, max-age=60"
        assert answer.headers["referrer-policy"] == "no-referrer"
    etag = {"If-None-Match": answer.headers["etag"], "X-Auth-Token": token}
    again = site.public.get(FEED, headers=etag)
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, max-age=60")


def test_scripts_of_other_sites_may_read_api_and_feeds_and_nothing_else(site: Site) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    first = site.closed.options(FEED, headers={**asked, "Access-Control-Request-Headers": "x-auth-token"})
    answer = site.closed.get(FEED, headers={"X-Auth-Token": site.issue()})

    assert first.status_code == 204
    assert "X-Auth-Token" in first.headers["access-control-allow-headers"]
    assert first.headers["access-control-allow-methods"] == "GET, HEAD"
    for one in (first, answer, site.closed.get(FEED), site.closed.get("/api/v1/nothing")):
        assert one.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in one.headers
    assert {"ETag", "RateLimit", "Retry-After"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert "access-control-allow-origin" not in site.closed.get("/").headers
    assert "access-control-allow-origin" not in site.closed.post("/api/v1/webhooks").headers
    assert site.closed.options(FEED).status_code == 401, "what is no question of a browser is judged as all else"


def test_usage_is_counted_for_each_consumer_and_kept_when_the_app_ends(site: Site, serving: Serving) -> None:
    token = site.issue(per_minute=3)
    headers = {"X-Auth-Token": token}
    with serving(site.store, site.config, site.clock) as client:
        size = len(client.get(FEED).content)
        client.head(FEED, headers=headers)
        answers = [client.get(FEED, headers=headers) for _ in range(2)]
        site.clock.pass_(2)
        refused = client.get(FEED, headers=headers)
        client.get("/healthz")

    kept, today = site.kept(token), site.clock().date()
    used = by_consumer(site.store.usage.since(today))
    assert refused.status_code == 429
    assert used[ANONYMOUS] == Usage(ANONYMOUS, today, 1, 0, size)
    assert used[kept.id] == Usage(kept.id, today, 4, 1, sum(len(answer.content) for answer in (*answers, refused)))
    assert kept.last_used == site.clock()


def test_what_could_not_be_kept_is_kept_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[Usage] = []

    def add(rows: Sequence[Usage]) -> None:
        if not failed:
            failed.extend(rows)
            raise StorageUnavailable("MongoDB is away.", "")
        genuine(rows)

    genuine = site.store.usage.add
    monkeypatch.setattr(site.store.usage, "add", add)
    monkeypatch.setattr("web.meter._EVERY", 0.001)

    async def count() -> None:
        meter = Meter(site.store)
        meter.count("x", site.clock(), requests=1)
        while not failed:
            await asyncio.sleep(0.001)
        meter.count("x", site.clock(), requests=1)
        await meter.close()

    asyncio.run(count())
    assert by_consumer(site.store.usage.since(site.clock().date()))["x"].requests == 2


def test_a_store_that_is_away_is_no_reason_to_call_a_token_wrong(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> list[Token]:
        raise StorageUnavailable("The MongoDB at db7.internal is away.", "Start it.")

    token = site.issue()
    monkeypatch.setattr(site.store.tokens, "all", away)
    answer = site.closed.get(FEED, headers={"X-Auth-Token": token})

    assert (answer.status_code, answer.json()["remedy"]) == (503, "Ask again in half a minute.")
    assert "db7.internal" not in answer.text, "where the store is, is not for the public"
    assert "retry-after" in answer.headers


def test_of_addresses_without_end_only_the_last_are_remembered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.access._REMEMBERED", 10)
    gate = Gate(site.store, site.config)
    for n in range(100):
        gate.take(f"198.51.100.{n}", Quota(1), site.clock())

    assert len(gate._buckets) == 10
    assert gate.take("198.51.100.99", Quota(1), site.clock()).allowed is False  # type: ignore[union-attr]


def test_no_secret_is_in_the_log_or_in_the_database(
    site: Site, serving: Serving,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    token = site.issue()
    with (
        caplog.at_level(logging.DEBUG, "bantin"),
        caplog.at_level(logging.INFO),
        caplog.at_level(logging.INFO, "uvicorn.access"),  # whatever a server of another test has said about it
        serving(site.store, site.config, site.clock) as client,
    ):
        client.get(FEED, params={"limit": 3, "key": token})
        client.get(FEED, params={"key": token, "limit": "many"})
        client.get("/none", params={"key": token[:-1]})
        client.get(FEED, headers={"X-Auth-Token": token})

    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert any(FEED + "?limit=3 " in line for line in ours), "the server's log of requests was read"
    assert not [line for line in ours if token[-43:-10] in line]
    database = site.store._database
    kept = " ".join(str(row) for name in database.list_collection_names() for row in database[name].find())
    assert site.kept(token).digest in kept
    assert token[-43:-10] not in kept


def test_what_is_not_published_is_shown_to_a_token_for_reviewing_alone(site: Site) -> None:
    reader, reviewer = site.issue(), site.issue(Scope.READ, Scope.REVIEW)
    for path in (FEED, "/api/v1/articles"):
        for token in ("", reader):
            headers = {"X-Auth-Token": token} if token else {}
            answer = site.public.get(path, params={"status": "waiting"}, headers=headers)
            assert answer.status_code == 403, (path, token)
            assert "review" in answer.json()["remedy"]
        answer = site.public.get(path, params={"status": "waiting"}, headers={"X-Auth-Token": reviewer})
        assert answer.status_code == 200, answer.text
