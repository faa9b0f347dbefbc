"""The page of an article as it was fetched, in a frame of its own in which nothing runs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import groupby, islice
from typing import NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from news.article import Page, StoredArticle
from news.extract.framed import page_html
from news.extract.runs import Mark, Run
from news.extract.trace import trace
from news.site import Site
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import Framed, Gone, PageView, item_path
from web.desk.answers import shown
from web.security import FRAMED
from web.shelf import Shelf

# Of what was left out so many parts are listed, with so many letters of each; the frame shows all.
_LISTED, _LETTERS = 200, 240
# The view of a page and its frame are asked for one after the other, and come of the same reading.
_KEPT, _LETTERS_KEPT = 32, 16_000_000


class Seen(NamedTuple):
    """A page as the desk shows it: harmless HTML in which each run of its text says what became of it, and the parts
    that were left out of the article."""

    html: str
    gone: tuple[Gone, ...]


class Lookings:
    """The pages that were looked at last, as their sites read them then. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[bytes, str, str, bool], tuple[Site | None, Seen]] = OrderedDict()

    def at(self, page: Page, site: Site | None, *, images: bool) -> Seen:
        """What there is to see of a page by the rules of its site."""
        key = (blake2b(page.body, digest_size=16).digest(), page.url, page.content_type, images)
        with self._lock:
            kept = self._kept.get(key)
        if kept and kept[0] == site:
            return kept[1]
        traced = trace(page.body, page.url, site=site, content_type=page.content_type)
        seen = Seen(page_html(traced, images=images), tuple(islice(_gone(traced.runs), _LISTED)))
        with self._lock:
            self._kept[key] = site, seen
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT or sum(len(one.html) for _, one in self._kept.values()) > _LETTERS_KEPT:
                self._kept.popitem(last=False)
        return seen


_LOOKINGS = Lookings()


def framed(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, *, images: bool) -> Response:
    """The page itself, with what became of each run of its text; empty where it is not kept."""
    seen = _seen(shelf, stored, images=images)
    html = seen.html if seen else ""
    policy = FRAMED.format(images="http: https:" if images else "'none'")
    # page_html leaves nothing that runs, and in the frame nothing may.
    return shown(Framed(frame, stored.article.title, Markup(html)), policy=policy)  # noqa: S704


def page_view(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, *, images: bool) -> PageView:
    """The frame around the page of an article, and what was left out of it."""
    seen, path = _seen(shelf, stored, images=images), item_path(stored.id)
    if seen is None:
        return PageView("", images, "", ())
    source = f"{path}/page?images=on" if images else f"{path}/page"
    other = frame.link(path, view="page", images="" if images else "on")
    return PageView(source, images, other, seen.gone)


def _seen(shelf: Shelf, stored: StoredArticle, *, images: bool) -> Seen | None:
    """The page of an article by today's rules; None where it is not kept."""
    page = shelf.store.pages.get(stored.id)
    if page is None:
        return None
    return _LOOKINGS.at(page, shelf.store.rules.taught(shelf.sites().get(stored.article.site)), images=images)


def _gone(runs: Sequence[Run]) -> Iterator[Gone]:
    """What was taken out of the article's own place, what one rule took out in one go together."""
    for (mark, rule), group in groupby(runs, key=lambda run: (run.mark, run.rule)):
        if mark is Mark.REMOVED:
            part = list(group)
            text = " ".join(run.text for run in part)
            yield Gone(part[0].index, text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…", rule)
