"""The story of a URL (storage.biography), step by step from its site to its readers, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from news.article import VIETNAM, Precision, Status, StoredArticle
from news.event import CRAWL
from news.language import Language
from news.refusals import Refusal, Rule
from news.report import RunState
from news.site import Site
from news.telling import Chapter, Parts, Said, Step, tell
from storage.biography import Known, row_json
from storage.urls import UrlRow, UrlState

_BECAUSE = {
    Rule.HOSTS: Said.BY_HOSTS,
    Rule.VIEW: Said.BY_VIEW,
    Rule.DENY: Said.BY_DENY,
    Rule.TRAP: Said.BY_TRAP,
    Rule.FORM: Said.BY_FORM,
}


_NOTHING = (UrlState.REJECTED, UrlState.FAILED, UrlState.SOURCE)


def steps(known: Known, now: datetime) -> Iterator[Step]:
    """All of it, in the order of the chapters, which is that of the way; the last chapter is what to do."""
    if known.row is not None and known.row.url != known.url:
        yield Step(Said.SAME_AS, {"url": known.row.url}, url=known.row.url)
    yield from _whose(known)
    if known.is_source:
        yield Step(Said.IS_SOURCE, chapter=Chapter.SOURCE)
    if known.row is not None:
        yield from _met(known.row, now)
    elif known.article is not None:
        yield Step(Said.NOBODY_FETCHED, chapter=Chapter.SOURCE)
    elif not known.is_source:
        yield Step(Said.NOBODY_MET, chapter=Chapter.SOURCE, good=False)
    if known.article is not None:
        yield from _article(known, known.article)
        yield _reader(known, known.article)
    yield from advice(known)


def advice(known: Known) -> Iterator[Step]:
    """What would have to happen for the URL to lead to an article that readers see; nothing where it does."""
    if not known.met and not known.is_source:
        yield from _unmet(known)
        return
    if known.site and known.orders and known.orders.paused:
        yield _do(Said.RESUME, site=known.site.id)
    elif known.site and not known.site.verified and known.run is None:
        yield _do(Said.VERIFY, site=known.site.id)
    row = known.row
    if row is not None and row.reason is not None and row.state in _NOTHING:
        yield _do(Said.DO_REASON, reason=row.reason)
    if known.article is not None and known.article.status in (Status.WAITING, Status.HELD):
        yield _do(Said.DECIDE)


def to_json(known: Known) -> dict[str, Any]:
    """The names of docs/api.md; what is advised is in English."""
    stored, refusal = known.article, known.refusal
    return {
        "url": known.url,
        "key": known.row.key if known.row else known.keys[0],
        "site": known.site and known.site.id,
        "refusal": refusal and {"reason": str(refusal.reason), "because": _english(_because(refusal))},
        "seen": known.row and row_json(known.row),
        "article": stored
        and {
            "id": stored.id,
            "url": stored.article.url,
            "own": known.own,
            "title": stored.article.title,
            "status": str(stored.status),
            "version": stored.version,
            "story": stored.story,
            "related": [related._asdict() for related in stored.related],
        },
        "versions": [
            {"version": old.stored.version, "ended": old.ended.isoformat(), "by": old.by, "changed": [*old.changed]}
            for old in known.versions
        ],
        "events": [event.to_json() for event in known.events],
        "run": known.run and known.run.to_json(),
        "advice": [said for step in advice(known) if (said := _english(step))],
    }


def _english(step: Step) -> str:
    return tell(step, Language.ENGLISH, datetime.isoformat)


def _do(said: Said, **values: Any) -> Step:
    return Step(said, values, Chapter.DO)


def _because(refusal: Refusal) -> Step:
    return Step(_BECAUSE[refusal.rule], {"detail": refusal.detail})


def _whose(known: Known) -> Iterator[Step]:
    site, refusal = known.site, known.refusal
    if site is None:
        yield Step(Said.NO_SITE, {"host": urlsplit(known.url).netloc}, good=False)
        if refusal:
            yield Step(Said.IMPORT_LEAVES_OUT, {"reason": refusal.reason, "because": _because(refusal)}, good=False)
        return
    yield Step(Said.BELONGS, {"site": site.id, "name": site.name}, good=True)
    if not site.verified:
        yield Step(Said.UNVERIFIED, good=False)
    if known.orders and (pause := known.orders.paused):
        yield Step(Said.PAUSED, {"by": pause.by, "at": pause.at}, at=pause.at, good=False)
    if refusal and not known.is_source:
        yield Step(Said.REFUSED, {"reason": refusal.reason, "because": _because(refusal)}, good=False)
    elif not known.is_source:
        yield Step(Said.NOT_REFUSED, good=True)
    yield from _runs(known)


def _runs(known: Known) -> Iterator[Step]:
    run = known.run
    if run is None:
        yield Step(Said.NEVER_CRAWLED, good=False)
    else:
        counts = {name: getattr(run, name) for name in ("pages", "new", "updated", "rejected")}
        error = Step(Said.DETAIL, {"detail": run.error}) if run.error else ""
        values = {"at": run.started, "state": run.state, **counts, "error": error}
        yield Step(Said.CRAWLED, values, at=run.started, good=run.state in (RunState.DONE, RunState.RUNNING))
    if known.next_run is not None:
        yield Step(Said.NEXT_CRAWL, {"at": known.next_run})


def _met(row: UrlRow, now: datetime) -> Iterator[Step]:
    announced = Step(Said.ANNOUNCED, {"via": row.via}) if row.via else ""
    title = Step(Said.TITLED, {"title": row.title}) if row.title and row.fetched is None else ""
    yield Step(Said.FOUND, {"at": row.found, "announced": announced, "title": title}, Chapter.SOURCE, row.found, True)
    yield _judged(row)
    if row.attempts:
        often = Said.FAILED_OFTEN if row.attempts > 1 else Said.FAILED_ONCE
        yield _fetch(often, good=False, count=row.attempts)
    if row.gone is not None:
        yield _fetch(Said.MISSING, good=False, at=row.gone)
    validators = [f"ETag {row.etag}" * bool(row.etag), f"Last-Modified {row.last_modified}" * bool(row.last_modified)]
    given = [one for one in validators if one]
    if len(given) == 2:
        yield _fetch(Said.VALIDATORS, one=given[0], other=given[1])
    elif given:
        yield _fetch(Said.VALIDATOR, one=given[0])
    if row.modified is not None:
        yield _fetch(Said.MODIFIED, at=row.modified)
    if row.state not in (UrlState.FOUND, UrlState.SOURCE):
        yield _next(row, now)


def _fetch(said: Said, good: bool | None = None, **values: Any) -> Step:
    return Step(said, values, Chapter.FETCH, values.get("at"), good)


def _judged(row: UrlRow) -> Step:
    if row.state is UrlState.FOUND:
        return _fetch(Said.WAITS)
    # The digest of a source, for servers that never answer 304, says nothing to a person.
    detail = "" if row.state is UrlState.SOURCE and not row.reason else row.detail
    # Many a detail names the reason among others; it is said once, and there it has a name.
    pieces: list[Any] = [row.reason if piece == row.reason else piece for piece in detail.split(": ") if piece]
    if row.reason is not None and str(row.reason) not in detail:
        pieces.insert(0, row.reason)
    what = Parts((row.state, *pieces))
    good = row.state not in (UrlState.FAILED, UrlState.REJECTED) and row.gone is None
    if row.fetched is None:
        return _fetch(Said.PASSED, good, what=what)
    return _fetch(Said.FETCHED, good, at=row.fetched, what=what)


def _next(row: UrlRow, now: datetime) -> Step:
    if row.next_check is None:
        return _fetch(Said.NOT_AGAIN)
    return _fetch(Said.AGAIN_SINCE if row.next_check <= now else Said.AGAIN, at=row.next_check)


def _unmet(known: Known) -> Iterator[Step]:
    """What would have to happen for a URL that nobody has met."""
    site = known.site
    if site is None:
        yield _do(Said.WRITE_SITE)
        yield _do(Said.IMPORT_PAGE)
    elif known.refusal:
        yield _do(Said.CHANGE_FILE, site=site.id)
    elif not site.sources:
        yield _do(Said.GIVE_SOURCE, site=site.id)
    else:
        yield from _announced(site)
    yield _do(Said.JUDGE)


def _announced(site: Site) -> Iterator[Step]:
    sources = tuple(Step(Said.SOURCE, {"kind": source.kind, "url": source.url}) for source in site.sources)
    yield _do(Said.MUST_ANNOUNCE, sources=sources)
    yield _do(Said.CRAWL_NOW, site=site.id)


def _article(known: Known, stored: StoredArticle) -> Iterator[Step]:
    article, there = stored.article, Chapter.ARTICLE
    yield Step(Said.LEADS, {"id": stored.id, "title": article.title}, there, good=True, article=stored.id)
    if known.own:
        more = Step(Said.MORE_ADDRESSES, {"count": len(stored.aliases)}) if stored.aliases else ""
        spelt = Step(Said.SPELT, {"url": article.url}) if article.url != known.url else ""
        yield Step(Said.OWN, {"spelt": spelt, "more": more}, there)
    else:
        yield Step(Said.OTHER_ADDRESS, {"url": article.url}, there, url=article.url)
    where = {"site": article.site, "published": _stated(stored), "status": stored.status}
    yield Step(Said.STANDS, {**where, "version": stored.version, "story": stored.story}, there)
    if stored.edit is not None:
        waiting = Step(Said.EDIT_WAITS) if stored.edit.waiting else ""
        yield Step(Said.EDITED, {"by": stored.edit.by, "at": stored.edit.at, "waiting": waiting}, there, stored.edit.at)
    for other in stored.related:
        values = {"article": other.article_id, "relation": _relation(other.relation), "share": f"{other.contained:.2f}"}
        yield Step(Said.BESIDE, values, there, article=other.article_id)
    for old in known.versions:
        changed = tuple(old.changed) or Step(Said.ITS_TEXT)
        values = {"version": old.stored.version, "at": old.ended, "by": _by(old.by), "changed": changed}
        yield Step(Said.VERSION, values, there, old.ended)
    for event in known.events:
        detail = Step(Said.DETAIL, {"detail": event.detail}) if event.detail else ""
        values = {"cursor": event.cursor, "at": event.at, "kind": event.kind, "by": _by(event.by), "detail": detail}
        yield Step(Said.EVENT, values, there, event.at)


def _stated(stored: StoredArticle) -> Any:
    """When an article was published, as exactly as its page says."""
    published = stored.article.published
    if published is None:
        return Step(Said.UNDATED)
    day_only = stored.article.published_precision is Precision.DAY
    return published.astimezone(VIETNAM).date() if day_only else published


def _relation(value: str) -> Any:
    from news.dedupe import Relation

    return Relation(value) if value in list(Relation) else value


def _by(name: str) -> str | Step:
    return Step(Said.A_CRAWL) if name == CRAWL else name


def _reader(known: Known, stored: StoredArticle) -> Step:
    if stored.status is not Status.PUBLISHED:
        return Step(Said.NOT_READ, {"status": stored.status}, Chapter.READER, good=False, article=stored.id)
    if known.twin:
        return Step(Said.TWIN_READ, {"id": known.twin}, Chapter.READER, article=known.twin)
    return Step(Said.READ, {}, Chapter.READER, good=True, article=stored.id)
