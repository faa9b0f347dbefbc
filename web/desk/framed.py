"""The page of an article as it was fetched, in a frame of its own in which nothing runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup
from starlette.responses import Response

from news.article import StoredArticle
from news.extract.framed import page_html
from news.extract.runs import Mark, Run, Trace
from news.extract.trace import trace
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import Framed, Gone, PageView, item_path
from web.desk.answers import shown
from web.security import FRAMED
from web.shelf import Shelf

# Of what was left out so many parts are listed, with so many letters of each; the frame shows all.
_LISTED, _LETTERS = 200, 240


def framed(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, *, images: bool) -> Response:
    """The page itself, with what became of each run of its text; empty where it is not kept."""
    seen = traced(shelf, stored)
    html = page_html(seen, images=images) if seen else ""
    policy = FRAMED.format(images="http: https:" if images else "'none'")
    # page_html leaves nothing that runs, and in the frame nothing may.
    return shown(Framed(frame, stored.article.title, Markup(html)), policy=policy)  # noqa: S704


def traced(shelf: Shelf, stored: StoredArticle) -> Trace | None:
    """What became of the page of an article by today's rules; None where the page is not kept."""
    page = shelf.store.pages.get(stored.id)
    if page is None:
        return None
    site = shelf.store.rules.taught(shelf.sites().get(stored.article.site))
    return trace(page.body, page.url, site=site, content_type=page.content_type)


def page_view(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, *, images: bool) -> PageView:
    """The frame around the page of an article, and what was left out of it."""
    seen, path = traced(shelf, stored), item_path(stored.id)
    if seen is None:
        return PageView("", images, "", ())
    source = f"{path}/page?images=on" if images else f"{path}/page"
    other = frame.link(path, view="page", images="" if images else "on")
    return PageView(source, images, other, tuple(_gone(seen.runs))[:_LISTED])


def _gone(runs: Sequence[Run]) -> Iterator[Gone]:
    """What was taken out of the article's own place, what one rule took out in one go together."""
    for (mark, rule), group in groupby(runs, key=lambda run: (run.mark, run.rule)):
        if mark is Mark.REMOVED:
            part = list(group)
            text = " ".join(run.text for run in part)
            yield Gone(part[0].index, text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…", rule)
