"""Everything that the store and the catalogue know of one URL, gathered and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cli.lookup import keys_of
from cli.output import stated, when
from cli.refusals import Refusal, refused
from news.article import StoredArticle, Via
from news.event import CRAWL, Event
from news.report import RunReport
from news.site import Site
from news.urls import canonical, identity
from news.version import Version
from spiders.catalog import Catalog
from storage.connect import Store
from storage.urls import UrlRow, UrlState

_VIA = {
    Via.FEED: "in the feed",
    Via.SITEMAP: "in the sitemap",
    Via.LISTING: "in a listing",
    Via.REVISIT: "at a visit",
    Via.IMPORT: "by an import",
    Via.REQUEST: "because somebody asked for it",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a URL. `keys` are those it may be known by; `site` is the one that owns it, else the one whose
    crawl met it; `article` the one it belongs to; `run` the newest of the site."""

    url: str
    keys: tuple[str, ...]
    site: Site | None
    refusal: Refusal | None
    row: UrlRow | None
    article: StoredArticle | None
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    run: RunReport | None

    @property
    def met(self) -> bool:
        return self.row is not None or self.article is not None

    @property
    def own(self) -> bool:
        """Whether it is the address under which its article is visited again."""
        return self.article is not None and self.article.keys[0] in self.keys

    @property
    def is_source(self) -> bool:
        return (self.row is not None and self.row.state is UrlState.SOURCE) or (
            self.site is not None and any(identity(source.url) in self.keys for source in self.site.sources)
        )

    def to_json(self) -> dict[str, Any]:
        """The names of docs/api.md."""
        stored = self.article
        return {
            "url": self.url,
            "key": self.row.key if self.row else self.keys[0],
            "site": self.site and self.site.id,
            "refusal": self.refusal and {"reason": str(self.refusal.reason), "because": self.refusal.because},
            "seen": self.row and _row_json(self.row),
            "article": stored
            and {
                "id": stored.id,
                "url": stored.article.url,
                "own": self.own,
                "title": stored.article.title,
                "status": str(stored.status),
                "version": stored.version,
                "story": stored.story,
                "related": [related._asdict() for related in stored.related],
            },
            "versions": [
                {"version": old.stored.version, "ended": old.ended.isoformat(), "by": old.by, "changed": [*old.changed]}
                for old in self.versions
            ],
            "events": [event.to_json() for event in self.events],
            "run": self.run and self.run.to_json(),
            "advice": [] if self.met or self.is_source else list(_missing(self)),
        }


def known(store: Store, catalog: Catalog, url: str) -> Known:
    """All of it, by the URL's identity. Raises InvalidValue for what is no URL."""
    address = canonical(url)
    site = catalog.for_url(address)
    if site is not None:
        address = site.canonical(url)
    keys = keys_of(store, url, site)
    rows = store.urls.known(keys)
    row = next((rows[key] for key in keys if key in rows), None)
    article = next((found for key in keys if (found := store.articles.by_url(key))), None)
    if article is None and row is not None and row.article_id:
        article = store.articles.get(row.article_id)
    if site is None:
        met_by = row.site if row else article.article.site if article else ""
        site = catalog.sites.get(met_by)
    return Known(
        url=address,
        keys=keys,
        site=site,
        refusal=refused(address, site),
        row=row,
        article=article,
        versions=tuple(store.versions.of(article.id)) if article else (),
        events=tuple(store.events.of(article.id)) if article else (),
        run=next(iter(store.runs.find(site.id, limit=1)), None) if site else None,
    )


def told(known: Known, now: datetime) -> Iterator[str]:
    """The story of a URL, line by line; an empty line stands between its chapters."""
    yield known.url
    if known.row is not None and known.row.url != known.url:
        yield f"It is the same as {known.row.url}."
    yield from _whose(known)
    yield ""
    if known.is_source:
        yield "It is a source of its site, where articles are announced, and no article."
    if known.row is not None:
        yield from _met(known.row, now)
    elif known.article is not None:
        yield "nobody has fetched it: an article's page names it as its own address"
    elif not known.is_source:
        yield "Nobody has met it: no source that was read announced it, and nobody imported it."
        yield from _missing(known)
    if known.article is not None:
        yield ""
        yield from _article(known, known.article)


def _whose(known: Known) -> Iterator[str]:
    site = known.site
    if site is None:
        host = urlsplit(known.url).netloc
        yield f"It belongs to no site: no site file has the host {host}."
        if known.refusal:
            yield f"An import leaves it out: {known.refusal.reason}, {known.refusal.because}."
        return
    yield f"It belongs to {site.id} ({site.name})."
    if not site.verified:
        yield "The site is not verified: it is crawled only when somebody says so."
    if known.refusal and not known.is_source:
        yield f"A crawl does not take it for an article: {known.refusal.reason}, {known.refusal.because}."
    elif not known.is_source:
        yield "Nothing in its site file refuses it."
    run = known.run
    if run is None:
        yield "The site was never crawled."
    else:
        counts = ", ".join(f"{getattr(run, name)} {name}" for name in ("pages", "new", "updated", "rejected"))
        yield f"The site was crawled last {when(run.started)}: {run.state}, {counts}{': ' * bool(run.error)}{run.error}"


