"""bantin up, demo and web: processes that run until they are told to end, and leave nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import feedparser
import httpx

ROOT = Path(__file__).resolve().parents[2]
Embedded = Callable[[Path], dict[str, str]]


@contextmanager
def running(environ: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A running verb, the address it printed, and what it said before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *arguments], env=environ, cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        address = said = ""
        while not address:
            line = process.stdout.readline()
            assert line, (process.wait(), said, process.communicate())
            said += line
            address = (re.findall(r"Articles +(http\S+)/", line) or [""])[0]
        yield process, address, said
    finally:
        process.kill()
        process.communicate()


def bantin(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)


def totals(said: str) -> tuple[int, int]:
    """Pages fetched and new articles, from the last row of the table."""
    row = next(line.split() for line in said.splitlines() if line.split()[:1] == ["total"])
    return int(row[1]), int(row[2])


def ended(process: subprocess.Popen[str], sign: signal.Signals) -> str:
    """What it still said, when it has ended after the signal and its exit code was 0."""
    process.send_signal(sign)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return out


def alone(folder: Path) -> bool:
    """Whether no process works on the folder."""
    found = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, text=True).stdout.split()
    return [pid for pid in found if int(pid) != os.getpid()] == []


def test_up_crawls_serves_refuses_a_second_and_ends_with_all_it_started(embedded: Embedded, tmp_path: Path) -> None:
    environ = embedded(tmp_path / "data")
    with running(environ, "up", "--demo") as (process, address, _):
        second = bantin(environ, "up")
        assert second.returncode == 1
        assert str(tmp_path / "data") in second.stderr
        assert str(process.pid) in second.stderr
        until = time.monotonic() + 60
        while not feedparser.parse(httpx.get(f"{address}/feeds/atom.xml").content).entries:
            assert time.monotonic() < until, "the scheduler crawled nothing"
            time.sleep(0.3)

        assert ended(process, signal.SIGTERM).endswith("Stopped.\n")

    assert alone(tmp_path / "data")


def test_the_demo_counts_serves_and_can_go_on(embedded: Embedded, tmp_path: Path) -> None:
    environ = embedded(tmp_path / "data")
    with running(environ, "demo") as (process, address, said):
        pages, new = totals(said)
        assert pages >= new >= 9 * 30
        feed = feedparser.parse(httpx.get(f"{address}/feeds/atom.xml").content)
        assert len(feed.entries) == 50
        assert httpx.get(address).status_code == 200
        assert ended(process, signal.SIGINT).endswith("Stopped.\n")
    assert alone(tmp_path / "data")

    again = bantin(environ, "demo", "--once", "--keep")
    assert again.returncode == 0, again.stderr
    assert totals(again.stdout)[1] == 0, "what the last demo stored is known"


def test_the_demo_never_drops_what_is_not_its_own(embedded: Embedded, tmp_path: Path) -> None:
    environ = embedded(tmp_path / "data")
    pages = tmp_path / "pages"
    pages.mkdir()
    paragraph = "Sáng 4/3, tỉnh khai trương trung tâm điều hành thông minh với sự tham dự của các sở, ngành. "
    (pages / "a.html").write_text(f"<title>Khai trương</title><h1>Khai trương trung tâm</h1><p>{paragraph * 8}</p>")
    (pages / "a.url").write_text("https://that.vn/khai-truong-trung-tam-123.html")
    assert '"new"' in bantin(environ, "import", str(pages), "--json").stdout

    refused = bantin(environ, "demo", "--once")

    assert refused.returncode == 1
    assert "that.vn" in refused.stderr
    assert "that.vn" in bantin(environ, "articles", "list", "--json").stdout
