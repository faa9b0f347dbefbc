"""What every page has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple, Protocol
from urllib.parse import quote, urlencode

from news.selection import Selection
from news.users import Role, User
from web.texts import TEXTS, Language, Texts


class Link(NamedTuple):
    """`current` as aria-current says it: "page", "true" (the page is below it) or ""."""

    name: str
    href: str
    current: str = ""


class FeedLink(NamedTuple):
    """A feed in one format: `name` is the format's, `title` says of what it is a feed."""

    name: str
    title: str
    media_type: str
    href: str


class Page(Protocol):
    """What a template can be rendered with."""

    template: ClassVar[str]

    @property
    def frame(self) -> Frame: ...


# What stands in the menu: where, and the text that names it.
_MENU = (
    ("/", "latest"), ("/nganh", "agencies"), ("/dia-phuong", "places"), ("/van-ban", "documents"),
    ("/chuyen-muc", "topics"), ("/tim", "search"), ("/feeds", "feeds"),
)  # fmt: skip
# Where users work: where, the text that names it, and who may.
_PLACES = (
    ("/desk", "desk", Role.EDITOR), ("/console", "console", Role.OPERATOR), ("/users", "users", Role.ADMIN),
    ("/account", "account", Role.READER),
)  # fmt: skip
_FORMATS = (
    ("Atom", "application/atom+xml", "/feeds/atom.xml"),
    ("RSS", "application/rss+xml", "/feeds/rss.xml"),
    ("JSON", "application/feed+json", "/feeds/feed.json"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's language and place among the others, and how its links keep the reader's language. `path` is its own
    address without the language, `address` the public one of the app; `listed`: search engines may list the page.
    `user` is whom a page is for alone, and `csrf` what its forms send along; pages for everybody know neither."""

    language: Language
    path: str
    address: str = ""
    trail: tuple[Link, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    listed: bool = False
    user: User | None = None
    csrf: str = ""

    @property
    def texts(self) -> Texts:
        return TEXTS[self.language]

    @property
    def other(self) -> str:
        """This page in the other language."""
        language = next(other for other in Language if other is not self.language)
        return self.spoken(language)

    def spoken(self, language: str) -> str:
        """This page in a language."""
        return self.path if language == Language.VIETNAMESE else f"{self.path}{'&' if '?' in self.path else '?'}lang=en"

    @property
    def menu(self) -> tuple[Link, ...]:
        """The pages of the menu, with the one marked that this is or that this is below."""
        here = self.path.partition("?")[0]
        return tuple(
            Link(
                getattr(self.texts, text),
                self.link(path),
                "page" if here == path else "true" if path != "/" and here.startswith(f"{path}/") else "",
            )
            for path, text in _MENU
        )

    @property
    def places(self) -> tuple[Link, ...]:
        """Where the user may work."""
        here = self.path.partition("?")[0]
        return tuple(
            Link(getattr(self.texts, text), self.link(path), "true" if f"{here}/".startswith(f"{path}/") else "")
            for path, text, role in _PLACES
            if self.user and self.user.role.may(role)
        )

    def link(self, path: str, pairs: Iterable[tuple[str, str]] = (), **query: str) -> str:
        """A link to a page of ours; Vietnamese is what a page speaks unless told."""
        spoken = [] if self.language is Language.VIETNAMESE else [("lang", str(self.language))]
        asked = urlencode([pair for pair in (*pairs, *query.items(), *spoken) if pair[1]])
        return f"{path}?{asked}" if asked else path

    def below(self, *trail: Link) -> Frame:
        """The frame of a page that stands below others, of which the front page is the first."""
        return replace(self, trail=(Link(self.texts.latest, self.link("/")), *trail))

    def fed(self, selection: Selection, title: str) -> Frame:
        """The frame of a page whose articles are those of a feed."""
        return replace(self, feeds=feeds_of(selection, title))


def feeds_of(selection: Selection, title: str) -> tuple[FeedLink, ...]:
    """The feeds of a selection, one in each format."""
    query = urlencode(selection.to_query())
    return tuple(
        FeedLink(name, f"{title} ({name})", media_type, f"{path}?{query}" if query else path)
        for name, media_type, path in _FORMATS
    )


def article_path(id: str) -> str:
    """Where an article's page is."""
    return f"/articles/{quote(id, safe='')}"


def story_path(id: str) -> str:
    """Where a story's page is."""
    return f"/stories/{quote(id, safe='')}"


def document_path(number: str) -> str:
    """Where the articles that name a legal document are listed."""
    return f"/van-ban/{quote(number, safe='/')}"
