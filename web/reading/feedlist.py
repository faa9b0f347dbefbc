"""The feeds there are, for the page that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from news.saved import SavedSearch
from news.selection import Selection
from news.site import Site
from web.contexts.directories import FeedGroup, FeedRow
from web.contexts.frame import Frame, feeds_of
from web.pages import names_in
from web.places import places, short, slug


def groups(frame: Frame, sites: Mapping[str, Site], saved: Iterable[SavedSearch]) -> tuple[FeedGroup, ...]:
    """The feed of everything, and those of saved searches, by kind of publisher, by place and by site."""
    texts, names = frame.texts, names_in(frame.language, sites)
    kinds = {site.kind for site in sites.values()}
    of_saved = (
        _row(search.name, frame.link("/", [("search", search.id)]), Selection(search=search.id)) for search in saved
    )
    of_kind = (
        _row(name, frame.link("/", [("kind", str(kind))]), Selection(kind=(kind,)))
        for kind, name in texts.kinds.items()
        if kind in kinds
    )
    of_place = (
        _row(
            short(place.territory),
            frame.link(f"/dia-phuong/{slug(place.territory)}"),
            Selection(territory=place.territory),
        )
        for place in places(sites.values())
    )
    of_site = (
        _row(names[id], frame.link(f"/sites/{id}"), Selection(site=(id,)))
        for id in sorted(names, key=lambda id: slug(names[id]))
    )
    listed = (
        FeedGroup("", (_row(texts.feed_all, frame.link("/"), Selection()),)),
        FeedGroup(texts.feed_saved, tuple(of_saved)),
        FeedGroup(texts.feed_by_kind, tuple(of_kind)),
        FeedGroup(texts.feed_by_place, tuple(of_place)),
        FeedGroup(texts.feed_by_site, tuple(of_site)),
    )
    return tuple(group for group in listed if group.rows)


def _row(name: str, link: str, selection: Selection) -> FeedRow:
    return FeedRow(name, link, feeds_of(selection, name))
