"""Kept pages read again: what would change, the change itself, and the whole of a site whose rules have changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from news.article import Page, StoredArticle
from news.dedupe import Text, sketch
from news.renewal import Renewal, may_concern, renewed
from news.review.renewals import Counts, RenewalRequest
from news.site import Site
from storage.conflicts import AlreadyStored
from storage.connect import Store
from storage.pages import KeptPage
from storage.rules import RULES_LAST

REEXTRACT = "reextract"
"""Who changed an article that `bantin reextract` read again; of one that a taught rule changed it is `TEACH` and the
editor's name."""
TEACH = "teach:"

log = logging.getLogger("bantin.crawler")

# An article that is changed so often while its page is read is left to whoever changes it.
_TRIES = 5
_TELL_EVERY = 1.0  # seconds between two notes of how far it is
# The clocks of the machines that kept a page and that taught a rule may differ by so much.
_SKEW = timedelta(minutes=1)


def renewals(store: Store, sites: Callable[[StoredArticle], Site | None], site: str | None) -> Iterator[Renewal]:
    """Every article (of a site) whose page is kept, as the rules of its site, those of `sites`, read it now."""
    for article_id, page in store.pages.each(site):
        found = _together(store, article_id, page)
        if found is not None:
            yield renewed(*found, store.rules.taught(sites(found[0])))


def apply(renewal: Renewal, store: Store, by: str = REEXTRACT) -> bool:
    """Stores the new reading; False where a crawl changed the article meanwhile, whose page is newer than ours.

    The version that goes is kept. Done twice, or killed between and done again, it changes nothing more.
    """
    old = renewal.old
    if old.edit is not None:
        with suppress(AlreadyStored):
            store.journal.park(old, renewal.new, old.keys, old.fetched)
            return True
        return False
    for variant in renewal.variants:
        with suppress(AlreadyStored):
            picture = sketch(Text.of(variant.article))
            store.journal.update(variant, old, picture, changed=renewal.changed, by=by, at=datetime.now(UTC))
            return True
    return False


@dataclass
class SiteRenewal:
    """Carries out open requests of a site, as one: every kept page that their rules may concern is read by the rules
    of today, the page kept last first. Killed anywhere it goes on where it was; done again it changes nothing.

    `about` is told the id of each article before its page is looked at and "" after; pages of `skipped` are left out.
    """

    store: Store
    site: Site
    requests: list[RenewalRequest]
    about: Callable[[str], None]
    skipped: frozenset[str] = frozenset()
    counts: Counts = field(init=False)
    _told: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._ids = [request.id for request in self.requests]
        rules = (self.store.rules.get(request.rule) for request in self.requests)
        self._rules = [rule for rule in rules if rule is not None]
        self._taught = self.store.rules.taught(self.site)
        self._by = f"{TEACH}{self.requests[-1].by}"
        # What came to the others meanwhile begins at the beginning.
        positions = {request.position for request in self.requests}
        self._position = positions.pop() if len(positions) == 1 else None
        self.counts = self.requests[0].counts if self._position else Counts(total=self.store.pages.count(self.site.id))

    def carry_out(self) -> None:
        """Raises StorageUnavailable when MongoDB stays away."""
        for kept in self.store.pages.newest(self.site.id, before=self._position):
            before = self.counts
            self._take(kept)
            # What was written is noted at once: whoever goes on behind it cannot count it any more.
            written = self.counts != before
            self.counts = replace(self.counts, done=self.counts.done + 1)
            self._tell(kept.position, at_once=written)
        self._read_late_pages()
        self._tell(None, at_once=True)

    def _read_late_pages(self) -> None:
        """What a crawl that did not know of the rules yet has stored meanwhile is read again."""
        last = max(request.at for request in self.requests)
        if not self.store.site_state.is_free(self.site.id, datetime.now(UTC)):
            time.sleep(max(0.0, (last + RULES_LAST - datetime.now(UTC)).total_seconds()))
        since = min(request.at for request in self.requests) - _SKEW
        for kept in self.store.pages.newest(self.site.id):
            if kept.kept < since:
                break
            self._take(kept)

    def _take(self, kept: KeptPage) -> None:
        if kept.article_id in self.skipped or not self._concerned(kept):
            return
        for _ in range(_TRIES):
            found = _together(self.store, kept.article_id, kept.page)
            if found is None:
                return
            self.about(kept.article_id)
            renewal = renewed(*found, self._taught)
            self.about("")
            if renewal.lost:
                self.counts = replace(self.counts, lost=self.counts.lost + 1)
                return
            if not renewal.fields:
                return
            if apply(renewal, self.store, self._by):
                self._count(renewal)
                return
        log.warning("%s of %s is being changed again and again and was left as it is.", kept.article_id, self.site.id)

    def _concerned(self, kept: KeptPage) -> bool:
        self.about(kept.article_id)
        concerned = any(may_concern(rule, kept.page) for rule in self._rules)
        self.about("")
        return concerned

    def _count(self, renewal: Renewal) -> None:
        if renewal.old.edit is not None:
            self.counts = replace(self.counts, parked=self.counts.parked + bool(renewal.changed))
        else:
            self.counts = replace(self.counts, changed=self.counts.changed + bool(renewal.changed))

    def _tell(self, position: tuple[datetime, str] | None, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._told >= _TELL_EVERY:
            self._told = now
            self.store.renewals.progress(self._ids, self.counts, position)


def _together(store: Store, id: str, page: Page) -> tuple[StoredArticle, Page] | None:
    """The article as it is stored now with a page that is not older: a crawl may have replaced both since `page` was
    read, and keeps the page first."""
    stored = store.articles.get(id)
    if stored is None:
        return None
    newest = store.pages.get(id) if page.fetched < stored.fetched else page
    return stored, newest or page


def of_catalog(sites: Iterable[Site]) -> Callable[[StoredArticle], Site | None]:
    """The site of a stored article: that under which it was taken in, else the one whose host it has."""
    by_id = {site.id: site for site in sites}

    def find(stored: StoredArticle) -> Site | None:
        known = by_id.get(stored.article.site)
        return known or next((site for site in by_id.values() if site.owns(stored.article.url)), None)

    return find
