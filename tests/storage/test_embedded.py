"""The embedded MongoDB on its bad days: what was stored stays stored, and whoever is refused is told why."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

import config as settings
from config import Config
from news.article import StoredArticle
from news.errors import BantinError
from storage import connect, mongod
from storage.connect import Store, open_store
from storage.datadir import DataDirectory, socket_path
from storage.embedded import EmbeddedMongod, make_primary, socket_uri
from storage.patience import Patience
from storage.turns import Turns

Make = Callable[..., StoredArticle]


@pytest.fixture
def embedded(tmp_path: Path) -> Config:
    """The settings of an installation with an embedded MongoDB of its own."""
    return _config(tmp_path / "data")


@pytest.fixture
def running(embedded: Config) -> Iterator[Store]:
    """Its store, opened by this process."""
    with open_store(embedded) as store:
        yield store


def _config(data: Path, **more: str) -> Config:
    given = {"BANTIN_MONGOD": os.environ.get("BANTIN_MONGOD", "")}
    return settings.load({**given, "BANTIN_DATA_DIR": str(data), "BANTIN_MONGODB_PATIENCE": "20", **more})


def _mongod_of(config: Config) -> int:
    return int((config.data_dir / "mongodb" / "mongod.lock").read_text())


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except OSError:
        return True


def test_what_one_start_stored_the_next_one_finds(embedded: Config, make: Make) -> None:
    with open_store(embedded) as store:
        assert store.owns_mongod
        store.journal.create(make())
        pid = _mongod_of(embedded)
    assert _dead(pid)
    assert not socket_path(embedded.data_dir).exists()
    store.close()  # again, which harms nothing
    with open_store(embedded) as store:
        assert store.articles.get("a0001") == make()


def test_mongod_listens_on_one_private_socket_and_on_no_port(running: Store, embedded: Config) -> None:
    pid = _mongod_of(embedded)
    links = (os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir())
    mine = {link[8:-1] for link in links if link.startswith("socket:[")}
    tcp = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()]
    assert not mine & {row[9] for row in tcp if len(row) > 9}
    unix = [row.split() for row in Path("/proc/net/unix").read_text().splitlines()]
    listening = {row[7] for row in unix if len(row) > 7 and row[6] in mine and row[3] == "00010000"}
    path = socket_path(embedded.data_dir)
    assert listening == {str(path)}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_second_owner_is_refused_by_name_and_a_visitor_is_let_in(
    running: Store, embedded: Config, make: Make
) -> None:
    message = rf"{embedded.data_dir} is already run .*pid {os.getpid()}.*BANTIN_DATA_DIR"
    with pytest.raises(BantinError, match=message):
        open_store(embedded, must_own=True)
    with open_store(embedded) as visitor:
        assert not visitor.owns_mongod
        visitor.journal.create(make())
    assert running.articles.get("a0001") == make()  # the visitor's leaving ends nothing


_VISITOR = """
import os, sys, config
from storage.connect import open_store
with open_store(config.load({"BANTIN_DATA_DIR": sys.argv[1]})) as store:
    print(store.owns_mongod, store.articles.count())
