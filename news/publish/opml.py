"""OPML 2.0: the list of feeds that a reader imports, as a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from news.errors import InvalidValue
from news.publish.feed import Origin
from news.publish.printable import address, moment, printable
from news.publish.xml import add, written

MEDIA_TYPE = "text/x-opml"


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed (with `feed_url`, the address to subscribe to, and `page_url`, the page it stands for) or a folder."""

    text: str
    feed_url: str = ""
    page_url: str = ""
    description: str = ""
    language: str = ""
    children: tuple[Outline, ...] = ()

    def __post_init__(self) -> None:
        for name in ("text", "description", "language"):
            object.__setattr__(self, name, " ".join(printable(getattr(self, name)).split()))
        for name in ("feed_url", "page_url"):
            url = getattr(self, name)
            if url and not address(url):
                raise InvalidValue(f"{url!r} is no address of a feed or page.", "Give an http or https URL, escaped.")
            object.__setattr__(self, name, address(url))
        if not self.text:
            raise InvalidValue(f"The outline of {self.feed_url!r} has no text.", "Name the feed or the folder.")


def catalogue(
    sites: Sequence[Origin], link: Callable[[str, str], tuple[str, str]], name: Callable[[str, str], str]
) -> tuple[Outline, ...]:
    """The tree of all feeds: of everything, and folders of those by kind, by territory and by site.

    `link(filter, value)` gives the address of a feed and that of its page, `name(filter, value)` what to call them,
    with the filters "kind", "territory" and "site", or "" for everything; without a value it is the folder's name.
    """

    def leaf(filter: str, value: str) -> Outline:
        return Outline(name(filter, value), *link(filter, value))

    values = {
        "kind": dict.fromkeys(site.kind for site in sites if site.kind),
        "territory": dict.fromkeys(site.territory for site in sites if site.territory),
        "site": dict.fromkeys(site.id for site in sites),
    }
    folders = (
        Outline(name(filter, ""), children=tuple(sorted((leaf(filter, v) for v in chosen), key=lambda o: o.text)))
        for filter, chosen in values.items()
        if chosen
    )
    return (leaf("", ""), *folders)


def render(title: str, outlines: Iterable[Outline], *, owner: str = "", modified: datetime | None = None) -> bytes:
    """The list as an OPML document in UTF-8. `modified`, aware: when the list, not a feed in it, last changed."""
    root = etree.Element("opml", version="2.0")
    head = add(root, "", "head")
    add(head, "", "title", printable(title))
    if modified:
        add(head, "", "dateModified", format_datetime(moment(modified).astimezone(UTC), usegmt=True))
    if owner:
        add(head, "", "ownerName", printable(owner))
    add(head, "", "docs", "http://opml.org/spec2.opml")
    body = add(root, "", "body")
    for outline in outlines:
        _add_outline(body, outline)
    return written(root)


def _add_outline(parent: etree._Element, outline: Outline) -> None:
    node = add(parent, "", "outline")
    said = {
        "text": outline.text,
        "title": outline.text,
        "type": "rss" if outline.feed_url else "",  # whatever its format
        "xmlUrl": outline.feed_url,
        "htmlUrl": outline.page_url,
        "description": outline.description,
        "language": outline.language,
    }
    for name, value in said.items():
        if value:
            node.set(name, value)
    for child in outline.children:
        _add_outline(node, child)
