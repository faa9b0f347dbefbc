"""bantin export: whole files, whatever kills it on the way, and everything that changed since."""

from __future__ import annotations

import csv
import fcntl
import gzip
import io
import json
import os
import resource
import subprocess
import sys
from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator

from cli.partial import Partial, Reached, making
from news.article import Article, Page, Status, StoredArticle
from news.errors import BantinError
from storage.connect import Store
from web import stream

ROOT = Path(__file__).resolve().parents[2]
Bantin = Callable[..., Any]
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
ENDINGS = ("ndjson", "ndjson.gz", "csv.zst", "parquet", "warc.gz")


def put(store: Store, id: str) -> None:
    url = f"https://soyte.gov.vn/{id}"
    article = Article(url, "soyte", title=f'Bài "{id}"', body=f"dòng 1\n{id}", html=f"<p>{id}</p>", published=NOW)
    store.pages.keep(id, "soyte", Page(url, f"<p>{id}".encode(), NOW, content_type="text/html"))
    store.journal.create(StoredArticle(id, article, (f"soyte.gov.vn/{id}",), (), id, id, Status.PUBLISHED, 1, NOW, NOW))


def correct(store: Store, id: str) -> None:
    old = store.articles.get(id)
    assert old is not None
    new = replace(old, article=replace(old.article, title="Đính chính"), version=2)
    store.journal.update(new, old, None, changed=["title"])


def ids(path: Path) -> list[str]:
    """The articles and removals of an export, as readers that know nothing of Bantin find them."""
    data = path.read_bytes()
    if path.name.endswith("parquet"):
        return [str(id) for id in pq.read_table(io.BytesIO(data))["id"].to_pylist()]
    if ".warc" in path.name:
        found = [record.rec_headers.get_header("Bantin-Article") for record in ArchiveIterator(io.BytesIO(data))]
        assert found.count(None) == 1, "one warcinfo record"
        return found[1:]
    if path.name.endswith("gz"):
        data = gzip.decompress(data)
    elif path.name.endswith("zst"):
        data = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    if ".csv" in path.name:
        return [row["id"] for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]
    return [json.loads(line)["id"] for line in data.splitlines()]


def test_a_warc_of_all_pages_gives_the_same_articles_to_who_imports_it(
    bantin: Bantin, crawled: Bantin, tmp_path: Path
) -> None:
    told = crawled("export", "--out", tmp_path / "all.warc.gz", "--json").rows[0]
    wanted = crawled("articles", "list", "--limit", "500", "--status", "published", "--json").rows

    bantin("import", tmp_path / "all.warc.gz", "--json")

    found = bantin("articles", "list", "--limit", "500", "--json").rows
    assert (told["articles"], told["without_page"]) == (len(wanted), 0)
    # Which of two came first, and when a page was met again under another address, is in no page.
    passing = ("story", "related", "aliases", "fetched")
    differing = [
        (name, before["url"])
        for before, after in zip(*(sorted(rows, key=itemgetter("id")) for rows in (wanted, found)), strict=True)
        for name in before
        if name not in passing and before[name] != after[name]
    ]
    assert differing == []


def test_every_format_has_the_published_articles_and_says_where_to_go_on(
    bantin: Bantin, store: Store, tmp_path: Path
) -> None:
    for n in range(5):
        put(store, f"a{n}")
    cursors = set()
    for ending in ENDINGS:
        path = tmp_path / f"all.{ending}"
        told = bantin("export", "--out", path, "--json").rows[0]
        assert ids(path) == ["a0", "a1", "a2", "a3", "a4"], ending
        assert (told["articles"], told["removals"], told["out"]) == (5, 0, str(path))
        cursors.add(told["cursor"])
    (cursor,) = cursors
    correct(store, "a1")
    store.journal.retract("a3", NOW, "gone")

    for ending in ENDINGS[:4]:
        path = tmp_path / f"since.{ending}"
        told = bantin("export", "--out", path, "--since-cursor", cursor, "--json").rows[0]
        assert ids(path) == ["a1", "a3"], ending
        assert (told["articles"], told["removals"]) == (1, 1)
    table = pq.read_table(tmp_path / "since.parquet")
    assert table["deleted"].to_pylist() == [False, True]
    assert table.schema.metadata[b"bantin.cursor"].decode() == told["cursor"] == str(int(cursor) + 2)
    assert ids(tmp_path / "all.warc.gz")[3] == "a3"
    assert not list(tmp_path.glob("*.part"))

    shown = bantin("export", "--select", "status=retracted")
    assert [json.loads(line).get("id") for line in shown.out.splitlines()] == ["a3", None]
    assert json.loads(shown.out.splitlines()[-1]) == {"end": True, "count": 1, "cursor": told["cursor"]}
    assert f"--since-cursor {told['cursor']}" in shown.err
    assert bantin("export", "--format", "csv", "--bom").out.startswith("\ufeffid,url,")


