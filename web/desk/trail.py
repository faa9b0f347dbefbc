"""/desk/trail: who did what, when, and from which state to which; /desk/figures: how much each editor does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import VIETNAM, StoredArticle
from news.errors import InvalidValue
from news.review.record import Action, Record
from news.selection import moment_of
from storage.audit import TrailFilter
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.trail import TrailPage, TrailPart, entry, figures, today
from web.contexts.lists import Option
from web.desk.answers import desk_frame, shown
from web.desk.rows import now
from web.pages import names_in
from web.shelf import Shelf

PAGE = 50
_OF_ARTICLE = 30
_DAYS, _MOST_DAYS = 14, 62
_LONGEST = 100
# Which of the stories of an entry is the one that the article came to, or left.
_OTHER = {Action.MERGE: 1, Action.SPLIT: 0}


def routes(shelf: Shelf) -> APIRouter:
    """The pages over a shelf."""
    router = APIRouter()

    @router.api_route("/desk/trail", methods=["GET", "HEAD"])
    def trail(request: Request) -> Response:
        return shown(_page(shelf, desk_frame(request), _Asked.of(request), request.query_params.get("before", "")))

    @router.api_route("/desk/items/{id}/trail", methods=["GET", "HEAD"])
    def of_article(request: Request, id: str) -> Response:
        frame, names = desk_frame(request), names_in(desk_frame(request).language, shelf.sites())
        records = shelf.store.audit.find(TrailFilter(article=id), _OF_ARTICLE)
        others = _others(shelf, records)
        entries = tuple(entry(frame, record, names, now(), others.get(record.id)) for record in records)
        return shown(TrailPart(frame, entries))

    @router.api_route("/desk/figures", methods=["GET", "HEAD"])
    def of_editors(request: Request) -> Response:
        frame, (since, until) = desk_frame(request), _days(request)
        days = [since + timedelta(days=n) for n in range((until - since).days)]
        audit = shelf.store.audit
        each = [(day, audit.figures(_begin(day), _begin(day + timedelta(days=1)))) for day in days]
        return shown(figures(frame, since, until, audit.figures(_begin(since), _begin(until)), each))

    return router


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the trail is asked for, as texts of a query."""

    article: str
    by: str
    action: str
    site: str
    since: str
    until: str
    words: str

    @classmethod
    def of(cls, request: Request) -> _Asked:
        query = request.query_params
        names = ("article", "by", "action", "site", "since", "until", "words")
        return cls(*(query.get(name, "").strip()[:_LONGEST] for name in names))

    def filter(self) -> TrailFilter:
        """Raises InvalidValue."""
        if self.action and self.action not in list(Action):
            raise InvalidValue(f"action = {self.action!r} is unknown.", f"Use one of {', '.join(Action)}.")
        return TrailFilter(
            article=self.article,
            by=self.by,
            action=Action(self.action) if self.action else None,
            site=self.site,
            since=moment_of("since", self.since) if self.since else None,
            until=moment_of("until", self.until) if self.until else None,
            words=self.words,
        )

    def pairs(self) -> list[tuple[str, str]]:
        names = ("article", "by", "action", "site", "since", "until", "words")
        return [(name, getattr(self, name)) for name in names if getattr(self, name)]


def _page(shelf: Shelf, frame: DeskFrame, asked: _Asked, before: str) -> TrailPage:
    records = shelf.store.audit.find(asked.filter(), PAGE + 1, before)
    names, moment = names_in(frame.language, shelf.sites()), now()
    actions = [(str(action), frame.desk.actions[action]) for action in Action]
    sites = sorted(names.items(), key=lambda site: site[1])
    pairs, others = asked.pairs(), _others(shelf, records)
    more = len(records) > PAGE
    return TrailPage(
        frame=frame,
        words=asked.words,
        by=asked.by,
        article=asked.article,
        actions=_options(frame.desk.any_action, actions, asked.action),
        sites=_options(frame.desk.any_site, sites, asked.site),
        since=asked.since[:10],
        until=asked.until[:10],
        entries=tuple(entry(frame, record, names, moment, others.get(record.id)) for record in records[:PAGE]),
        older=frame.link("/desk/trail", pairs, before=records[PAGE - 1].id) if more else "",
        newest=frame.link("/desk/trail", pairs) if before else "",
    )


def _others(shelf: Shelf, records: Sequence[Record]) -> Mapping[str, StoredArticle]:
    """By entry, the article that stands for the other story now; of a story that is no more there is none."""
    store = shelf.store
    asked = {record: record.stories[_OTHER[record.action]] for record in records if record.action in _OTHER}
    if not asked:
        return {}
    stories = list(dict.fromkeys(asked.values()))
    kept = store.stories.some(stories)
    alone = [story for story in stories if story not in kept]
    ids: dict[str, tuple[str, ...]] = {}
    ids |= {row.stored.story: (row.stored.id,) for row in store.articles.of_stories(alone)} if alone else {}
    ids |= {id: (story.main or story.members[0], *story.members) for id, story in kept.items()}
    told = {record.id: _first(ids.get(story, ()), record.article_id) for record, story in asked.items()}
    found = {stored.id: stored for stored in store.articles.some([id for id in told.values() if id])}
    return {record: found[id] for record, id in told.items() if id in found}


def _first(ids: Sequence[str], but: str) -> str:
    return next((id for id in ids if id != but), "")


def _options(usual: str, known: list[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return (Option("", usual, not chosen), *(Option(value, name, value == chosen) for value, name in known))


def _days(request: Request) -> tuple[date, date]:
    """From which day, and before which; the last two weeks unless the request says. Raises InvalidValue."""
    query, tomorrow = request.query_params, today(now()) + timedelta(days=1)
    until = moment_of("until", query["until"]).astimezone(VIETNAM).date() if query.get("until") else tomorrow
    usual = until - timedelta(days=_DAYS)
    since = moment_of("since", query["since"]).astimezone(VIETNAM).date() if query.get("since") else usual
    if not timedelta() < until - since <= timedelta(days=_MOST_DAYS):
        raise InvalidValue(f"since: {since} to {until} is no stretch of days.", f"Ask for 1 to {_MOST_DAYS} days.")
    return since, until


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
