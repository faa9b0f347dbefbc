"""An article at the desk: what is known of it, what may be done with it, and its three views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from news.article import Attachment, Image, Removed, Status, StoredArticle
from news.review.review import Concern
from news.review.states import MOVES, Move, moves_from, state_tag
from web.contexts.dates import counted, machine, moment_of
from web.contexts.desk.compare import Compared
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.queue import Badge
from web.contexts.frame import Link, story_path

KEYS: Mapping[Move, str] = {
    Move.APPROVE: "a", Move.REJECT: "r", Move.HOLD: "h", Move.RETRACT: "t", Move.RESTORE: "o",
}  # fmt: skip
WITH_REASON = frozenset(row.move for row in MOVES if row.reason)


class Button(NamedTuple):
    """A move: `key` is the one that does it, `reason`: it has to say why."""

    move: str
    name: str
    key: str
    reason: bool


class View(NamedTuple):
    """`link` is the part with the view, `page` the desk with it."""

    value: str
    name: str
    link: str
    page: str
    key: str
    current: bool


class Open(NamedTuple):
    """Something about the article that a human should look at: `text` says it in a sentence, `links` lead to what it is
    about."""

    badge: Badge
    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TextView:
    """The article as its readers see it. `html` was sanitised when it was extracted; nothing in it runs, and htmx reads
    nothing in it."""

    lead: str
    html: Markup
    pictures: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    removed: tuple[Removed, ...]


class Gone(NamedTuple):
    """A part of the page that was left out: `run` is where it stands in the framed page."""

    run: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The page as it was fetched, in a frame; `source` is "" where it is not kept. `other` is this view with the images
    on, or off again."""

    source: str
    images: bool
    other: str
    gone: tuple[Gone, ...]


@dataclass(frozen=True, slots=True)
class Framed:
    """templates/desk/framed.html: a page of others, made safe."""

    template: ClassVar = "desk/framed.html"

    frame: DeskFrame
    title: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Item:
    """One article. `tag` is the state as If-Match names it; `waits`: its publisher wrote something since an
    editor edited it; one of `text`, `page` and `diff` is there."""

    id: str
    tag: str
    version: int
    title: str
    language: str
    site: str
    site_link: str
    original: str
    host: str
    status: Badge
    facts: tuple[tuple[str, str, str], ...]
    confidence: str
    tellings: str
    story_link: str
    open: tuple[Open, ...]
    assigned: str
    notes: str
    buttons: tuple[Button, ...]
    views: tuple[View, ...]
    path: str
    waits: bool = False
    text: TextView | None = None
    page: PageView | None = None
    diff: Compared | None = None


@dataclass(frozen=True, slots=True)
class ItemPart:
    """templates/desk/item.html: the right pane."""

    template: ClassVar = "desk/item.html"

    frame: DeskFrame
    item: Item | None


def item(
    frame: DeskFrame,
    stored: StoredArticle,
    names: Mapping[str, str],
    tellings: int,
    alike: Sequence[StoredArticle],
    view: TextView | PageView | Compared,
) -> Item:
    """The article with one of its views; `tellings` is how many articles tell its story, `alike` are those of which it
    may be a duplicate."""
    shown, desk = stored.article, frame.desk
    path = item_path(stored.id)
    kind = {TextView: "text", PageView: "page", Compared: "diff"}[type(view)]
    views = (("text", desk.text_view), ("page", desk.page_view), ("diff", desk.diff_view))
    return Item(
        id=stored.id,
        tag=state_tag(stored),
        version=stored.version,
        title=shown.title or shown.url,
        language=shown.language,
        site=names.get(shown.site, shown.site),
        site_link=frame.link("/desk", queue="all", site=shown.site),
        original=shown.url,
        host=urlsplit(shown.url).hostname or "",
        status=Badge(desk.statuses[stored.status], str(stored.status)),
        facts=_facts(frame, stored),
        confidence=f"{shown.confidence:.0%}",
        tellings=counted(tellings - 1, desk.story_of, frame.texts) if tellings > 1 else "",
        story_link=frame.link(story_path(stored.story)) if tellings > 1 else "",
        open=tuple(_open(frame, concern, names, alike) for concern in stored.review.concerns),
        assigned=stored.review.assigned,
        notes=counted(stored.review.notes, desk.notes, frame.texts) if stored.review.notes else "",
        buttons=buttons(frame, stored.status),
        views=tuple(
            View(
                value,
                name,
                frame.link(path, view=value),
                frame.link("/desk", queue="all", open=stored.id, view=value),
                str(n),
                value == kind,
            )
            for n, (value, name) in enumerate(views, start=1)
        ),
        path=path,
        waits=stored.edit is not None and stored.edit.waiting is not None,
        text=view if isinstance(view, TextView) else None,
        page=view if isinstance(view, PageView) else None,
        diff=view if isinstance(view, Compared) else None,
    )


def buttons(frame: DeskFrame, status: Status) -> tuple[Button, ...]:
    """The moves from a state."""
    return tuple(
        Button(str(move), frame.desk.moves[move], KEYS[move], move in WITH_REASON) for move in moves_from(status)
    )


def text_view(stored: StoredArticle) -> TextView:
    """The article as readers see it."""
    shown = stored.article
    return TextView(
        lead=shown.lead,
        html=Markup(shown.html),  # noqa: S704 - news.clean sanitised it, and the CSP lets nothing run
        pictures=tuple(image for image in shown.images if image.url not in shown.html),
        attachments=shown.attachments,
        removed=shown.removed,
    )


def item_path(id: str) -> str:
    """Where the desk's part about an article is."""
    return f"/desk/items/{quote(id, safe='')}"


def _open(frame: DeskFrame, concern: Concern, names: Mapping[str, str], alike: Sequence[StoredArticle]) -> Open:
    desk = frame.desk
    links: tuple[Link, ...] = ()
    if concern is Concern.UNSURE_DUPLICATE:
        links = tuple(
            Link(
                f"{names.get(other.article.site, other.article.site)}: {other.article.title or other.article.url}",
                frame.link("/desk", queue="all", open=other.id),
            )
            for other in alike
        )
    return Open(Badge(desk.concerns[concern], str(concern)), desk.explained[concern], links)


def _facts(frame: DeskFrame, stored: StoredArticle) -> tuple[tuple[str, str, str], ...]:
    """Name, value, and the moment for machines."""
    shown, desk, texts = stored.article, frame.desk, frame.texts
    published = moment_of(shown.published, texts, shown.published_precision) if shown.published else desk.undated
    facts = [(desk.published, published, machine(shown.published, shown.published_precision))]
    if shown.modified:
        facts.append((desk.modified, moment_of(shown.modified, texts), machine(shown.modified)))
    facts.append((desk.first_seen, moment_of(stored.first_seen, texts), machine(stored.first_seen)))
    facts += [
        (name, value, "")
        for name, value in ((desk.author, shown.author), (desk.source, shown.source), (desk.section, shown.section))
        if value
    ]
    if stored.version > 1:
        facts.append((desk.version, str(stored.version), ""))
    return tuple(facts)
