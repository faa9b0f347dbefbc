"""The page of an article as it was fetched, in a frame of its own in which nothing runs."""

from __future__ import annotations

from news.article import StoredArticle
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import PageView
from web.shelf import Shelf


def page_view(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, *, images: bool) -> PageView:
    """The frame around the page of an article."""
    return PageView("", images, "", ())
