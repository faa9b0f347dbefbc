"""The pipeline of a page, in its one order: extract and clean, look up what is known, judge, keep the page, write.

A crawl, an import of saved pages and a new extraction all go through `Intake.take`, so that what a preview shows is
what a run stores. Killed anywhere and run again it loses nothing and stores nothing twice: the page is kept before the
article that it belongs to, the article before the row of its URL, and unique indexes refuse a second copy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from news.article import Article, Decision, Page, Precision, Status, StoredArticle, Verdict
from news.cadence import next_retry, next_visit
from news.dedupe import article_id, fingerprint, judge, keys, story_id
from news.errors import BantinError, Reason
from news.extract import extract
from news.site import Site
from news.urls import identity
from storage.articles import AlreadyStored
from storage.connect import Store
from storage.urls import UrlRow, UrlState

# Rows of `urls` are written in batches; what a kill takes of them is fetched again and found unchanged.
BATCH = 20
# Two writers that meet over one article decide anew; more often than this means that something else is wrong.
_TRIES = 5
_STATES = {
    Decision.NEW: UrlState.STORED,
    Decision.UPDATED: UrlState.STORED,
    Decision.UNCHANGED: UrlState.STORED,
    Decision.DUPLICATE: UrlState.DUPLICATE,
    Decision.REJECTED: UrlState.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page. `article` is what extraction gave, also where it was rejected; `detail` says why."""

    decision: Decision
    reason: Reason | None
    article_id: str
    article: Article
    detail: str


class Intake:
    """Takes pages in. Not thread-safe: a crawl has one worker for it. Call `flush` at the end.

    A new article that was published before `since` is left out; one that is stored already is judged as ever.
    """

    def __init__(self, store: Store, *, dry_run: bool = False, since: datetime | None = None) -> None:
        self._store = store
        self._dry_run = dry_run
        self._since = since
        self._rows: list[UrlRow] = []
        self._others: list[UrlRow] = []

    def take(self, page: Page, site: Site | None) -> Outcome:
        """Everything that happens to a fetched page. Raises StorageUnavailable when MongoDB stays away."""
        name = _site_name(page, site)
        try:
            article = read(page, site)
        except Exception as error:  # one page that breaks the rules must not end the crawl of a site
            return self._refused(page, name, Reason.FAILED, f"{type(error).__name__}: {error}"[:300])
        if article.reason is not None:
            return self._refused(page, name, article.reason, "", article)
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
        return self._refused(page, _site_name(page, site), reason, "")

    def flush(self) -> None:
        """Writes the rows that are waiting, each with the time when its URL is to be looked at again."""
        rows, self._rows = self._rows, []
        others, self._others = self._others, []
        if not rows or self._dry_run:
            return
        known = self._store.urls.known([row.key for row in rows])
        now = datetime.now(UTC)
        self._store.urls.record([_scheduled(row, known.get(row.key), now) for row in rows])
        self._store.urls.found(others)

    def _decide(self, article: Article, page: Page, site: str, rules: Site | None = None) -> Outcome:
        known_as = keys(page, article, rules)
        print_ = fingerprint(article)
        known = self._store.articles.known(known_as, site, print_)
        verdict = judge(article, known_as, print_, known)
        by_id = {other.id: other for other in known}
        if verdict.decision is Decision.NEW and self._since and article.published and article.published < self._since:
            detail = f"published {article.published.isoformat()}"
            return Outcome(Decision.REJECTED, Reason.TOO_OLD, "", article, detail)
        if not self._dry_run:
            if verdict.decision is Decision.NEW:
                verdict = self._insert(article, page, site, known_as, print_, verdict)
            elif verdict.decision is Decision.UPDATED:
                self._update(article, page, by_id[verdict.article_id], known_as, _free(print_, verdict, known))
            else:
                self._alias(page, by_id[verdict.article_id], known_as)
        return Outcome(verdict.decision, None, verdict.article_id, article, verdict.reason)

    def _insert(
        self, article: Article, page: Page, site: str, known_as: tuple[str, ...], print_: str, verdict: Verdict
    ) -> Verdict:
        stored = StoredArticle(
            id=article_id(known_as[0]),
            article=article,
            keys=known_as,
            aliases=(),
            fingerprint=print_,
            story=story_id(print_),
            status=Status.PUBLISHED,
            version=1,
            first_seen=page.fetched,
            fetched=page.fetched,
        )
        self._store.pages.keep(stored.id, site, page)
        self._store.articles.insert(stored)
        return replace(verdict, article_id=stored.id)

    def _update(self, article: Article, page: Page, old: StoredArticle, known_as: tuple[str, ...], print_: str) -> None:
        new = replace(
            old,
            article=replace(article, url=old.article.url),
            keys=tuple(dict.fromkeys((*old.keys, *known_as))),
            fingerprint=print_,
            version=old.version + 1,
            fetched=page.fetched,
        )
        self._store.versions.keep(old, page.fetched)
        self._store.pages.keep(old.id, old.article.site, page)
        if not self._store.articles.replace(new, expected_version=old.version):
            raise AlreadyStored(f"{old.id} was changed by somebody else")

    def _alias(self, page: Page, old: StoredArticle, known_as: tuple[str, ...]) -> None:
        fresh = [key for key in known_as if key not in old.keys]
        asked = page.requested or page.url
        known = {identity(url) for url in (old.article.url, *old.aliases)}
        addresses = [url for url in dict.fromkeys((asked, page.url)) if identity(url) not in known]
        if fresh or addresses:
            self._store.articles.add_aliases(old.id, fresh, addresses, page.fetched)

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
        spellings = {url: rules.identities(url) if rules else (identity(url),) for url in (page.url, asked)}
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


def _scheduled(row: UrlRow, before: UrlRow | None, now: datetime) -> UrlRow:
    """The row with its next visit: what failed is tried again at doubling distances, what is stored is seen again at
    growing ones from the day it was found. Other addresses of an article and what was refused for good are left."""
    if row.state is UrlState.FAILED:
        attempts = before.attempts if before and before.state is UrlState.FAILED else 0
        return replace(row, next_check=next_retry(attempts, now))
    if row.state is UrlState.STORED:
        return replace(row, next_check=next_visit(before.found if before else row.found, now))
    return row


def read(page: Page, site: Site | None) -> Article:
    """What extraction gives of a page, with what only the page's announcement knew."""
    article = extract(page.body, page.url, site=site, content_type=page.content_type)
    return _completed(replace(article, site=_site_name(page, site)), page)


def _site_name(page: Page, site: Site | None) -> str:
    return site.id if site else (urlsplit(page.url).hostname or "unknown")


def _completed(article: Article, page: Page) -> Article:
    """The article with what only the page's announcement knew: a date where the page shows none, and the section."""
    lead = page.lead
    if lead is None or article.reason is not None:
        return article
    evidence = dict(article.evidence)
    changed: dict[str, object] = {}
    if article.published is None and lead.published is not None:
        changed["published"], evidence["published"] = lead.published, str(lead.via)
        changed["published_precision"] = Precision.MINUTE
    if not article.section and lead.section:
        changed["section"], evidence["section"] = lead.section, str(lead.via)
    return replace(article, **changed, evidence=evidence) if changed else article  # type: ignore[arg-type]


def _free(print_: str, verdict: Verdict, known: list[StoredArticle]) -> str:
    """The fingerprint an updated article may take: its text may have become that of another stored article, and both
    must be kept until somebody merges them."""
    taken = any(other.fingerprint == print_ and other.id != verdict.article_id for other in known)
    return f"{print_}:{verdict.article_id}" if taken else print_
