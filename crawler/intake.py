"""The pipeline of a page, in its one order: extract and clean, look up what is known, judge, find what is alike and
place it in its story, keep the page, write.

A crawl, an import of saved pages and a new extraction all go through `Intake.take`, so that what a preview shows is
what a run stores. Killed anywhere and run again it loses nothing and stores nothing twice: the page is kept before the
article that it belongs to, the article (with its story and its event, in one transaction) before the row of its URL,
and unique indexes refuse a second copy.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crawler.neighbours import neighbours, placed
from crawler.outcomes import settled
from crawler.removals import Removals
from news.article import Article, Decision, Page, Status, StoredArticle, Verdict
from news.cadence import next_visit
from news.dedupe import (
    Neighbour,
    Text,
    article_id,
    best_url,
    changes,
    fingerprint,
    judge,
    keys,
    renamed,
    story_id,
)
from news.dedupe import sketch as sketch_of
from news.errors import BantinError, Reason
from news.event import CRAWL, EventKind
from news.policy import first_status
from news.reading import read, site_name
from news.review.triage import USUAL, Beside, review_after, review_of, unsure, usual_body
from news.site import PublishPolicy, Site
from news.urls import identity
from storage.conflicts import AlreadyStored
from storage.connect import Store
from storage.journal import Place
from storage.rules import RULES_LAST
from storage.urls import UrlRow, UrlState

# Rows of `urls` are written in batches; what a kill takes of them is fetched again and found unchanged.
BATCH = 20
# Two writers that meet over one article decide anew. Of so many crawls that bring one text at one moment, each but the
# first may have to for every one before it; more often than this means that something else is wrong.
_TRIES = 100
_RULES_FOR = RULES_LAST.total_seconds() / 5
_STATES = {
    Decision.NEW: UrlState.STORED,
    Decision.UPDATED: UrlState.STORED,
    Decision.UNCHANGED: UrlState.STORED,
    Decision.DUPLICATE: UrlState.DUPLICATE,
    Decision.REJECTED: UrlState.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page. `article` is what extraction gave, also where it was rejected; `detail` says why; `story`
    is the stored article's, `near` what it was found to have to do with."""

    decision: Decision
    reason: Reason | None
    article_id: str
    article: Article
    detail: str
    story: str = ""
    near: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page and what is known by it: `keys` that are free or the article's own, `seen` the newest event before the
    store was asked."""

    article: Article
    page: Page
    rules: Site | None
    fingerprint: str
    keys: tuple[str, ...]
    seen: int


class Intake:
    """Takes pages in. Not thread-safe: a crawl has one worker for it. Call `flush` at the end.

    A new article that was published before `since` is left out; one that is stored already is judged as ever.
    """

    def __init__(self, store: Store, *, dry_run: bool = False, since: datetime | None = None, by: str = CRAWL) -> None:
        self._store = store
        self._dry_run = dry_run
        self._since = since
        self._by = by
        self._rows: list[UrlRow] = []
        self._others: list[UrlRow] = []
        self._taught = _Taught(store)
        self._bodies: dict[str, str] = {}
        self.removals = Removals(store)

    def take(self, page: Page, site: Site | None) -> Outcome:
        """Everything that happens to a fetched page. Raises StorageUnavailable when MongoDB stays away."""
        name = site_name(page, site)
        try:
            article = read(page, self._taught(site))
        except Exception as error:  # one page that breaks the rules must not end the crawl of a site
            return self._refused(page, name, Reason.FAILED, f"{type(error).__name__}: {error}"[:300])
        if article.reason is not None:
            return self._refused(page, name, _sent_home(article.reason, page), "", article)
        for _ in range(_TRIES):
            try:
                outcome = self._decide(article, page, name, site)
            except AlreadyStored:
                continue
            self._note(page, name, outcome, site)
            return outcome
        raise BantinError(
            f"{page.url} of site {name} could not be stored: other writers changed its article {_TRIES} times.",
            "Look for a second Bantin that crawls the same site, and run the crawl again.",
        )

    def refuse(self, page: Page, site: Site | None, reason: Reason) -> Outcome:
        """Notes a page that is not taken in for what its address says."""
        return self._refused(page, site_name(page, site), reason, "")

    def flush(self) -> None:
        """Writes the rows that are waiting, each with the time when its URL is to be looked at again."""
        rows, self._rows = self._rows, []
        others, self._others = self._others, []
        if not rows or self._dry_run:
            return
        known = self._store.urls.known([row.key for row in rows])
        now = datetime.now(UTC)
        final = [settled(row, known.get(row.key), now) for row in rows]
        self._store.urls.record(final)
        self._store.urls.found(others)
        for row in final:
            self.removals.note(row)

    def _decide(self, article: Article, page: Page, site: str, rules: Site | None) -> Outcome:
        seen = self._store.events.last()
        known_as, print_ = keys(page, article, rules), fingerprint(article)
        known = self._store.articles.known(known_as, print_)
        verdict = judge(article, known_as, print_, known, fetched=page.fetched)
        led_to = next((other for other in known if identity(page.url) in other.keys), None)
        if led_to is not None and any(known_as[0] in other.keys for other in known if other is not led_to):
            detail = f"its address leads to {led_to.id} now"
            return Outcome(Decision.REJECTED, Reason.SOFT_404, "", article, detail)
        # An address that belongs to another article stays with it, whatever this page declares.
        taken = {key for other in known if other.id != verdict.article_id for key in other.keys}
        free = tuple(key for key in known_as if key not in taken)
        reading = _Reading(article, page, rules, print_, free, seen)
        if verdict.decision is Decision.NEW:
            return self._new(reading, site, [other for other in known if other.fingerprint == print_])
        old = next(other for other in known if other.id == verdict.article_id)
        if not self._dry_run:
            self._meet_again(reading, old, verdict, known)
        return Outcome(verdict.decision, None, old.id, article, verdict.reason, old.story)

    def _new(self, reading: _Reading, site: str, copies: list[StoredArticle]) -> Outcome:
        article = reading.article
        if self._since and article.published and article.published < self._since:
            detail = f"published {article.published.isoformat()}"
            return Outcome(Decision.REJECTED, Reason.TOO_OLD, "", article, detail)
        # By the address that the page calls its own: the same whichever of its addresses was met first.
        own = identity(best_url(reading.page, article, reading.rules))
        id = article_id(own if own in reading.keys else reading.keys[0])
        near, place = self._place(reading, id, story_id(id), copies)
        same = renamed(article, near)
        if same is not None:
            old = self._store.articles.get(same.article_id)
            assert old is not None
            if not self._dry_run:
                self._alias(reading, old)
            return Outcome(same.decision, None, old.id, article, same.reason, old.story, tuple(near))
        placement = place.placement
        if not self._dry_run:
            self._insert(reading, id, site, place, self._beside(site, near, page=reading.page))
        reason = placement.reason or "neither its address nor its text is known"
        return Outcome(Decision.NEW, None, id, article, reason, placement.story, tuple(near))

    def _place(
        self, reading: _Reading, id: str, own: str, copies: list[StoredArticle]
    ) -> tuple[list[Neighbour], Place]:
        """What is stored that is alike, and the story to which the article belongs."""
        sketch = sketch_of(Text.of(reading.article))
        near = neighbours(self._store, reading.article, sketch, reading.page.fetched, copies, id)
        met = frozenset(other.article_id for other in near)
        return near, Place(placed(self._store, own, near), sketch, reading.seen, met)

    def _beside(self, site: str, near: Sequence[Neighbour], page: Page | None = None) -> Beside:
        """What triage has to know beside an article; `page` of one that is new."""
        if site not in self._bodies:
            self._bodies[site] = usual_body(self._store.tallies.bodies(site, USUAL))
        # Who asks for what is old is given what is old.
        lead = page.lead if page and self._since is None else None
        return Beside(self._bodies[site], unsure(near), lead)

    def _insert(self, reading: _Reading, id: str, site: str, place: Place, beside: Beside) -> None:
        page = reading.page
        url = best_url(page, reading.article, reading.rules)
        policy = reading.rules.publish if reading.rules else PublishPolicy.CONFIDENT
        stored = StoredArticle(
            id=id,
            article=replace(reading.article, url=url),
            keys=reading.keys,
            aliases=tuple(other for other in _addresses(page) if identity(other) != identity(url)),
            fingerprint=reading.fingerprint,
            story=place.placement.story,
            status=first_status(policy, reading.article.confidence),
            version=1,
            first_seen=page.fetched,
            fetched=page.fetched,
            related=place.placement.related,
        )
        self._store.pages.keep(id, site, page)
        self._store.journal.create(replace(stored, review=review_of(stored, beside)), place, by=self._by)

    def _meet_again(self, reading: _Reading, old: StoredArticle, verdict: Verdict, known: list[StoredArticle]) -> None:
        """Writes what a page of a stored article brings: another address, other words, or that it is back."""
        if verdict.decision is Decision.UPDATED:
            others = [other for other in known if other.id != old.id and other.fingerprint == reading.fingerprint]
            self._update(reading, old, others)
        else:
            self._alias(reading, old)
        if old.status is Status.RETRACTED and verdict.decision is not Decision.DUPLICATE:
            self._restore(old, reading.page)

    def _update(self, reading: _Reading, old: StoredArticle, others: list[StoredArticle]) -> None:
        article, page = replace(reading.article, url=old.article.url), reading.page
        known_as = tuple(dict.fromkeys((*old.keys, *reading.keys)))
        self._store.pages.keep(old.id, old.article.site, page)
        if old.edit is not None:
            self._store.journal.park(old, article, known_as, page.fetched)
            return
        near, place = self._alone(reading, old, others)
        # Its text may have become that of another article of its site, and both are kept until somebody merges them.
        taken = any(other.article.site == old.article.site for other in others)
        new = replace(
            old,
            article=article,
            keys=known_as,
            fingerprint=f"{reading.fingerprint}:{old.id}" if taken else reading.fingerprint,
            version=old.version + 1,
            fetched=page.fetched,
            related=place.placement.related if place else old.related,
        )
        new = replace(new, review=review_after(old, new, self._beside(old.article.site, near)))
        sketch = place.sketch if place else sketch_of(Text.of(article))
        changed = changes(article, old.article, fetched=(page.fetched, old.fetched))
        self._store.journal.update(new, old, sketch, changed=changed, by=self._by, place=place)

    def _alone(
        self, reading: _Reading, old: StoredArticle, others: list[StoredArticle]
    ) -> tuple[list[Neighbour], Place | None]:
        """What an article that stood alone is like by its new text, and its place; None for one that is in a story with
        others."""
        story = self._store.stories.get(old.story)
        if story is not None and len(story.members) > 1:
            return [], None
        return self._place(reading, old.id, old.story, others)

    def _restore(self, old: StoredArticle, page: Page) -> None:
        """Gives an article back that is to be read again at its source, unless it was an editor who took it, or the
        page is one from before."""
        last = self._store.events.newest(old.id, EventKind.RETRACTED)
        if last is None or (last.by == CRAWL and page.fetched > last.at):
            self._store.journal.restore(old.id, page.fetched, "its page is there again", by=self._by)

    def _alias(self, reading: _Reading, old: StoredArticle) -> None:
        fresh = [key for key in reading.keys if key not in old.keys]
        known = {identity(url) for url in (old.article.url, *old.aliases)}
        addresses = [url for url in _addresses(reading.page) if identity(url) not in known]
        if fresh or addresses:
            self._store.articles.add_aliases(old.id, fresh, addresses, reading.page.fetched)

    def _refused(self, page: Page, site: str, reason: Reason, detail: str, article: Article | None = None) -> Outcome:
        article = article or Article(page.url, site, reason=reason)
        outcome = Outcome(Decision.REJECTED, reason, "", article, detail or f"{article.kind}: {reason}")
        self._note(page, site, outcome)
        return outcome

    def _note(self, page: Page, site: str, outcome: Outcome, rules: Site | None = None) -> None:
        state = _STATES[outcome.decision]
        if outcome.reason is not None and outcome.reason.temporary:
            state = UrlState.FAILED
        asked = page.requested or page.url
        # What an address that is no more, or cannot be had now, leads to has nothing to say about itself.
        elsewhere = outcome.reason in (Reason.SOFT_404, Reason.MAINTENANCE)
        met = (asked,) if elsewhere else (page.url, asked)
        spellings = {url: rules.identities(url) if rules else (identity(url),) for url in met}
        urls = {keys[0]: url for url, keys in spellings.items()}
        rows = [
            UrlRow(
                key=key,
                url=url,
                site=site,
                found=page.fetched,
                # Where a redirect ends is another address of what was asked for; one of the two is visited again.
                state=UrlState.DUPLICATE if state is UrlState.STORED and url != asked else state,
                reason=outcome.reason,
                article_id=outcome.article_id,
                etag=page.etag,
                last_modified=page.last_modified,
                fetched=page.fetched,
                modified=page.lead.modified if page.lead else None,
                via=page.lead.via if page.lead else None,
                # Corrections seldom come alone: whatever the article's age, it is looked at again soon.
                next_check=next_visit(page.fetched, page.fetched) if outcome.decision is Decision.UPDATED else None,
                published=outcome.article.published or (page.lead.published if page.lead else None),
                title=outcome.article.title or (page.lead.title if page.lead else ""),
                detail=outcome.detail,
            )
            for key, url in urls.items()
        ]
        self._rows += rows
        if outcome.article_id:  # known next time by the address without its noise, if that is none of its own
            for row in rows:
                others = (key for key in spellings[row.url][1:] if key not in urls)
                self._others += [replace(row, key=key, state=UrlState.DUPLICATE) for key in others]
        if len(self._rows) >= BATCH:
            self.flush()


class _Taught:
    """Sites with the rules that editors taught them, asked for again while a crawl lasts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._site: Site | None = None
        self._known: Site | None = None
        self._asked = -math.inf

    def __call__(self, site: Site | None) -> Site | None:
        now = time.monotonic()
        if site is not self._site or now - self._asked > _RULES_FOR:
            self._site, self._known, self._asked = site, self._store.rules.taught(site), now
        return self._known


def _addresses(page: Page) -> list[str]:
    """Where a page was asked for and where that led."""
    return list(dict.fromkeys((page.requested or page.url, page.url)))


def _sent_home(reason: Reason, page: Page) -> Reason:
    """A page that answers with the home page in its place is missing, and says so as politely as a soft 404 does."""
    sent = urlsplit(page.url).path in ("", "/") and urlsplit(page.requested or page.url).path not in ("", "/")
    return Reason.SOFT_404 if sent and not reason.temporary else reason
