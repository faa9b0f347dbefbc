"""The form above the queue: what can be chosen, what is, and each choice taken off again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from news.review.review import Concern
from news.site import SiteKind
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.queue import Filters
from web.contexts.lists import Condition, Option
from web.desk.asked import PERCENT, Asked
from web.pages import names_in
from web.places import places, short
from web.shelf import Shelf


def filters(shelf: Shelf, frame: DeskFrame, asked: Asked) -> Filters:
    """The form as it is filled in."""
    desk, texts, chosen = frame.desk, frame.texts, asked.selection
    sites = sorted(names_in(frame.language, shelf.sites()).items(), key=lambda site: site[1])
    me = frame.user.name if frame.user else ""
    return Filters(
        words=chosen.q,
        sites=_options(desk.any_site, sites, chosen.site),
        kinds=_options(desk.any_kind, ((str(kind), texts.kinds[kind]) for kind in SiteKind), map(str, chosen.kind)),
        territories=_options(
            desk.any_territory,
            ((place.territory, short(place.territory)) for place in places(shelf.sites().values())),
            [chosen.territory],
        ),
        concerns=_options(
            desk.any_concern, ((str(concern), desk.concerns[concern]) for concern in Concern), [str(asked.concern)]
        ),
        confidences=_options(
            desk.any_confidence,
            ((str(share), desk.at_most.format(share=share)) for share in PERCENT),
            [str(asked.sure)],
        ),
        assigned=_options(desk.anybody, [(me, desk.to_me)] if me else (), [asked.assigned]),
        tag=chosen.tag,
        document=chosen.document,
        conditions=conditions(shelf, frame, asked),
        clear=frame.link("/desk", [pair for pair in asked.pairs() if pair[0] == "queue"]),
    )


def conditions(shelf: Shelf, frame: DeskFrame, asked: Asked) -> tuple[Condition, ...]:
    """What limits the queue, each with the queue that it does not."""
    names, pairs = names_in(frame.language, shelf.sites()), asked.pairs()
    return tuple(
        Condition(*_said(frame, names, name, value), frame.link("/desk", [pair for pair in pairs if pair[0] != name]))
        for name, value in pairs
        if name != "queue"
    )


def _said(frame: DeskFrame, names: Mapping[str, str], name: str, value: str) -> tuple[str, str]:
    """A condition as people say it."""
    desk, texts = frame.desk, frame.texts
    if name == "kind":
        return desk.kind, texts.kinds[SiteKind(value)]
    if name == "concern":
        return desk.concern, desk.concerns[Concern(value)]
    if name == "sure":
        return desk.confidence, desk.at_most.format(share=value)
    if name == "site":
        return desk.site, names.get(value, value)
    if name == "territory":
        return desk.territory, short(value)
    known = {"assigned": desk.assigned, "tag": desk.tag, "document": desk.document, "q": texts.words}
    return known[name], value


def _options(usual: str, known: Iterable[tuple[str, str]], chosen: Iterable[str]) -> tuple[Option, ...]:
    """The options of a field; the first one is for what does not matter."""
    picked = set(chosen)
    options = [Option(value, name, value in picked) for value, name in known]
    return (Option("", usual, not any(option.chosen for option in options)), *options)
