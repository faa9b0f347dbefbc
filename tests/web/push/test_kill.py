"""kill -9 of the pusher and of MongoDB at any moment: nothing is lost, and nothing is told twice but under its id."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pymongo import MongoClient

import config as settings
from news.article import Article, Status, StoredArticle
from storage.connect import Store, open_store
from storage.search import SearchIndex
from tests.web.push.conftest import SITES, settled
from tests.web.push.consumer import listening
from tests.web.push.test_convergence import shown
from web.push import manage
from web.shelf import Shelf

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
_CHILD = """
import threading
import config
from storage.connect import open_store
from storage.search import SearchIndex
from tests.web.push.conftest import QUICK, SITES
from web.push.pusher import Pusher
from web.push.sender import Sender
from web.shelf import Shelf

with open_store(config.load()) as store, Pusher(
    Shelf(store, SearchIndex.of(config.load(), store), lambda: SITES, ""), Sender("t", 5.0), QUICK
):
    print("ready", flush=True)
    threading.Event().wait()
"""


def test_the_pusher_and_mongodb_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    plain = settings.load({"BANTIN_DATA_DIR": str(tmp_path), "BANTIN_MONGODB_PATIENCE": "60"})
    moods = ["ok", "ok", "500", "late"]
    with open_store(plain, must_own=True) as store, listening(lambda n, _: chance.choice(moods)) as consumer:
        shelf = Shelf(store, SearchIndex.of(plain, store), lambda: SITES, "")
        url = consumer.url
        webhook = manage.add(shelf, "w", url, "", ["new", "updated", "retracted"], after="0", allow_private=True)
        consumer.secret = webhook.secret
        environ = {**os.environ, "MONGODB_URI": store.uri, "BANTIN_DATABASE": "bantin", "PYTHONPATH": str(ROOT)}
        pushers = []
        for round in range(3):
            pushers.append(subprocess.Popen([sys.executable, "-c", _CHILD], env=environ, stdout=subprocess.PIPE))
            pushers[-1].stdout.readline()  # type: ignore[union-attr]
            for n in range(15):
                stored = article(15 * round + n)
                store.journal.create(stored)
                if n % 3 == 0:
                    new = replace(stored.article, title=f"Đính chính {stored.id}")
                    store.journal.edit(stored.id, new, NOW, by="lan")
                if n % 7 == 0:
                    store.journal.retract(stored.id, NOW, "gone")
            time.sleep(chance.uniform(0.0, 0.4))
            if round == 2:
                os.kill(_mongod(store), signal.SIGKILL)  # away for a second or two, then back
            else:
                pushers[-1].kill()
        settled(store)
        pushers[-1].kill()
        for process in pushers:
            process.communicate()

        assert consumer.titles == shown(shelf, ""), f"seed {seed}"
        assert consumer.forged == 0
        log = store.deliveries.log(webhook.id, 10_000)
        numbers = [delivery.number for delivery in reversed(log)]
        assert numbers == list(range(1, len(log) + 1)), "each was planned once"
        said = {(heard.delivery, str(heard.body)) for heard in consumer.heard}
        assert len(said) == len({heard.delivery for heard in consumer.heard}), "a retry says the same"
        assert {heard.delivery for heard in consumer.heard} == {delivery.id for delivery in log}
        told = Counter((delivery.event, delivery.article) for delivery in log)
        assert max(told.values()) == 1, "of an event each article is told once"


def article(n: int) -> StoredArticle:
    told = Article(
        url=f"https://soyte.gov.vn/{n}", site="soyte", title=f"Bài {n}", body="Sở Y tế đã ban hành kế hoạch."
    )
    return StoredArticle(
        id=f"a{n:03}", article=told, keys=(f"soyte.gov.vn/{n}",), aliases=(), fingerprint=f"f{n}", story=f"s{n}",
        status=Status.PUBLISHED, version=1, first_seen=NOW, fetched=NOW,
    )  # fmt: skip


def _mongod(store: Store) -> int:
    with MongoClient[dict[str, object]](store.uri) as client:
        return int(str(client.admin.command("serverStatus")["pid"]))
