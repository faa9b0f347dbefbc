"""Articles whose pages are missing: which of them were removed, and are to be retracted."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crawler.outcomes import MISSING
from news.article import Status, StoredArticle
from news.cadence import credible, is_removed
from storage.connect import Store
from storage.urls import UrlRow, UrlState

log = logging.getLogger("bantin.crawler")


class Removals:
    """Gathers during a crawl what is missing and what is there, and settles it at the end.

    An article is retracted when its page was missing twice, far enough apart, and none of its other addresses shows it.
    If another one does, that is its address from now on.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._missing: dict[str, UrlRow] = {}
        self._there: set[str] = set()

    def note(self, row: UrlRow) -> None:
        """Hears what became of a URL. Other addresses of an article say nothing by themselves."""
        if not row.article_id or row.state is not UrlState.STORED:
            return
        if row.reason in MISSING and row.gone is not None:
            self._missing[row.key] = row
        elif row.reason is None:
            self._there.add(row.key)

    def settle(self, now: datetime) -> str:
        """Retracts what was removed; what an operator must know, or ""."""
        missing, there = self._stored(list(self._missing.values())), len(self._there)
        self._missing.clear()
        self._there.clear()
        removed = [(stored, row) for stored, row in missing if row.gone and is_removed(row.gone, now)]
        if not credible(len(removed), there):
            return (
                f"{len(removed)} known articles are gone and only {there} of those looked at are there: none is "
                "retracted. Look whether the site has new addresses."
            )
        for stored, row in removed:
            self._remove(stored, row, now)
        for stored, row in missing:
            if (stored, row) not in removed and row.next_check is not None:
                self._store.urls.look_again(_others(stored, row), row.next_check)
        return ""

    def _stored(self, rows: list[UrlRow]) -> list[tuple[StoredArticle, UrlRow]]:
        """The rows with their articles, where these can still be read here; what was retracted is no news."""
        by_id = {stored.id: stored for stored in self._store.articles.some([row.article_id for row in rows])}
        readable = (Status.PUBLISHED, Status.WAITING)
        return [
            (by_id[row.article_id], row)
            for row in rows
            if row.article_id in by_id and by_id[row.article_id].status in readable
        ]

    def _remove(self, stored: StoredArticle, row: UrlRow, now: datetime) -> None:
        assert row.gone is not None
        others = _addresses(self._store.urls.known(_others(stored, row)).values(), row.url)
        unseen = [other for other in others if other.gone is None and not _seen_since(other, row.gone)]
        alive = [other for other in others if other.gone is None and _seen_since(other, row.gone)]
        if alive:
            told = (stored.article.site, row.url, alive[0].url)
            log.info("%s: %s is missing; %s still shows it.", *told, extra={"url": row.url})
            self._move(stored, row, alive[0], now)
        elif unseen:
            self._store.urls.look_again([other.key for other in unseen], now)
        else:
            reason = f"{row.reason}: missing since {row.gone.isoformat(timespec='minutes')}"
            if self._store.journal.retract(stored.id, now, reason):
                told = (stored.article.site, row.url, stored.id)
                log.warning("%s: %s was removed; %s is retracted.", *told, extra={"url": row.url})

    def _move(self, stored: StoredArticle, gone: UrlRow, alive: UrlRow, now: datetime) -> None:
        """Makes the address that still shows an article the one where it is looked at again."""
        self._store.articles.move(stored.id, alive.key, alive.url)
        self._store.urls.record(
            [
                replace(gone, state=UrlState.DUPLICATE, next_check=None),
                replace(alive, state=UrlState.STORED, next_check=now),
            ]
        )


def _others(stored: StoredArticle, row: UrlRow) -> list[str]:
    return [key for key in stored.keys if key != row.key]


def _addresses(rows: Iterable[UrlRow], apart_from: str) -> list[UrlRow]:
    """One row an address: an address is known by several keys, where its site has parameters that are noise, and is
    looked at under one of them."""
    by_url: dict[str, UrlRow] = {}
    for row in rows:
        known = by_url.get(row.url)
        if row.url != apart_from and (known is None or (row.gone is not None and known.gone is None)):
            by_url[row.url] = row
    return list(by_url.values())


def _seen_since(row: UrlRow, moment: datetime) -> bool:
    return row.fetched is not None and row.fetched >= moment
