"""Everything that the store and the catalogue know of one URL, gathered: what `bantin why` and the console tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from news.article import Status, StoredArticle
from news.control import Standing
from news.event import Event
from news.refusals import Refusal, owner_of, refused
from news.report import RunReport
from news.site import Site
from news.story import standing
from news.urls import canonical, identity
from news.version import Version
from storage.connect import Store
from storage.urls import UrlRow, UrlState


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a URL. `keys` are those it may be known by; `site` is the one that owns it, else the one whose
    crawl met it; `article` the one it belongs to, `twin` the one that readers see in its place; `run` the newest of the
    site, `orders` what operators have ordered of it, and `next_run` when it is due, UTC, None where it is not."""

    url: str
    keys: tuple[str, ...]
    site: Site | None
    refusal: Refusal | None
    row: UrlRow | None
    article: StoredArticle | None
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    run: RunReport | None
    twin: str = ""
    orders: Standing | None = None
    next_run: datetime | None = None

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


def known(store: Store, sites: Mapping[str, Site], url: str) -> Known:
    """All of it, by the URL's identity; `sites` is the catalogue. Nothing is fetched. Raises InvalidValue for what is
    no URL."""
    address = canonical(url)
    site = owner_of(address, sites)
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
        site = sites.get(met_by)
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
        twin=_twin(store, article) if article else "",
        orders=store.standing.get(site.id) if site else None,
        next_run=store.jobs.next_run(site.id) if site else None,
    )


def keys_of(store: Store, url: str, site: Site | None) -> tuple[str, ...]:
    """The keys under which an address may be known, by the rules of its site and by what crawls have learnt of its
    parameters, its own first. Raises InvalidValue for what is no address."""
    if site is None:
        return (identity(url),)
    learnt = site.with_learned(store.site_state.lessons(site.id).noise)
    # A source is kept under its plain key, whatever the site's rules are.
    return tuple(dict.fromkeys((*learnt.identities(url), identity(url))))


def address_of(store: Store, named: str) -> str:
    """The address that a person means: that of the article of this id, else what was given."""
    article = None if "/" in named else store.articles.get(named)
    return article.article.url if article else named


def _twin(store: Store, article: StoredArticle) -> str:
    """The article that stands for a story in the lists of readers, where it is another one."""
    kept = store.stories.get(article.story)
    if kept is None or article.status is not Status.PUBLISHED:
        return ""
    shown = [other for other in store.articles.some(kept.members) if other.status is Status.PUBLISHED]
    first = standing(shown, kept.main) if shown else article
    return "" if first.id == article.id else first.id


def row_json(row: UrlRow) -> dict[str, Any]:
    """What is known of the address itself, in the names of docs/api.md."""
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
