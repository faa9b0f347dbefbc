"""The pages that list articles: / , /sites/ID, /dia-phuong/NAME, /van-ban/NUMBER. Each takes the conditions of a
selection in its query, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import VIETNAM, Document, Status
from news.selection import Selection
from news.site import SiteKind
from storage.articles import searchable
from web.asking import selection_of
from web.contexts.dates import date_of
from web.contexts.frame import Frame, Link, document_path
from web.contexts.lists import Condition, Fact, ListPage
from web.contexts.teasers import days
from web.pages import answer, frame_of, names_in
from web.places import find, short, slug
from web.problems import Problem
from web.shelf import Latest, Shelf

PAGE = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists: where it is, what of the selection its path says, and what stands above the list."""

    path: str
    heading: str
    fixed: frozenset[str] = frozenset()
    intro: str = ""
    note: str = ""
    facts: tuple[Fact, ...] = ()
    tabs: tuple[Link, ...] = ()
    trail: tuple[Link, ...] = ()


def routes(shelf: Shelf) -> APIRouter:
    """The pages over a shelf."""
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    def latest(request: Request) -> Response:
        frame, selection = frame_of(request, shelf.address), shown_selection(request, shelf)
        listing = Listing("/", frame.texts.latest, tabs=_kinds(frame, selection))
        return _answer(request, shelf, frame, selection, listing)

    @router.api_route("/sites/{id}", methods=["GET", "HEAD"])
    def site(request: Request, id: str) -> Response:
        frame, selection = frame_of(request, shelf.address), shown_selection(request, shelf).narrowed(site=(id,))
        return _answer(request, shelf, frame, selection, _site(shelf, frame, id))

    @router.api_route("/dia-phuong/{name}", methods=["GET", "HEAD"])
    def place(request: Request, name: str) -> Response:
        frame = frame_of(request, shelf.address)
        territory, listing = _place(shelf, frame, name)
        return _answer(request, shelf, frame, shown_selection(request, shelf).narrowed(territory=territory), listing)

    @router.api_route("/van-ban/{number:path}", methods=["GET", "HEAD"])
    def document(request: Request, number: str) -> Response:
        frame, selection = frame_of(request, shelf.address), shown_selection(request, shelf).narrowed(document=number)
        found = shelf.latest(selection, PAGE, request.query_params.get("after", ""))
        return _answer(request, shelf, frame, selection, _document(frame, number, found), found)

    return router


def shown_selection(request: Request, shelf: Shelf) -> Selection:
    """What a request asks for, of that which readers may see. Raises InvalidValue."""
    return shelf.resolved(selection_of(request)).narrowed(status=(Status.PUBLISHED,))


def conditions(
    frame: Frame, selection: Selection, path: str, fixed: frozenset[str], names: Mapping[str, str]
) -> tuple[Condition, ...]:
    """What a list is limited to beside what its path says, each with the list that is not."""
    pairs = [pair for pair in selection.to_query() if pair[0] not in fixed]
    return tuple(
        Condition(*_said(frame, names, *pair), frame.link(path, [other for other in pairs if other != pair]))
        for pair in pairs
        if pair[0] != "stories"
    )


def now() -> datetime:
    """Now in Vietnam."""
    return datetime.now(VIETNAM)


def _answer(
    request: Request, shelf: Shelf, frame: Frame, selection: Selection, listing: Listing, found: Latest | None = None
) -> Response:
    after = request.query_params.get("after", "")
    found = found or shelf.latest(selection, PAGE, after)
    names = names_in(frame.language, shelf.sites())
    limits = conditions(frame, selection, listing.path, listing.fixed, names)
    pairs = [pair for pair in selection.to_query() if pair[0] not in listing.fixed]
    texts = frame.texts
    anything = bool(limits) or bool(after) or bool(listing.fixed)
    page = ListPage(
        frame=replace(_framed(frame, selection, listing, limits), listed=not after and not limits),
        heading=listing.heading,
        intro=listing.intro,
        note=listing.note,
        facts=listing.facts,
        conditions=limits,
        tabs=listing.tabs,
        days=days(frame, found.articles, names, now().date()),
        empty=(texts.nothing_there, texts.nothing_there_hint) if anything else (texts.nothing, texts.nothing_hint),
        older=frame.link(listing.path, pairs, after=found.next) if found.next else "",
        newest=frame.link(listing.path, pairs) if after else "",
    )
    known = found.articles or after or listing.path.partition("/")[2].partition("/")[0] != "van-ban"
    return answer(request, page, status=HTTPStatus.OK if known else HTTPStatus.NOT_FOUND)


