"""Answers of the desk: pages and parts of them, which no cache may keep."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from web.contexts.desk.frame import DeskFrame
from web.contexts.frame import Page
from web.pages import render, user_frame_of
from web.principal import principal_of
from web.security import DESK, POLICY


def desk_frame(request: Request) -> DeskFrame:
    """The frame of the page of the desk that a request asks for."""
    return DeskFrame.of(user_frame_of(request))


def editor_of(request: Request) -> str:
    """The name of the editor who asks, whom the trail shows."""
    user = principal_of(request).user
    assert user is not None, "web.access lets in nobody who is not signed in"
    return user.name


def shown(
    page: Page, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None, policy: str = DESK
) -> Response:
    """The page or the part, as it is now. What a cache kept would be of before the last decision; and packing an answer
    with a token in it would tell of that by its length, which `no-store` keeps web.compression from."""
    return HTMLResponse(render(page), status, {**(headers or {}), "Cache-Control": "no-store", POLICY: policy})
