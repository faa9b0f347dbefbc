"""How fast the web app answers over a million articles, to fifty clients at once that ask every second or so, and
whether its memory stays flat over 100,000 requests; beside a bare app that gives away as many bytes."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from bench import library
from bench.endurance import resident
from bench.figures import Figure, Outcome, Sheet, finish, options, refuse
from bench.library import FAMILY, GIVEN
from config import Config, load
from news.errors import BantinError
from storage.connect import Store, open_store
from web.server import send_at_once, settle

SIZE, QUICK_SIZE = 1_000_000, 20_000
CLIENTS, THINK_MS = 50, 1_000
SECONDS, QUICK_SECONDS = 20, 4
MANY, QUICK_MANY = 100_000, 5_000
_SCRIPT = Path(__file__).with_name("wrk.lua")
_DATABASE = "bench"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for, in which time (p95, ms) the answer is to come; `paths` are taken by chance."""

    name: str
    paths: tuple[str, ...]
    goal: float
    validated: bool = False  # with the ETag of the first answer, so that 304 is right


@dataclass(frozen=True, slots=True)
class Told:
    """What the clients saw: times in milliseconds."""

    requests: int
    a_second: float
    failed: int
    p50: float
    p95: float
    p99: float


def asks() -> tuple[Ask, ...]:
    """Each is asked in so many ways that an answer is hardly ever one that was made before, but for the first."""
    words = [
        "cải cách",
        "giao thong",
        "chuyển đổi số",
        "dang bo",
        "đảng",
        "y te",
        "khoa học",
        "nông thôn mới",
        "du lich",
        "giáo dục",
    ]
    names = [f"{family} {given} {number}" for family, given, number in product(FAMILY, GIVEN, range(0, 1000, 90))]
    queries = [f'"{word}"' if n % 3 == 0 else word for n, word in enumerate(words)]
    queries = [f"{queries[n % len(words)]} {name}" for n, name in enumerate(names)] + names + queries
    sites = [f"site{n:03}" for n in range(library.SITES)]
    kinds = ("kind=press", "kind=ministry", "tag=giao+thong", "section=kinh+te")
    return (
        Ask("feed, unchanged (304)", ("/feeds/atom.xml",), 3.0, validated=True),
        Ask("feed of 50 full articles, asked for before",
            ("/feeds/atom.xml?kind=press", "/feeds/rss.xml", "/feeds/feed.json"), 25.0),
        Ask("feed of 50 full articles", tuple(
            f"/feeds/{file}?site={site}&limit={limit}"
            for site, limit, file in product(sites, (49, 50, 51), ("atom.xml", "rss.xml", "feed.json"))
        ), 25.0),
        Ask("API page of 50", tuple(
            f"/api/v1/articles?{which}&limit={limit}&sort={sort}"
            for which, limit, sort in product([*(f"site={site}" for site in sites), *kinds], range(48, 53),
                                              ("published", "changed"))
        ), 25.0),
        Ask("search", tuple(f"/api/v1/articles?q={quote(query)}&limit=20" for query in queries), 100.0),
        Ask("reading site", tuple(f"/articles/l{n:07}" for n in range(0, 20_000, 7))
            + tuple(f"/?site={site}" for site in sites), 50.0),
    )  # fmt: skip


def measure(quick: bool, folder: Path | None) -> Outcome:
    """`folder` keeps the library for the next run."""
    if shutil.which("wrk") is None:
        raise BantinError("There is no wrk to ask with.", "apt-get install wrk")
    place = folder or Path(tempfile.mkdtemp(prefix="bantin-bench-"))
    try:
        config = load({"BANTIN_DATA_DIR": str(place), "BANTIN_DATABASE": _DATABASE, "BANTIN_ANONYMOUS_PER_MINUTE": "0"})
        with open_store(config, must_own=True) as store:
            return _measure(store, replace(config, mongodb_uri=store.uri), quick)
    finally:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def _measure(store: Store, config: Config, quick: bool) -> Outcome:
    size, seconds = (QUICK_SIZE, QUICK_SECONDS) if quick else (SIZE, SECONDS)
    if store.articles.count() != size:
        library.fill(store.uri, _DATABASE, size)
    with serving(app, config) as (base, pid):
        _warm(base)
        scans = _scans(store)
        paced = [_paced(base, ask, seconds) for ask in asks()]
        scans = _scans(store) - scans
        grown = _grown(base, pid, QUICK_MANY if quick else MANY)
        hurried = _wrk(base, ("/feeds/atom.xml",), seconds, think=0, etag=_etag(base, "/feeds/atom.xml"))
    with serving(_bare, config) as (base, _):
        bare = _wrk(base, ("/",), seconds, think=THINK_MS)
        bare_hurried = _wrk(base, ("/",), seconds, think=0)
    return _outcome(size, paced, bare, hurried, bare_hurried, scans, grown)


