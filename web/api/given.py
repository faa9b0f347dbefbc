"""How a resource of the API is answered: made once, kept until something happens, with its validators and its links."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from web.answers import Answer, Answers, respond
from web.pulse import Pulse
from web.shelf import Shelf

PREFIX = "/api/v1"
# May be kept by anybody, and is asked for again each time: a 304 is cheap, and a correction is never late.
CACHING = "public, no-cache"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Made:
    """What an answer says; `next` is the cursor of the next page, `changed` when what it tells happened last, UTC.
    `kept`: whether it is right until something happens."""

    body: Mapping[str, Any]
    next: str = ""
    changed: datetime | None = None
    kept: bool = True


@dataclass(slots=True)
class Desk:
    """What all resources share."""

    shelf: Shelf
    pulse: Pulse
    answers: Answers = field(default_factory=Answers)

    def answer(self, request: Request, asked: Hashable, make: Callable[[], Made]) -> Response:
        """The answer to what is `asked`, or 304. What `make` makes may depend on it, on the articles and on the
        catalogue, and on nothing else."""
        state = self.shelf.state()
        return given(request, self.answers.get((request.url.path, asked), state, lambda: answer_of(make(), request)))

    def link(self, resource: str, **query: str) -> str:
        """The public address of a resource."""
        return f"{self.shelf.address}{PREFIX}{resource}" + (f"?{urlencode(query)}" if query else "")


def answer_of(made: Made, request: Request) -> Answer:
    """The answer with its link to the next page, which has the names of this one."""
    links: tuple[tuple[str, str], ...] = ()
    if made.next:
        here = request.url.include_query_params(cursor=made.next)
        links = (("Link", f'<{here.path}?{here.query}>; rel="next"'),)
    return Answer.of(orjson.dumps(made.body), _JSON, made.changed, headers=links, kept=made.kept)


def given(request: Request, answer: Answer) -> Response:
    return respond(request, answer, CACHING)
