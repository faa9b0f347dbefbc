"""Reading page by page while articles are stored, corrected, merged and retracted: nothing is missed or repeated."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from news.article import VIETNAM, Status, StoredArticle
from storage.connect import Store
from tests.web.conftest import FETCHED

Put = Callable[..., StoredArticle]
_EXAMPLES = itertools.count()
_MORNING = datetime(2026, 3, 1, 8, tzinfo=VIETNAM)
# What happens, to which article, and which other it concerns.
HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(["new", "correct", "merge", "split", "retract", "restore"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=8,
)


@dataclass
class Newsroom:
    """Articles of a section of their own, and what is done to them."""

    store: Store
    put: Put
    section: str
    touched: set[str] = field(default_factory=set)
    _ids: list[str] = field(default_factory=list)

    def new(self) -> None:
        number = len(self._ids)
        # Some came out at the same minute.
        when = _MORNING + timedelta(minutes=number // 2 * 7 % 30)
        site = ("soyte", "nhandan")[number % 2]
        self._ids.append(self.put(f"{self.section}-{number}", site=site, section=self.section, published=when).id)
        self.touched.add(self._ids[-1])

    def story(self, id: str) -> str:
        stored = self.store.articles.get(id)
        assert stored
        return stored.story

    def shown(self, each: bool) -> set[str]:
        """The articles that are published, or the stories that they tell."""
        published = [stored for stored in self.store.articles.some(self._ids) if stored.status is Status.PUBLISHED]
        return {stored.id if each else stored.story for stored in published}

    def happens(self, what: str, to: int, other: int) -> None:
        id, second = (self._ids[number % len(self._ids)] for number in (to, other))
        stored, beside = (self.store.articles.get(name) for name in (id, second))
        assert stored
        assert beside
        journal = self.store.journal
        together = {row.stored.id for row in self.store.articles.of_stories([stored.story, beside.story])}
        if what == "new":
            self.new()
        elif what == "correct":
            changed = replace(stored.article, title=f"{stored.article.title}, đính chính")
            new = replace(stored, article=changed, version=stored.version + 1)
            journal.update(new, stored, None, changed=["title"])
            self.touched.add(id)
        elif what == "merge" and stored.story != beside.story:
            journal.merge(stored.story, beside.story, FETCHED, by="lan")
            self.touched |= together
        elif what == "split" and len(self.store.articles.of_stories([stored.story])) > 1:
            journal.split(id, FETCHED, by="lan")
            self.touched |= together
        elif what in ("retract", "restore"):
            getattr(journal, what)(id, FETCHED, "as it is")
            self.touched |= together


def pages(client: httpx.Client, between: Callable[[], None], **query: Any) -> list[dict[str, Any]]:
    """All pages; something may happen after each."""
    found = []
    more: str | None = ""
    while more is not None:
        given = {**query, "cursor": more} if more else query
        page = client.get("/api/v1/articles", params={"limit": 2, "fields": "title", **given}).json()
        found.append(page)
        more = page["next"]
        between()
    return found


@settings(
    max_examples=12, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(before=HAPPENINGS, during=HAPPENINGS, sort=st.sampled_from(["published", "changed"]), each=st.booleans())
def test_what_nothing_happens_to_is_given_once_and_who_polls_has_all(
    client: httpx.Client, put: Put, store: Store, before: Any, during: Any, sort: str, each: bool
) -> None:
    room = Newsroom(store, put, f"muc{next(_EXAMPLES)}")
    for _ in range(7):
        room.new()
    for happening in before:
        room.happens(*happening)
    query = {"sort": sort, "section": room.section, "stories": "all" if each else "one"}
    there = [row["id"] for page in pages(client, lambda: None, **query) for row in page["articles"]]
    assert sorted(there if each else map(room.story, there)) == sorted(room.shown(each))
    seen = store.events.last()
    room.touched.clear()
    left = list(during)

    walk = pages(client, lambda: room.happens(*left.pop()) if left else None, **query)

    got = Counter(row["id"] for page in walk for row in page["articles"])
    assert {id: got[id] for id in there if id not in room.touched} == dict.fromkeys(set(there) - room.touched, 1)
    if sort == "changed":
        _poll(client, walk, seen, query)


def _poll(client: httpx.Client, walk: list[dict[str, Any]], seen: int, query: dict[str, Any]) -> None:
    """Who had it all and reads again what changed since ends with what is there, and with its last words."""
    held: dict[str, str] = {}
    for page in reversed(walk):
        held |= {row["id"]: row["title"] for row in reversed(page["articles"])}
    fresh = pages(client, lambda: None, **query)
    for page in fresh:
        for row in page["removed"]:
            if int(row["event"]) > seen:
                held.pop(row["id"], None)
    held |= {row["id"]: row["title"] for page in fresh for row in page["articles"] if int(row["event"]) > seen}

    assert held == {row["id"]: row["title"] for page in fresh for row in page["articles"]}