def _outcome(
    size: int, paced: list[tuple[Ask, Told]], bare: Told, hurried: Told, bare_hurried: Told, scans: int,
    grown: tuple[float, float],
) -> Outcome:  # fmt: skip
    figures = [
        Figure(f"{ask.name}, p95 among {size:,}", told.p95, "ms", f"< {ask.goal:g}",
               told.p95 < ask.goal and not told.failed, f"a bare app {bare.p95:.1f} ms; p50 {told.p50:.1f} ms")
        for ask, told in paced
    ]  # fmt: skip
    before, after = grown
    figures += [
        Figure("queries without an index", scans, "", "= 0", scans == 0),
        Figure("memory of the web process, grown over so many requests", 100 * (after / before - 1), "%", "< 5",
               after < 1.05 * before, f"{before:.0f} MB, then {after:.0f} MB"),
        Figure("feed, unchanged, as fast as fifty clients can ask", hurried.a_second, "requests/s",
               beside=f"a bare app {bare_hurried.a_second:,.0f}; p95 {hurried.p95:.1f} and {bare_hurried.p95:.1f} ms"),
    ]  # fmt: skip
    rows = [(ask.name, f"{told.requests:,}", str(told.failed), *(f"{t:.1f}" for t in (told.p50, told.p95, told.p99)))
            for ask, told in [*paced, (Ask("a bare app", (), 0), bare)]]  # fmt: skip
    title = f"{CLIENTS} clients that ask about every {THINK_MS / 1000:g} s"
    return Outcome(
        tuple(figures), (Sheet(title, ("asked", "requests", "failed", "p50 ms", "p95", "p99"), tuple(rows)),)
    )


def _paced(base: str, ask: Ask, seconds: int) -> tuple[Ask, Told]:
    etag = _etag(base, ask.paths[0]) if ask.validated else ""
    return ask, _wrk(base, ask.paths, seconds, think=THINK_MS, etag=etag)


def _warm(base: str) -> None:
    """The first answers after a start are nobody's measure: one of each kind, and words while the index catches up."""
    for path in (
        "/",
        "/articles/l0000001",
        "/feeds/atom.xml",
        "/feeds/rss.xml",
        "/feeds/feed.json",
        "/api/v1/articles",
    ):
        urlopen(base + path).close()
    while True:
        with urlopen(f"{base}/api/v1/articles?q=y&limit=1") as answer:
            if json.load(answer)["complete"]:
                return
        time.sleep(1)


def _wrk(base: str, paths: tuple[str, ...], seconds: int, *, think: int, etag: str = "") -> Told:
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(_SCRIPT)]
    command += ["-H", f"If-None-Match: {etag}"] if etag else []
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        environ = {**os.environ, "THINK_MS": str(think), "PATHS": file.name}
        shown = subprocess.run([*command, base], capture_output=True, text=True, check=True, env=environ)
    fields = next(line for line in shown.stdout.splitlines() if line.startswith("RESULT")).split()[1:]
    requests, microseconds, failed = map(int, fields[:3])
    return Told(requests, requests / microseconds * 1e6, failed, *map(float, fields[3:]))


def _grown(base: str, pid: int, many: int) -> tuple[float, float]:
    """Memory in MB after a tenth of so many requests of all kinds, and after all of them."""
    paths = tuple(path for ask in asks() for path in ask.paths)
    sizes, asked = [], 0
    while asked < many:
        asked += _wrk(base, paths, 5, think=0).requests
        sizes += [resident(pid)] if asked >= many / 10 else []
    return sizes[0], sizes[-1]


def _etag(base: str, path: str) -> str:
    with urlopen(Request(base + path)) as answer:
        return str(answer.headers["ETag"])


def _scans(store: Store) -> int:
    """How many collections the server has read from end to end for a query so far."""
    status: dict[str, Any] = store._database.client.admin.command("serverStatus")
    return int(status["metrics"]["queryExecutor"]["collectionScans"]["total"])


@contextmanager
def serving(make: Any, config: Config) -> Iterator[tuple[str, int]]:
    """A web server in a process of its own: its address and process id."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(make, config, theirs), daemon=True)
    process.start()
    theirs.close()
    port = ours.recv()
    base = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(base + "/healthz").close()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield base, process.pid or 0
    finally:
        process.terminate()
        process.join()


def _serve(make: Any, config: Config, pipe: Connection) -> None:
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as door:
        send_at_once(door)
        pipe.send(door.getsockname()[1])
        with open_store(config) as store:
            server = uvicorn.Server(uvicorn.Config(make(store, config), log_level="error", access_log=False))
            settle()
            server.run(sockets=[door])


def app(store: Store, config: Config) -> Any:
    """The web app over the library."""
    from web.app import create_app

    sites = library.catalogue()
    return create_app(store, config, lambda: sites)


def _bare(store: Store, config: Config) -> Any:
    """What answers at once, with as much as a feed has: the floor of this server and these clients."""
    body = b"x" * 140_000

    async def floor(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": body})

    return floor


def main() -> int:
    parser = options("serve")
    parser.add_argument("--library", type=Path, metavar="DIR", help="keep the articles there for the next run")
    given = parser.parse_args()
    try:
        return finish("serve", measure(given.quick, given.library), given.json)
    except BantinError as error:
        return refuse(error)


if __name__ == "__main__":
    sys.exit(main())
