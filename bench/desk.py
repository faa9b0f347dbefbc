"""How fast the editors' desk is with 100,000 articles in its queue: its pages and parts, an article opened in each view
and a decision with the next article in its answer; asked by one editor, and by eight at once."""

from __future__ import annotations

import http.client
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from bench import library
from bench.figures import Figure, Outcome, Sheet, finish, options, refuse
from bench.library import FAMILY, GIVEN
from bench.serve import app, serving
from config import Config, load
from news.article import Page, Status, StoredArticle
from news.errors import BantinError
from news.review.review import Concern, Queue, Review
from news.review.states import Move, state_tag
from news.users import Role, User
from storage.connect import Store, open_store

SIZE, QUICK_SIZE = 100_000, 10_000
ASKED, QUICK_ASKED = 200, 40
EDITORS = 8
_SHARE = 1000  # requests; a user has 1,200 a minute
GOAL = 150.0  # ms, p95
_DATABASE = "bench_desk"
_CONCERNS = (Concern.LOW_CONFIDENCE, Concern.NO_DATE, Concern.VERY_SHORT, Concern.TEMPLATE_CHANGED)
_PAGES = 400  # articles whose page is kept
_IDLE = 2.0  # seconds; the server closes what is idle for 5


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for; `paths` are taken in turn, each once."""

    name: str
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds."""

    p50: float
    p95: float
    most: float


class Editor:
    """Somebody who is signed in, on a connection of its own, an editor unless it says otherwise; somebody else after
    each share of a minute."""

    def __init__(self, base: str, store: Store, name: str, role: Role = Role.EDITOR) -> None:
        self._store = store
        self._name = name
        self._role = role
        self._asked = 0
        self._headers: dict[str, str] = {}
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc)
        self._last = 0.0

    def get(self, path: str) -> float:
        """Milliseconds until all of the answer is here."""
        return self._ask("GET", path)[0]

    def text(self, path: str) -> str:
        """The answer itself."""
        return self._ask("GET", path)[1]

    def decide(self, stored: StoredArticle, move: Move, next: str) -> float:
        """Milliseconds from a decision until the next article is there."""
        body = urlencode({"move": str(move), "next": next, "shown": stored.id, "version": str(stored.version)})
        headers = {"If-Match": f'"{state_tag(stored)}"', "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", f"/desk/items/{stored.id}/decide?queue=new", body, headers)[0]

    def _sign_in(self) -> None:
        now, name = datetime.now(UTC), f"{self._name}-{self._asked}"
        if self._store.users.get(name) is None:
            self._store.users.add(User(name, self._role, now))
        ticket = self._store.sessions.begin(name, now)[1]
        self._headers = {"Cookie": f"bantin={ticket.secret}", "X-CSRF-Token": ticket.csrf}

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[float, str]:
        if self._asked % _SHARE == 0:
            self._sign_in()
        self._asked += 1
        began = time.perf_counter()
        if began - self._last > _IDLE:
            self._connection.close()  # the next request opens it again
        self._connection.request(method, path, body or None, {**self._headers, **(headers or {})})
        answer = self._connection.getresponse()
        text = answer.read()
        self._last = time.perf_counter()
        took = 1000 * (self._last - began)
        if answer.status != 200:
            raise BantinError(f"{method} {path}: {answer.status}.", text[:300].decode("utf-8", "replace"))
        return took, text.decode()


def measure(quick: bool, folder: Path | None) -> Outcome:
    """`folder` keeps the articles for the next run."""
    with _store(folder) as (store, config):
        size, asked = (QUICK_SIZE, QUICK_ASKED) if quick else (SIZE, ASKED)
        if store.articles.count() != size:
            library.fill(store.uri, _DATABASE, size, _waiting)
            _keep_pages(store)
        with serving(app, config) as (base, _):
            await_index(base)
            return _outcome(size, *_measured(store, base, asked))


@contextmanager
def _store(folder: Path | None) -> Iterator[tuple[Store, Config]]:
    place = folder or Path(tempfile.mkdtemp(prefix="bantin-bench-"))
    try:
        config = load({"BANTIN_DATA_DIR": str(place), "BANTIN_DATABASE": _DATABASE, "BANTIN_ANONYMOUS_PER_MINUTE": "0"})
        with open_store(config, must_own=True) as store:
            yield store, replace(config, mongodb_uri=store.uri)
    finally:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def await_index(base: str) -> None:
    """Building the index of the search takes all of a core for minutes, once."""
    while True:
        with urlopen(f"{base}/api/v1/articles?q=y&limit=1") as answer:
            if json.load(answer)["complete"]:
                return
        time.sleep(1)


def _measured(store: Store, base: str, asked: int) -> tuple[list[tuple[Ask, Took, Took]], Took]:
    editors = [Editor(base, store, f"editor-{n}") for n in range(EDITORS)]
    first, rows = editors[0], []
    for ask in _asks(first, asked):
        first.get(ask.paths[0])  # the first answer of a kind after a start is nobody's measure
        alone = took([first.get(path) for path in ask.paths])
        parts = [ask.paths[n::EDITORS] for n in range(EDITORS)]
        with ThreadPoolExecutor(EDITORS) as pool:
            together = pool.map(lambda pair: [pair[0].get(path) for path in pair[1]], zip(editors, parts, strict=True))
            rows.append((ask, alone, took([time for times in together for time in times])))
    queue = store.articles.some([row.id for row in store.queues.page(limit=asked + 1)])
    moves = [
        first.decide(stored, Move.APPROVE if n % 2 else Move.HOLD, next.id)
        for n, (stored, next) in enumerate(pairwise(queue))
    ]
    return rows, took(moves)


