"""/tim: the search page, a form that works without a script."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import VIETNAM, Article
from news.search import Query, highlight, snippet
from news.selection import Selection
from news.site import Site, SiteKind
from storage.search import Order
from web.contexts.dates import counted
from web.contexts.frame import Frame
from web.contexts.lists import Option, SearchPage
from web.contexts.teasers import Day, Piece, Show, days, lead_of, teaser, title_of
from web.pages import answer, frame_of, names_in
from web.places import places, short
from web.reading.lists import PAGE, conditions, now, shown_selection
from web.security import SEARCHING
from web.shelf import Latest, Shelf

_PATH = "/tim"
# What the form has fields for; other conditions it hands on as they came.
_FIELDS = ("q", "kind", "territory", "since", "until")


def routes(shelf: Shelf) -> APIRouter:
    """The page over a shelf."""
    router = APIRouter()

    @router.api_route(_PATH, methods=["GET", "HEAD"])
    def search(request: Request) -> Response:
        frame, selection, after = (
            frame_of(request, shelf.address),
            shown_selection(request, shelf),
            request.query_params.get("after", ""),
        )
        asked = selection != Selection()
        found = shelf.latest(selection, PAGE, after, Order.RELEVANCE) if asked else Latest((), "")
        return answer(request, _page(shelf, frame, selection, after, found), SEARCHING)

    return router


def _results(frame: Frame, found: Latest, names: Mapping[str, str], title: Show, text: Show) -> tuple[Day, ...]:
    """What was found by its words stands by how well it answers, not by day."""
    if not found.articles:
        return ()
    total = found.total or len(found.articles)
    count = counted(total, frame.texts.articles, frame.texts)
    name = count if found.counted else frame.texts.more_than.format(count=count)
    return (Day(name, tuple(teaser(frame, stored, names, title, text, dated=True) for stored in found.articles)),)


def _shown(selection: Selection) -> tuple[Show, Show]:
    """What the list shows of a title and of a text: where it has what was looked for, with that marked."""
    if not selection.q:
        return title_of, lead_of
    query = Query.parse(selection.q)

    def title(shown: Article) -> tuple[Piece, ...]:
        return tuple(Piece(*piece) for piece in highlight(query, shown.title or shown.url))

    def text(shown: Article) -> tuple[Piece, ...]:
        return tuple(Piece(*piece) for piece in snippet(query, "\n".join((shown.lead, shown.body)).strip()))

    return title, text


def _page(shelf: Shelf, frame: Frame, selection: Selection, after: str, found: Latest) -> SearchPage:
    sites = shelf.sites()
    names, pairs = names_in(frame.language, sites), selection.to_query()
    title, text = _shown(selection)
    today = now().date()
    framed = frame.fed(selection, frame.texts.search) if pairs else frame
    return SearchPage(
        frame=framed,
        asked=bool(pairs),
        words=selection.q,
        kinds=_kinds(frame, selection),
        places=_places(sites, selection),
        since=_date(selection, "since"),
        until=_date(selection, "until"),
        hidden=tuple(pair for pair in pairs if pair[0] not in _FIELDS),
        conditions=conditions(frame, selection, _PATH, frozenset({"q"}), names),
        days=_results(frame, found, names, title, text) if selection.q else days(frame, found.articles, names, today),
        older=frame.link(_PATH, pairs, after=found.next) if found.next else "",
        newest=frame.link(_PATH, pairs) if after else "",
    )


def _kinds(frame: Frame, selection: Selection) -> tuple[Option, ...]:
    texts = frame.texts
    return (
        Option("", texts.any_kind, not selection.kind),
        *(Option(str(kind), texts.kinds[kind], kind in selection.kind) for kind in SiteKind),
    )


def _places(sites: Mapping[str, Site], selection: Selection) -> tuple[Option, ...]:
    known = [place.territory for place in places(sites.values())]
    return tuple(Option(territory, short(territory), territory == selection.territory) for territory in known)


def _date(selection: Selection, name: str) -> str:
    when = selection.since if name == "since" else selection.until
    return when.astimezone(VIETNAM).date().isoformat() if when else ""
