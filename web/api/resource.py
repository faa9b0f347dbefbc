"""A resource of the API: its address, what answers, and what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from web.api.asked import Name
from web.api.models import Problem

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_PROBLEM = "application/problem+json"
_ERRORS = {
    400: "The body cannot be read.",
    401: "A token is needed, or the one given is not good.",
    403: "The token is not good for this.",
    404: "There is nothing of that name.",
    409: "As things stand it cannot be done: `detail` says why.",
    410: "It was taken down; or the events behind the cursor are no longer kept.",
    422: "A name of the query or the body is unknown, or its value is wrong.",
    429: "Too many requests: Retry-After says when to come again.",
    500: "Ours to mend.",
    501: "What it takes is not installed here.",
    503: "The store is away: Retry-After says when to come again.",
}
_LIMITS = {
    "RateLimit": "Where there is a limit: what is left of it, and the seconds until it is full again.",
    "RateLimit-Policy": "Where there is a limit: how many requests in how many seconds.",
}
_HEADERS = {
    "ETag": "Of the content; give it as If-None-Match, and 304 says that nothing has changed.",
    "Cache-Control": "May be kept, and is to be asked for again each time.",
    "Link": 'The next page, as rel="next".',
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the document says of the errors of an operation: of these, and of those that any may have."""
    content = {_PROBLEM: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    either = sorted({401, 403, 422, 429, 500, 503, *statuses})
    return {status: {"description": _ERRORS[status], "content": content} for status in either}


def headers(told: Mapping[str, str]) -> dict[str, Any]:
    """What it says of the headers of an answer: of these, and of those of any."""
    rows = {**told, **_LIMITS}.items()
    return {name: {"description": says, "schema": {"type": "string"}} for name, says in rows}


def resource(
    router: APIRouter,
    path: str,
    model: type[BaseModel] | None,
    tag: str,
    names: Sequence[Name] = (),
    *,
    missing: Sequence[int] = (),
    response_class: type[Response] = JSONResponse,
) -> Callable[[Endpoint], Endpoint]:
    """Makes a function the answer of GET and HEAD to a path. Its name and its docstring are what the document calls
    it; `missing` are the ways in which there may be nothing (404, 410)."""

    def add(endpoint: Endpoint) -> Endpoint:
        router.add_api_route(
            path,
            endpoint,
            methods=["GET", "HEAD"],
            tags=[tag],
            operation_id=endpoint.__name__,
            summary=endpoint.__name__.replace("_", " ").capitalize(),
            response_class=response_class,
            response_model=model,
            response_description="What was asked for.",
            responses={
                200: {"headers": headers(_HEADERS)},
                304: {"description": "What If-None-Match names is still right."},
                **errors(*missing),
            },
            openapi_extra={"parameters": [row.parameter() for row in names]},
        )
        return endpoint

    return add