# Runs `bantin export` in a child again and again, each time killing it at another of its writes, until one comes to its
# end: prints how many were killed.
_KILLER = """
import os, signal, sys
import cli.export, cli.main, cli.partial, news.export.parquet, pyarrow.parquet, storage.connect, web.stream

web.stream.BATCH = web.stream.PAGES = news.export.parquet.GROUP = 4

def run(step, out):
    if pid := os.fork():
        return os.waitpid(pid, 0)[1]
    steps, real = iter(range(1, 10_000)), os.fsync
    def fsync(file):
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        real(file)
    os.fsync = fsync
    sys.argv = ["bantin", "export", "--out", out, "--json"]
    cli.main.main()
    os._exit(1)

for out in sys.argv[1:]:
    killed = 0
    for step in (3, 4, 5, 999):
        status = run(step, out)
        if status == 0:
            break
        assert os.WIFSIGNALED(status), status
        killed += 1
    assert status == 0 and killed == 3, (out, status, killed)
"""


def test_killed_at_any_write_and_run_again_an_export_ends_as_if_nothing_had_been(
    bantin: Bantin, environ: dict[str, str], store: Store, tmp_path: Path
) -> None:
    for n in range(18):
        put(store, f"a{n:02}")
    files = [tmp_path / f"killed.{ending}" for ending in ("ndjson", "parquet")]
    few = {"BANTIN_SITES_DIR": str(tmp_path)}  # which are read in no time

    subprocess.run(
        [sys.executable, "-c", _KILLER, *files], env={**os.environ, **environ, **few}, cwd=ROOT, check=True,
        timeout=120, capture_output=True,
    )  # fmt: skip

    for path in files:
        assert ids(path) == [f"a{n:02}" for n in range(18)], path.name
    bantin("export", "--out", tmp_path / "quiet.ndjson")
    assert (tmp_path / "quiet.ndjson").read_bytes() == (tmp_path / "killed.ndjson").read_bytes()
    assert not list(tmp_path.glob("*.part"))


def locked(path: Path) -> Any:
    """Another process at the same file, as far as that can be seen."""
    lock = (path.with_name(path.name + ".part") / "lock").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def test_what_changes_between_two_attempts_is_in_the_file_once(
    bantin: Bantin, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BATCH", 4)
    for n in range(12):
        put(store, f"a{n:02}")
    path, horizon = tmp_path / "x.ndjson", store.events.last()
    note, notes = Partial.note, []

    def stop(*given: Any) -> None:
        note(*given)
        notes.append(given)
        if len(notes) == 3:  # the beginning of the file, and two batches
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Partial, "note", stop)
        bantin("export", "--out", path, expect=130)
    assert not path.exists()
    correct(store, "a01")
    correct(store, "a09")

    other = bantin("export", "--out", path, "--select", "site=soyte", expect=1)
    with locked(path):
        busy = bantin("export", "--out", path, expect=1)
    ran = bantin("export", "--out", path, "--json")

    assert "its select differ" in other.err
    assert "Another export is writing" in busy.err
    assert "going on behind 8 rows" in ran.err
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(row["id"] for row in rows) == [f"a{n:02}" for n in range(12)]
    assert {row["id"]: row["version"] for row in rows}["a09"] == 2
    assert {row["id"]: row["version"] for row in rows}["a01"] == 1
    assert ran.rows[0]["cursor"] == str(horizon), "so that the correction of a01 comes next"


def test_a_half_done_file_that_lost_bytes_is_begun_anew(tmp_path: Path) -> None:
    with making(tmp_path / "x", {"a": 1}) as partial:
        size = partial.append(b"0123456789")
        partial.note(Reached(1, "", 1, "a", articles=1, size=size), array("Q", [7]))
    with making(tmp_path / "x", {"a": 1}) as partial:
        assert partial.reached is not None
        assert partial.given() == array("Q", [7])
        assert partial.append(b"x") == 11
    with partial.data.open("r+b") as file:
        file.truncate(9)
    with making(tmp_path / "x", {"a": 1}) as partial:
        assert partial.reached is None
        assert not partial.data.exists()
    with pytest.raises(BantinError, match="cannot be made"), making(tmp_path / "none" / "x", {}):
        pass


def test_a_disk_that_is_full_is_said_and_what_was_written_is_gone_on_with(tmp_path: Path) -> None:
    reached = Reached(1, "", 1, "a", articles=1, size=10)
    with making(tmp_path / "x", {"a": 1}) as partial:
        partial.append(b"0123456789")
        partial.note(reached, array("Q", [7]))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400, hard))  # no file may grow further, as on a full disk
    try:
        with (
            pytest.raises(BantinError, match=r"x cannot be written to its end: .*run the same again"),
            making(tmp_path / "x", {"a": 1}) as partial,
        ):
            partial.append(b"x" * 4000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with making(tmp_path / "x", {"a": 1}) as partial:
        assert partial.reached == reached


def test_what_cannot_be_written_is_said_with_what_to_do(
    bantin: Bantin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ending in ("ndjson", "csv.zst", "parquet"):
        bantin("export", "--out", tmp_path / f"none.{ending}")
        assert ids(tmp_path / f"none.{ending}") == [], "an export of nothing is a file all the same"
    for name, word in (("x.txt", "--format"), ("x.parquet.gz", "packed"), ("x.warc.zst", "packed")):
        assert word in bantin("export", "--out", tmp_path / name, expect=1).err
    assert "no colour" in bantin("export", "--select", "colour=red", expect=1).err
    assert "ahead" in bantin("export", "--since-cursor", "99", expect=1).err
    for module, name in (("pyarrow", "x.parquet"), ("zstandard", "x.csv.zst")):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)
            assert "pip install 'bantin[" in bantin("export", "--out", tmp_path / name, expect=1).err
            assert not (tmp_path / name).exists()
