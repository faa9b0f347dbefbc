"""Whether a change is asked for by a page of ours and of this session, and not by another site in a user's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from news.sessions import Ticket

HEADER, FIELD = "x-csrf-token", "csrf"
SAFE = ("GET", "HEAD", "OPTIONS")
MOST_FORM = 4_000_000
"""Bytes of a form that is looked into for its token: an article of 300,000 letters, each of up to nine bytes there."""


class Judged(NamedTuple):
    """`wrong` says what is (""): nothing; `receive` gives the request's body, also where it was read here. `large`: the
    form is larger than MOST_FORM."""

    wrong: str
    receive: Receive
    large: bool = False


def ours(headers: Mapping[str, str], origin: str) -> bool:
    """Whether a page of ours asks, as far as the browser says. `origin` is that of the app's public address."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    given = headers.get("origin")
    # No browser lets a page choose these headers, and the cookie goes to the host alone that set it.
    return given is None or given == origin or urlsplit(given).netloc == headers.get("host")


async def judge(headers: Headers, receive: Receive, ticket: Ticket, origin: str) -> Judged:
    """Judges a request that changes something and comes with a session."""
    if not ours(headers, origin):
        return Judged("The request comes from another site.", receive)
    given = headers.get(HEADER)
    if given is None and headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        body, whole = await _read(receive)
        if not whole:
            return Judged("", receive, large=True)
        given, receive = _field(body), _again(body, receive)
    return Judged("" if ticket.wrote(given or "") else "The page is of a session that has ended.", receive)


def origin_of(url: str) -> str:
    """The origin of an address, as browsers write it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _read(receive: Receive) -> tuple[bytes, bool]:
    """The body, and whether that is all of it."""
    body = b""
    while len(body) <= MOST_FORM:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body, message["type"] == "http.request" and len(body) <= MOST_FORM
    return b"", False


def _field(body: bytes) -> str:
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
    return next((value for name, value in pairs if name == FIELD), "")


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already, and then what else the client says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
