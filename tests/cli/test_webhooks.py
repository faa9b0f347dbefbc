"""bantin webhooks: made, tried, listed, paused, replayed and removed as an operator does it."""

from __future__ import annotations

from datetime import UTC, datetime

from cli.push import pusher
from config import Config
from news.article import Article, Status, StoredArticle
from storage.connect import Store
from tests.cli.conftest import Bantin
from tests.web.push.conftest import SITES, settled
from tests.web.push.consumer import listening

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_a_webhook_from_its_making_to_its_end(bantin: Bantin, store: Store, config: Config) -> None:
    store.journal.create(
        StoredArticle(
            id="a1", article=Article(url="https://soyte.gov.vn/1", site="soyte", title="Bài 1", body="Sở Y tế."),
            keys=("soyte.gov.vn/1",), aliases=(), fingerprint="f1", story="s1", status=Status.PUBLISHED, version=1,
            first_seen=NOW, fetched=NOW,
        )
    )  # fmt: skip
    with listening() as consumer:
        given = ("--name", "bao", "--select", "site=soyte", "--events", "new,retracted", "--after", "0")
        made = bantin("webhooks", "add", consumer.url, *given, "--allow-private", "--json").rows[0]
        consumer.secret = made["secret"]
        assert made["select"] == "site=soyte"
        assert "unknown" in bantin("webhooks", "add", consumer.url, "--name", "x", "--events", "all", expect=1).err
        assert (
            "selects nothing" in bantin("webhooks", "add", consumer.url, "--name", "x", "--select", "a=1", expect=1).err
        )

        assert "204" in bantin("webhooks", "test", "bao").out
        with pusher(store, config, lambda: SITES):
            settled(store)
            assert consumer.titles == {"a1": "Bài 1"}
            assert made["id"] in bantin("webhooks", "list").out
            log = bantin("webhooks", "log", "bao", "--json").rows
            assert [row["notice"] for row in log] == ["new", "test"]
            bantin("webhooks", "replay", "bao", "--delivery", log[0]["id"])
            bantin("webhooks", "replay", "bao", "--from", "2026-03-01")
            settled(store)
        assert len(consumer.taken) == 4

        bantin("webhooks", "pause", "bao", "--reason", "bảo trì")
        assert "bảo trì" in bantin("webhooks", "show", "bao").out
        bantin("webhooks", "resume", "bao")
        assert bantin("webhooks", "show", made["id"], "--json").rows[0]["paused"] is None
        consumer.mood = lambda n, body: "500"
        assert "500" in bantin("webhooks", "test", "bao", expect=1).out
        bantin("webhooks", "remove", "bao")
        assert bantin("webhooks", "list", "--json").rows == []
        assert len(bantin("webhooks", "log", made["id"], "--json").rows) == 5
        assert "no webhook" in bantin("webhooks", "test", "bao", expect=1).err
        assert consumer.forged == 0
