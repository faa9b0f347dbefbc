"""What a form of ours sends: names and values, with a limit on both."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request

from web.problems import Problem

_MOST = 1_000_000  # bytes
_MOST_FIELDS = 2_000


async def form_of(request: Request, most: int = _MOST) -> dict[str, str]:
    """The fields of a urlencoded form, of several with one name the last. Raises Problem for a body of more than `most`
    bytes, and for one that is no such form."""
    return dict(await fields_of(request, most))


async def fields_of(request: Request, most: int = _MOST) -> list[tuple[str, str]]:
    """The fields of a urlencoded form in their order, those with one name all. Raises Problem as `form_of` does."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The form is larger than {most:,} bytes.")
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is no form of ours.") from None


def number_in(text: str) -> int:
    """The number in a field of our own pages; 0 for what is none of 15 digits at most."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else 0
