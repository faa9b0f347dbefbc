"""What a site's own addresses teach: which of their parameters are noise. Looked at at the start of every crawl."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from news.dedupe.parameters import deciding, noise
from news.errors import InvalidValue
from news.site import Site
from storage.connect import Store
from storage.site_state import Lessons
from storage.urls import UrlRow, UrlState

log = logging.getLogger("bantin.crawler")

# Of so many addresses, the latest. A site of 50 articles a day under two addresses each fills them in ten days; to read
# and judge them takes a quarter of a second, in which nothing is fetched yet.
LOOK_BACK = 1000


def learned_site(store: Store, site: Site, *, dry_run: bool = False) -> Site:
    """The site with the parameters that its stored addresses show to be noise, which are logged.

    The articles of those addresses are made known without the noise, so that the crawl does not fetch them once more.
    Raises StorageUnavailable when MongoDB stays away.
    """
    known = store.urls.with_queries(site.id, LOOK_BACK)
    before = store.site_state.lessons(site.id)
    # Kept, because what is learnt is no longer seen: addresses that differ only in noise are not fetched any more.
    proved = before.deciding | deciding(known)
    lessons = Lessons((before.noise | noise(known)) - proved, proved)
    learned = site.with_learned(lessons.noise)
    if learned.urls.learned:
        log.info("%s: parameters learnt to be noise: %s", site.id, ", ".join(sorted(learned.urls.learned)))
    if not dry_run:
        if lessons != before:
            store.site_state.set_lessons(site.id, lessons)
        store.urls.found(_unwritten(store, learned, known))
    return learned


def _unwritten(store: Store, site: Site, known: list[tuple[str, str]]) -> list[UrlRow]:
    """Rows for the addresses without noise that have none. They count as found now: what is behind them was not
    looked for under these names before."""
    now = datetime.now(UTC)
    rows: dict[str, UrlRow] = {}
    for url, article in known:
        try:
            others = site.identities(url)[1:]
        except InvalidValue:
            continue
        for key in others:
            row = UrlRow(
                key=key, url=url, site=site.id, found=now, fetched=now, state=UrlState.DUPLICATE, article_id=article
            )
            rows.setdefault(key, row)
    there = store.urls.known(list(rows)) if rows else {}
    return [row for key, row in rows.items() if key not in there]