def _asks(editor: Editor, asked: int) -> list[Ask]:
    draw = random.Random(7)
    sites = [f"site{n:03}" for n in range(library.SITES)]
    kept = [f"/desk/items/l{n:07}" for n in draw.sample(range(_PAGES), min(asked, _PAGES))]
    ways = [("site", draw.choice(sites)) for _ in range(asked)] + [("concern", str(one)) for one in _CONCERNS]
    ways += [("tag", "cải cách"), ("tag", "y tế"), ("kind", "press"), ("kind", "ministry"), ("sure", "70")]
    filters = [urlencode([way]) for way in draw.sample(ways, min(asked, len(ways)))]
    searches = [f"{family} {given} {number}" for family, given, number in product(FAMILY, GIVEN, range(0, 1000, 90))]
    searches += ["cải cách", "y te", "nông thôn mới", '"chuyển đổi số"', "du lich", "giáo dục"] * 20
    after, pages = "/desk/queue?queue=new", []
    for _ in range(min(asked, 50)):
        found = re.search(r'hx-get="(/desk/queue[^"]*after=[^"]*)"', editor.text(after))
        if found is None:
            break
        after = found[1].replace("&amp;", "&")
        pages.append(after)
    return [
        Ask("the desk, with an article open", [f"/desk?queue=new&open={path[12:]}" for path in kept]),
        Ask("queue, filtered", [f"/desk/queue?queue=new&{way}" for way in filters]),
        Ask("queue, page after page", pages),
        Ask(
            "queue, searched", [f"/desk/queue?queue=new&q={n % 97}+{word}" for n, word in enumerate(["y", "tinh"] * 20)]
        ),
        Ask("article: clean text", [f"{path}?view=text" for path in kept]),
        Ask("article: compared", [f"{path}?view=diff" for path in kept]),
        Ask("article: page view", [f"{path}?view=page" for path in kept]),
        Ask("article: its page in the frame", [f"{path}/page" for path in kept]),
    ]


def _outcome(size: int, rows: Sequence[tuple[Ask, Took, Took]], decided: Took) -> Outcome:
    figures = [
        Figure(f"{ask.name}, p95 with {size:,} in the queue", alone.p95, "ms", f"< {GOAL:g}", alone.p95 < GOAL,
               f"p50 {alone.p50:.1f} ms; {EDITORS} editors at once {together.p95:.0f} ms")
        for ask, alone, together in rows
    ]  # fmt: skip
    figures.append(Figure(
        f"decided, with the next article, p95 with {size:,} in the queue", decided.p95, "ms", f"< {GOAL:g}",
        decided.p95 < GOAL, f"p50 {decided.p50:.1f} ms",
    ))  # fmt: skip
    table = [
        (ask.name, str(len(ask.paths)), *(f"{time:.1f}" for took in (alone, together) for time in (took.p50, took.p95)))
        for ask, alone, together in rows
    ]
    header = ("asked", "times", "p50 ms", "p95", f"p50 of {EDITORS} at once", "p95")
    return Outcome(tuple(figures), (Sheet("Milliseconds until all of the answer is there", header, tuple(table)),))


def took(times: Sequence[float]) -> Took:
    """What so many milliseconds come to."""
    cuts = quantiles(times, n=100, method="inclusive")
    return Took(cuts[49], cuts[94], max(times))


def _waiting(stored: StoredArticle) -> StoredArticle:
    """The article in the queue: every third with something open about it, every twentieth with a duplicate."""
    number = int(stored.id[1:])
    concerns = (_CONCERNS[number // 3 % len(_CONCERNS)],) if number % 3 == 0 else ()
    queues: tuple[Queue, ...] = (Queue.NEW,)
    alike: tuple[str, ...] = ()
    if number % 20 == 0 and number:
        queues, concerns = (Queue.NEW, Queue.DUPLICATES), (*concerns, Concern.UNSURE_DUPLICATE)
        alike = (f"l{number - 1:07}",)
    sure = 0.4 if Concern.LOW_CONFIDENCE in concerns else stored.article.confidence
    article = replace(stored.article, confidence=sure)
    review = Review(queues=queues, concerns=concerns, alike=alike)
    return replace(stored, article=article, status=Status.WAITING, review=review)


def _keep_pages(store: Store) -> None:
    """Pages such as portals have: an article among menus, lists of other articles and a footer."""
    menu = "".join(f'<li><a href="/muc-{n}">Chuyên mục số {n}</a></li>' for n in range(80))
    others = "".join(f'<li><a href="/tin-{n}.html">Bài khác số {n} của trang này</a></li>' for n in range(40))
    for stored in store.articles.some([f"l{n:07}" for n in range(_PAGES)]):
        shown = stored.article
        html = (
            f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{shown.title}</title></head><body>'
            f'<ul class="menu">{menu}</ul><h1>{shown.title}</h1><div class="detail"><p><b>{shown.lead}</b></p>'
            f"{shown.html}<p>Lượt xem: 1.204</p></div><ul>{others}</ul><footer>Bản quyền thuộc về trang này</footer>"
            "</body></html>"
        )
        store.pages.keep(stored.id, shown.site, Page(shown.url, html.encode(), stored.fetched))


def main() -> int:
    parser = options("desk")
    parser.add_argument("--library", type=Path, metavar="DIR", help="keep the articles there for the next run")
    given = parser.parse_args()
    try:
        return finish("desk", measure(given.quick, given.library), given.json)
    except BantinError as error:
        return refuse(error)


if __name__ == "__main__":
    sys.exit(main())
