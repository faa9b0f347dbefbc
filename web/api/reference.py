"""/openapi.json and the page that is made of it: everything the API answers, for programs and for people."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.responses import Response

from news.access import Scope
from web.access import need_of
from web.api import models
from web.api.asked import Asked, Name
from web.api.given import Desk, Made
from web.contexts.frame import Frame
from web.pages import answer, frame_of
from web.problems import KINDS, ProblemKind

_TITLE, _VERSION = "Bantin", "1"
_ABOUT = (
    "The news of Vietnam's ministries, provinces and state press. Read lists with `next` as `cursor` to their end, or "
    "follow the events. What is read without a scope has an ETag. Errors are problem details (RFC 9457). What is not "
    "there yet for the public is not shown; what was taken down is told of as removed. A token is given as "
    "X-Auth-Token or as Authorization: Bearer."
)


def add(router: APIRouter, desk: Desk, beside: Sequence[APIRouter] = ()) -> None:
    """The document of the routes of the router and of those `beside` it."""
    routes = [route for one in (router, *beside) for route in one.routes if isinstance(route, APIRoute)]

    @cache
    def document() -> dict[str, Any]:
        return openapi(routes, desk.shelf.address)

    @router.api_route("/openapi.json", methods=["GET", "HEAD"], include_in_schema=False)
    def openapi_json(request: Request) -> Response:
        Asked(request)
        return desk.answer(request, (), lambda: Made(document()))

    @router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    @router.api_route("", methods=["GET", "HEAD"], include_in_schema=False)
    def page(request: Request) -> Response:
        Asked(request, (Name("lang", "vi or en", choices=("vi", "en")),))
        return answer(request, reference(frame_of(request, desk.shelf.address), document()))


def openapi(routes: Sequence[APIRoute], address: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes; HEAD goes without saying."""
    told = []
    for route in routes:
        told.append(copy.copy(route))
        told[-1].methods = (route.methods or set()) - {"HEAD"}
    document = get_openapi(
        title=_TITLE, version=_VERSION, description=_ABOUT, routes=told, servers=[{"url": address}],
        openapi_version="3.1.0",
    )  # fmt: skip
    template = "#/components/schemas/{model}"
    problem = models.Problem.model_json_schema(ref_template=template, mode="serialization")
    document["components"]["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
    document["components"]["securitySchemes"] = {
        "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    document["security"] = [{}, {"token": []}, {"bearer": []}]
    for path, _, operation in _operations(document):
        operation["description"] = " ".join(operation["description"].split())
        if (need := need_of(path)) is not Scope.READ:
            operation["security"] = [{"token": [need]}, {"bearer": [need]}]
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and what is said of it."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield path, method, told


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str
    says: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """`scope` is what its token must be good for, "" where none is needed; `body` and `answer` name shapes."""

    id: str
    method: str
    path: str
    says: str
    scope: str
    parameters: tuple[Parameter, ...]
    body: str
    answer: str
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    says: str
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """templates/reference.html: what the API answers."""

    template: ClassVar = "reference.html"

    frame: Frame
    about: str
    operations: tuple[Operation, ...]
    shapes: tuple[Shape, ...]
    problems: tuple[ProblemKind, ...]


def reference(frame: Frame, document: Mapping[str, Any]) -> Reference:
    """The page of an OpenAPI document."""
    operations = [_operation(*row) for row in _operations(document)]
    shapes = document["components"]["schemas"].items()
    return Reference(
        frame=frame,
        about=document["info"]["description"],
        operations=tuple(operations),
        shapes=tuple(_shape(name, schema) for name, schema in shapes if "properties" in schema),
        problems=KINDS,
    )


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    rows = told.get("parameters", [])
    answer = next(told["responses"][status] for status in ("200", "201", "204") if status in told["responses"])
    scope = told["security"][0]["token"][0] if "security" in told else ""
    linked = method == "get" and not scope and "{" not in path
    usual = {row["name"]: row["example"] for row in rows if row.get("required") and "example" in row}
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        says=told["description"],
        scope=scope,
        parameters=tuple(
            Parameter(row["name"], _type(row["schema"]), row.get("description", ""), row.get("required", False))
            for row in rows
        ),
        body=_shape_of(told.get("requestBody", {})),
        answer=_shape_of(answer),
        example=path + (f"?{urlencode(usual)}" if usual else "") if linked else "",
    )


def _shape_of(told: Mapping[str, Any]) -> str:
    """The shape of a body or an answer; "" where it has none."""
    content: Mapping[str, Any] = next(iter(told.get("content", {}).values()), {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    needed = schema.get("required", ())
    fields = schema["properties"].items()
    rows = (Parameter(field, _type(row), row.get("description", ""), field in needed) for field, row in fields)
    return Shape(name, schema.get("description", ""), tuple(rows))


_WORDS = {"string": "text", "date-time": "time", "integer": "whole number", "uri-reference": "address"}


def _type(schema: Mapping[str, Any]) -> str:
    """A type in words."""
    return " or ".join(dict.fromkeys(_types(schema)))


def _types(schema: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _types(one)
    elif "enum" in schema:
        yield ", ".join(map(str, schema["enum"]))
    elif schema.get("type") == "array":
        yield f"list of {_type(schema['items']) or 'anything'}"
    elif "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']} to {schema['maximum']}"
    else:
        kind = schema.get("format") or schema.get("type", "")
        yield _WORDS.get(kind, kind)