def _framed(frame: Frame, selection: Selection, listing: Listing, limits: Iterable[Condition]) -> Frame:
    title = " · ".join((listing.heading, *(limit.value for limit in limits)))
    framed = frame.fed(selection, title)
    return framed.below(*listing.trail) if listing.trail else framed


def _kinds(frame: Frame, selection: Selection) -> tuple[Link, ...]:
    """The kinds of publishers as lists beside that of all."""
    rest = selection.narrowed(kind=(), site=()).to_query()
    return (
        Link(frame.texts.all_sites, frame.link("/", rest), "" if selection.kind or selection.site else "true"),
        *(
            Link(name, frame.link("/", [("kind", str(kind)), *rest]), "true" if selection.kind == (kind,) else "")
            for kind, name in frame.texts.kinds.items()
        ),
    )


def _site(shelf: Shelf, frame: Frame, id: str) -> Listing:
    texts, site = frame.texts, shelf.sites().get(id)
    if site is None:
        if id not in shelf.store.articles.sites():
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no site {id!r}.")
        return Listing(f"/sites/{id}", id, frozenset({"site"}), trail=(Link(texts.agencies, frame.link("/nganh")),))
    name = names_in(frame.language, {id: site})[id]
    facts = [
        Fact(texts.of_kind, texts.kinds[site.kind]),
        Fact(texts.original_site, links=(Link(site.hosts[0], site.home),)),
    ]
    above = Link(texts.agencies, frame.link("/nganh"))
    if site.territory:
        unit = Link(short(site.territory), frame.link(f"/dia-phuong/{slug(site.territory)}"))
        facts.append(Fact(texts.speaks_for, links=(unit,)))
        above = Link(texts.places, frame.link("/dia-phuong"))
    if site.replaces:
        facts.append(Fact(texts.took_over, ", ".join(site.replaces)))
    return Listing(f"/sites/{id}", name, frozenset({"site"}), facts=tuple(facts), trail=(above,))


def _place(shelf: Shelf, frame: Frame, name: str) -> tuple[str, Listing]:
    texts, sites = frame.texts, shelf.sites()
    place, former = find(name, sites.values())
    if place is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no place {name!r}.", texts.places_hint)
    names = names_in(frame.language, sites)
    facts = [Fact(texts.of_kind, links=tuple(Link(names[id], frame.link(f"/sites/{id}")) for id in place.sites))]
    if place.former:
        facts.append(Fact(texts.took_over, ", ".join(place.former)))
    listing = Listing(
        path=f"/dia-phuong/{slug(place.territory)}",
        heading=short(place.territory),
        fixed=frozenset({"territory"}),
        note=f"{short(former)} {texts.now_part_of} {place.territory}." if former else "",
        facts=tuple(facts),
        trail=(Link(texts.places, frame.link("/dia-phuong")),),
    )
    return place.territory, listing


def _document(frame: Frame, number: str, found: Latest) -> Listing:
    """What the newest article that names it says of a document."""
    texts, wanted = frame.texts, searchable(number)
    named = (
        document
        for stored in found.articles
        for document in stored.article.documents
        if searchable(document.number) == wanted
    )
    known = next(named, Document(number))
    facts = [Fact(name, value) for name, value in ((texts.issuer, known.issuer),) if value]
    if known.issued:
        facts.append(Fact(texts.issued, date_of(known.issued, texts)))
    return Listing(
        path=document_path(number),
        heading=f"{known.kind} {known.number}".strip(),
        fixed=frozenset({"document"}),
        intro=texts.naming,
        facts=tuple(facts),
        trail=(Link(texts.documents, frame.link("/van-ban")),),
    )


def _said(frame: Frame, names: Mapping[str, str], name: str, value: str) -> tuple[str, str]:
    """A pair of a query in the reader's words."""
    texts = frame.texts
    if name in ("since", "until"):
        return (texts.since if name == "since" else texts.until), _day(frame, value)
    if name in ("site", "kind"):
        return texts.of_kind, names.get(value, value) if name == "site" else texts.kinds[SiteKind(value)]
    labels = {
        "territory": texts.speaks_for,
        "section": texts.section,
        "tag": texts.tag,
        "document": texts.document,
        "story": texts.story,
        "q": texts.search,
    }
    return labels[name], value


def _day(frame: Frame, when: str) -> str:
    return date_of(datetime.fromisoformat(when).astimezone(VIETNAM).date(), frame.texts)
