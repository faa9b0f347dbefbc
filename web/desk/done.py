"""What an editor is shown after something was done with an article: the article as it is now, and a way to undo it."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from web.contexts.desk.decided import Decided, Toast
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import ItemPart
from web.desk.answers import shown
from web.desk.items import found, opened
from web.shelf import Shelf

# From wherever it was asked for (a form, a sheet), the answer goes into the pane, and the sheet is closed.
_INTO_PANE = {"HX-Retarget": "#item", "HX-Reswap": "innerHTML", "HX-Trigger": "desk-close"}


def done(
    shelf: Shelf,
    request: Request,
    frame: DeskFrame,
    id: str,
    toast: Toast | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """The article in the pane, and what was done at the edge of the page."""
    item = opened(shelf, frame, found(shelf, id), request)
    if toast is None:
        return shown(ItemPart(frame, item), status, _INTO_PANE)
    return shown(Decided(frame, item, toast, None, shows_item=True), status, _INTO_PANE)
