"""What the routes of the console share: the frame of a page, who asks, and the moment."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request

from web.contexts.console.frame import ConsoleFrame
from web.pages import user_frame_of
from web.principal import principal_of


def console_frame(request: Request) -> ConsoleFrame:
    """The frame of the page of the console that a request asks for."""
    return ConsoleFrame.of(user_frame_of(request))


def operator_of(request: Request) -> str:
    """The name of the operator who asks, whom the controls show."""
    user = principal_of(request).user
    assert user is not None, "web.access lets in nobody who is not signed in"
    return user.name


def now() -> datetime:
    """The moment, UTC."""
    return datetime.now(UTC)