"""


def test_another_process_uses_the_running_one(running: Store, embedded: Config, make: Make) -> None:
    running.journal.create(make())
    shown = subprocess.run([sys.executable, "-c", _VISITOR, str(embedded.data_dir)], capture_output=True, text=True)
    assert shown.stdout == "False 1\n", shown.stderr


def test_a_mongod_that_is_killed_while_articles_are_stored_loses_and_doubles_none(running: Store, make: Make) -> None:
    assert running._embedded
    killed: list[int] = []
    slowest, count = 0.0, 0
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        began = time.monotonic()
        if count % 50 == 25 and len(killed) < 2 and running._embedded.pid not in killed:
            killed.append(running._embedded.pid)
            os.kill(killed[-1], signal.SIGKILL)
        running.journal.create(make(count))  # waits, and goes on
        slowest = max(slowest, time.monotonic() - began)
        count += 1
    assert killed
    assert slowest < 8
    assert running.articles.count() == len(set(running.articles.ids())) == count


def test_a_mongod_whose_socket_was_tidied_away_gets_a_new_one(embedded: Config) -> None:
    with open_store(embedded) as store:
        path = socket_path(embedded.data_dir)
        shutil.rmtree(path.parent)
        _until(path.exists)
        assert store.articles.count() == 0


def test_a_mongod_that_ends_itself_is_started_again_and_its_reason_told(
    embedded: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(embedded) as store:
        first = _mongod_of(embedded)
        with embedded.data_dir.joinpath("mongod.log").open("a") as log:
            log.write('{"s": "E", "msg": "pwrite", "attr": {"error": {"errmsg": "No space left on device"}}}\n')
        os.kill(first, signal.SIGABRT)
        _until(lambda: "starting it again" in caplog.text)
        assert store.articles.count() == 0
    assert "it gave up: pwrite: No space left on device. Free space" in caplog.text


_LIMITED = """
import resource, sys, config
from storage.connect import open_store
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
with open_store(config.load({"BANTIN_DATA_DIR": sys.argv[1], "BANTIN_MONGOD": sys.argv[2]})):
    pid = open(sys.argv[1] + "/mongodb/mongod.lock").read().strip()
    print(most, *(line.split()[3:5] for line in open(f"/proc/{pid}/limits") if line.startswith("Max open files")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the limits of a process")
def test_a_mongod_may_open_as_many_files_as_the_system_allows(embedded: Config) -> None:
    command = [sys.executable, "-c", _LIMITED, str(embedded.data_dir), embedded.mongod]
    shown = subprocess.run(command, capture_output=True, text=True)
    most = shown.stdout.split()[0]
    assert shown.stdout == f"{most} ['{most}', '{most}']\n", shown.stderr


def test_a_mongod_that_dies_again_and_again_is_given_up_with_a_reason(embedded: Config) -> None:
    home = DataDirectory(embedded.data_dir)
    assert home.acquire()
    running = EmbeddedMongod(home, binary=mongod.find_mongod(embedded.mongod), cache_gb=0.25, restarts=1)
    running.start()
    try:
        first = running.pid
        os.kill(first, signal.SIGKILL)
        _until(lambda: running.pid != first and socket_path(home.path).exists())
        os.kill(running.pid, signal.SIGKILL)
        _until(lambda: running.problem is not None)
        with pytest.raises(BantinError, match=rf"{home.path} died 2 times within a minute.*mongod\.log says why"):
            running.check()
    finally:
        running.stop()


_OWNER = """
import os, sys, time, config
from datetime import UTC, datetime
from news.article import Page
from storage.connect import open_store
store = open_store(config.load({"BANTIN_DATA_DIR": sys.argv[1], "BANTIN_MONGOD": sys.argv[2]}))
store.pages.keep("a1", "a", Page("https://a.vn/1", b"kept", datetime.now(UTC)))
if os.fork() == 0:
    time.sleep(60)  # a child that outlives the owner
print("stored", os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def owner(embedded: Config) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the MongoDB, has stored something, and has a child."""
    command = [sys.executable, "-c", _OWNER, str(embedded.data_dir), embedded.mongod]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("stored")
        yield process
        os.killpg(process.pid, signal.SIGKILL)


def test_a_killed_owner_takes_its_mongod_along_and_the_next_start_has_its_data(
    embedded: Config, owner: subprocess.Popen[str]
) -> None:
    orphan = _mongod_of(embedded)
    owner.kill()
    owner.wait()
    _until(lambda: _dead(orphan), 20)
    with open_store(embedded, must_own=True) as store:  # the owner's child still lives, and keeps no lock
        assert [id for id, _ in store.pages.each()] == ["a1"]


def test_a_process_that_forgets_to_close_ends_its_mongod_when_it_exits(tmp_path: Path) -> None:
    script = "import os, sys, config\nfrom storage.connect import open_store\n"
    script += "store = open_store(config.load({**os.environ, 'MONGODB_URI': '', 'BANTIN_DATA_DIR': sys.argv[1]}))\n"
    script += "print(open(sys.argv[1] + '/mongodb/mongod.lock').read())"
    shown = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert _dead(int(shown.stdout))
    assert (tmp_path / "mongodb" / "mongod.lock").read_text() == ""  # it ended cleanly


def test_a_stray_mongod_of_a_dead_owner_is_ended_first(embedded: Config) -> None:
    home = DataDirectory(embedded.data_dir)
    assert home.acquire()
    path = socket_path(home.path)
    stray = mongod.launch(mongod.Launch(mongod.find_mongod(embedded.mongod), home.database, path, home.log, 0.25))
    home.release()
    with open_store(embedded, must_own=True):
        assert stray.wait(0) == 0
        assert _mongod_of(embedded) != stray.pid


def test_somebody_elses_mongod_on_the_directory_is_left_alone_and_named_as_the_cause(embedded: Config) -> None:
    home = DataDirectory(embedded.data_dir)
    assert home.acquire()
    home.release()
    program = str(mongod.find_mongod(embedded.mongod))
    command = [program, "--dbpath", str(home.database), "--nounixsocket", "--bind_ip", str(home.path / "other.sock")]
    log = home.path / "other.log"
    with log.open("w") as said, subprocess.Popen(command, stdout=said) as other:
        _until(lambda: "Waiting for connections" in log.read_text(), 30)
        with pytest.raises(BantinError, match=r"DBPathInUse.*Another mongod uses the directory"):
            open_store(embedded)
        assert other.poll() is None
        other.terminate()


def test_a_data_directory_can_be_moved_as_deep_as_one_likes(embedded: Config, make: Make, tmp_path: Path) -> None:
    with open_store(embedded) as store:
        store.journal.create(make())
    moved = tmp_path / ("tin tức " * 10) / ("x" * 120)
    moved.parent.mkdir()
    embedded.data_dir.rename(moved)
    with open_store(_config(moved)) as store:
        assert store.articles.get("a0001") == make()
        store.journal.create(make(2))


@pytest.mark.parametrize(
    ("mongod", "message"),
    [
        ("/no/such/mongod", r"BANTIN_MONGOD='/no/such/mongod' is not a program.*Correct it"),
        ("/bin/false", r"ended with 1: it said nothing.*mongod\.log.*MONGODB_URI"),
    ],
)
def test_a_mongod_that_cannot_be_run_is_named(tmp_path: Path, mongod: str, message: str) -> None:
    broken = _config(tmp_path, BANTIN_MONGOD=mongod)
    for _ in range(2):  # and the failure keeps no lock
        with pytest.raises(BantinError, match=message):
            open_store(broken, must_own=True)


def test_a_set_that_somebody_else_is_initiating_is_waited_for(embedded: Config) -> None:
    """As on a slow machine, where mongod says "not yet initialized" and then "already initialized" of the set that it
    is still reading from its disk."""
    data = embedded.data_dir
    (data / "mongodb").mkdir(parents=True)
    binary = mongod.find_mongod(embedded.mongod)
    plan = mongod.Launch(binary, data / "mongodb", socket_path(data), data / "mongod.log", 0.25)
    process = mongod.launch(plan)
    try:
        uri = socket_uri(str(plan.socket))
        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(make_primary, uri, str(plan.socket)) for _ in range(8)]:
                done.result()
        with MongoClient[dict[str, Any]](uri) as client:
            config = client.admin.command("replSetGetConfig")["config"]
            assert client.admin.command("hello")["isWritablePrimary"]
            assert [member["host"] for member in config["members"]] == [str(plan.socket)]
    finally:
        mongod.end(process)


def test_a_client_that_met_mongod_before_it_knew_its_set_has_transactions_soon_after(embedded: Config) -> None:
    """A crawl whose MongoDB was killed comes back to it so early that PyMongo takes it for one without sessions."""
    data = embedded.data_dir
    (data / "mongodb").mkdir(parents=True)
    plan = mongod.Launch(
        mongod.find_mongod(embedded.mongod), data / "mongodb", socket_path(data), data / "mongod.log", 0.25
    )
    process = mongod.launch(plan)
    uri = socket_uri(str(plan.socket))
    try:
        with connect.client_of(uri) as client, ThreadPoolExecutor(1) as pool:
            turns = Turns(client["bantin"], Patience(20, "the set", ""))
            work = pool.submit(
                turns.take, lambda session: client["bantin"].news.insert_one({"_id": 1}, session=session)
            )
            time.sleep(0.3)
            assert not work.done()
            make_primary(uri, str(plan.socket))
            work.result(20)
            assert client["bantin"].news.count_documents({}) == 1
    finally:
        mongod.end(process)


def test_damaged_data_is_reported_with_the_line_that_says_so(embedded: Config) -> None:
    with open_store(embedded):
        pass
    (embedded.data_dir / "mongodb" / "_mdb_catalog.wt").write_bytes(b"garbage" * 1000)
    with pytest.raises(BantinError, match=rf"MongoDB of {embedded.data_dir} ended with .*_mdb_catalog\.wt"):
        open_store(embedded)


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BantinError, match=r"/file/data cannot be used: Not a directory.*BANTIN_DATA_DIR"):
        open_store(_config(tmp_path / "file" / "data"))


def test_a_store_whose_mongod_was_given_up_says_so_at_once(embedded: Config) -> None:
    with open_store(embedded) as store:
        assert isinstance(store, Store)
        assert store._embedded
        store._embedded._restarts = 0
        os.kill(_mongod_of(embedded), signal.SIGKILL)
        with pytest.raises(BantinError, match="died 1 times"):
            store.articles.count()
        with pytest.raises(BantinError, match="died 1 times"):
            store.ping()