def _met(row: UrlRow, now: datetime) -> Iterator[str]:
    announced = f" {_VIA[row.via]}" if row.via else ""
    title = f", as “{row.title}”" if row.title and row.fetched is None else ""
    yield f"found {when(row.found)}{announced}{title}"
    yield _judged(row)
    if row.attempts:
        yield f"gave nothing {row.attempts} time{'s' if row.attempts > 1 else ''} in a row"
    if row.gone is not None:
        yield f"missing since {when(row.gone)}"
    validators = [
        f"ETag {row.etag}" if row.etag else "",
        f"Last-Modified {row.last_modified}" * bool(row.last_modified),
    ]
    if any(validators):
        yield f"its server calls what it sent {' and '.join(filter(None, validators))}"
    if row.modified is not None:
        yield f"its source says that it was changed {when(row.modified)}"
    yield from _next(row, now)


def _judged(row: UrlRow) -> str:
    if row.state is UrlState.FOUND:
        return "not fetched yet: the next crawl of the site does"
    reason = str(row.reason or "")
    # The digest of a source, for servers that never answer 304, says nothing to a person.
    detail = "" if row.state is UrlState.SOURCE and not reason else row.detail
    what = ": ".join(part for part in (str(row.state), "" if reason in detail else reason, detail) if part)
    return f"fetched {when(row.fetched)}: {what}" if row.fetched else f"passed over: {what}"


def _next(row: UrlRow, now: datetime) -> Iterator[str]:
    if row.state is UrlState.FOUND or row.state is UrlState.SOURCE:
        return
    if row.next_check is None:
        yield "not looked at again, unless its source says that it was changed"
    elif row.next_check <= now:
        yield f"to be looked at again since {when(row.next_check)}: the next crawl of the site does"
    else:
        yield f"to be looked at again {when(row.next_check)}"


def _missing(known: Known) -> Iterator[str]:
    """What would have to happen for a URL that nobody has met."""
    site = known.site
    if site is None:
        yield "To have its site crawled, write a site file with its host: docs/adding-a-site.md says how."
        yield "To have this page alone, save it and bring it in with `bantin import`."
    elif known.refusal:
        yield f"No crawl fetches it unless spiders/sites/{site.id}.toml is changed."
    elif not site.sources:
        yield f"No source could announce it: give spiders/sites/{site.id}.toml a [[source]]."
    else:
        sources = ", ".join(f"the {source.kind} {source.url}" for source in site.sources)
        yield f"One of its site's sources has to announce it: {sources}."
        yield f"`bantin crawl {site.id}` asks them now."
    yield "`bantin dedupe check` says what the page would be judged as."


def _article(known: Known, stored: StoredArticle) -> Iterator[str]:
    article = stored.article
    yield f"It leads to the article {stored.id}: {article.title}"
    if known.own:
        others = f"; it has {len(stored.aliases)} more" if stored.aliases else ""
        spelt = f", which is spelt {article.url}" if article.url != known.url else ""
        yield f"this is the article's own address{spelt}{others}"
    else:
        yield f"this is another address of the article, whose own is {article.url}"
    yield f"of {article.site}, {stated(article)}; {stored.status}, version {stored.version}, story {stored.story}"
    if stored.edit is not None:
        waiting = ", and what its publisher wrote since waits" if stored.edit.waiting else ""
        yield f"edited by {stored.edit.by} {when(stored.edit.at)}{waiting}"
    for other in stored.related:
        yield f"beside {other.article_id}: {other.relation}, {other.contained:.2f} of the shorter text is in both"
    for old in known.versions:
        changed = ", ".join(old.changed) or "its text"
        yield f"version {old.stored.version} stood until {when(old.ended)}: {_by(old.by)} changed {changed}"
    for event in known.events:
        detail = f": {event.detail}" if event.detail else ""
        yield f"event {event.cursor} {when(event.at)}: {event.kind} by {_by(event.by)}{detail}"


def _by(name: str) -> str:
    return "a crawl" if name == CRAWL else name


def _row_json(row: UrlRow) -> dict[str, Any]:
    times = {name: getattr(row, name) for name in ("found", "fetched", "modified", "next_check", "gone")}
    return {
        "url": row.url,
        "site": row.site,
        "state": str(row.state),
        "reason": row.reason and str(row.reason),
        "detail": row.detail,
        "via": row.via and str(row.via),
        "title": row.title,
        **{name: moment and moment.isoformat() for name, moment in times.items()},
        "etag": row.etag,
        "last_modified": row.last_modified,
        "attempts": row.attempts,
    }
