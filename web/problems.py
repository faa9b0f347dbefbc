"""Errors as HTTP says them: a page for browsers, application/problem+json (RFC 9457) for programs. One envelope."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from news.errors import BantinError, InvalidValue
from storage.events import CursorGone
from web.contexts.problem import ErrorPage
from web.pages import frame_of, render
from web.security import harden
from web.texts import Texts

log = logging.getLogger("bantin.web")


# Programs read problems, whatever else they say they could read.
_MACHINES = "/api/"


class ProblemKind(NamedTuple):
    """A kind of problem: the last part of its `type`, and what it means."""

    name: str
    status: HTTPStatus
    says: str

    @property
    def type(self) -> str:
        """The URI reference by which programs know it (RFC 9457, 3.1.1)."""
        return f"/api/v1/#problem-{self.name}"


KINDS = (
    ProblemKind("bad-request", HTTPStatus.BAD_REQUEST, "The request is not HTTP as it should be."),
    ProblemKind("token-needed", HTTPStatus.UNAUTHORIZED, "It needs a token that is good."),
    ProblemKind("sign-in-needed", HTTPStatus.UNAUTHORIZED, "It is for users, and nobody is signed in."),
    ProblemKind("scope-needed", HTTPStatus.FORBIDDEN, "The token is not good for this; `detail` names the scope."),
    ProblemKind("role-needed", HTTPStatus.FORBIDDEN, "Who is signed in has not the role; `detail` names it."),
    ProblemKind(
        "reload-needed", HTTPStatus.FORBIDDEN,
        "The page that asks is not of this session: sign in again, or reload it.",
    ),
    ProblemKind("not-found", HTTPStatus.NOT_FOUND, "There is nothing of that name, or it is not published."),
    ProblemKind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "The header Allow names what may be done."),
    ProblemKind("conflict", HTTPStatus.CONFLICT, "As things stand it cannot be done: `detail` says why."),
    ProblemKind("gone", HTTPStatus.GONE, "It was taken down; it is not to be shown any more."),
    ProblemKind(
        "cursor-gone", HTTPStatus.GONE,
        "The events behind the cursor are not kept, or were never ours: read the articles anew, then go on from "
        "`cursor`.",
    ),
    ProblemKind(
        "invalid-query", HTTPStatus.UNPROCESSABLE_ENTITY,
        "A name of the query or the body is unknown or its value is wrong: `errors` says which and why.",
    ),
    ProblemKind("too-much", HTTPStatus.UNPROCESSABLE_ENTITY, "It would be counted too long: ask for less."),
    ProblemKind("too-many-requests", HTTPStatus.TOO_MANY_REQUESTS, "Ask again after Retry-After, in seconds."),
    ProblemKind("internal-error", HTTPStatus.INTERNAL_SERVER_ERROR, "Ours to mend."),
    ProblemKind(
        "not-installed", HTTPStatus.NOT_IMPLEMENTED, "What it takes is not installed here: ask for something else."
    ),
    ProblemKind("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The store is away: ask again after Retry-After."),
)  # fmt: skip
_BY_NAME = {kind.name: kind for kind in KINDS}
# Of several kinds with a status the first is meant where none is named.
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


class Problem(Exception):
    """A request that cannot be answered: `status` is HTTP's, `detail` what is wrong, `remedy` what to do. `kind` is the
    name of one of KINDS (the usual one of the status), `more` what programs are told besides."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        remedy: str = "",
        *,
        kind: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.kind = _BY_NAME[kind] if kind else _BY_STATUS.get(status)
        self.more = more or {}

    def to_json(self) -> dict[str, Any]:
        """The body of RFC 9457."""
        return {
            "type": self.kind.type if self.kind else "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            **({"remedy": self.remedy} if self.remedy else {}),
            **self.more,
        }


def install(app: FastAPI) -> None:
    """Makes every error of the app one of ours."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InvalidValue, _refused)
    app.add_exception_handler(CursorGone, _cursor_gone)
    app.add_exception_handler(BantinError, unavailable)
    app.add_exception_handler(Exception, _failed)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = f"{request.url.path}: {status.phrase}." if error.detail == status.phrase else str(error.detail)
    response = answer(request, Problem(status, detail))
    response.headers.update(error.headers or {})
    return response


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # A place has numbers behind the name: of a list's item, of the byte at which a body is no JSON.
    names = [[part for part in row["loc"] if isinstance(part, str)][-1] for row in error.errors()]
    errors = [{"name": name, "problem": f"{row['msg']}."} for name, row in zip(names, error.errors(), strict=True)]
    said = "; ".join(f"{row['name']}: {row['problem'].rstrip('.')}" for row in errors)
    return answer(request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{said}.", more={"errors": errors}))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidValue)
    # What a value is refused for begins with the name under which it was given.
    named = [name for name in request.query_params if name and error.problem.startswith(name[:60])]
    name = max(named, key=len, default="")
    more = {"errors": [{"name": name, "problem": error.problem}]} if name else None
    return answer(request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.problem, error.remedy, more=more))


def _cursor_gone(request: Request, error: Exception) -> Response:
    assert isinstance(error, CursorGone)
    more = {"cursor": error.start}
    return answer(request, Problem(HTTPStatus.GONE, error.problem, error.remedy, kind="cursor-gone", more=more))


def unavailable(request: Request, error: Exception) -> Response:
    """The answer while the store is away. Where that is, and what mends it, the log tells the operator."""
    assert isinstance(error, BantinError)
    log.error("%s: %s", request.url.path, error)
    away = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The store does not answer.", "Ask again in half a minute.")
    response = answer(request, away)
    response.headers["Retry-After"] = "30"
    return response


def _failed(request: Request, error: Exception) -> Response:
    # Starlette gives this answer outside of every middleware.
    response = answer(request, Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "", "The log of the web app says why."))
    harden(response.headers)
    return response


def answer(request: Request, problem: Problem) -> Response:
    """The problem as the one who asked can read it."""
    status = problem.status
    if reads_pages(request):
        frame = frame_of(request)
        title, detail = _words(problem, frame.texts)
        # Our own sentence says what to do, in the reader's language.
        remedy = problem.remedy if detail == problem.detail else ""
        sign_in = sign_in_address(request) if status is HTTPStatus.UNAUTHORIZED else ""
        return HTMLResponse(render(ErrorPage(frame, status, title, detail, remedy, sign_in)), status)
    return JSONResponse(problem.to_json(), status, media_type="application/problem+json")


def reads_pages(request: Request) -> bool:
    """Whether a person asks, with a browser and not through a script of a page."""
    headers = request.headers
    person = "text/html" in headers.get("accept", "") and "hx-request" not in headers
    return person and not request.url.path.startswith(_MACHINES)


def sign_in_address(request: Request) -> str:
    """The form to sign in at, which leads back to what was asked for, in the language of that."""
    query = f"?{request.url.query}" if request.url.query else ""
    back = quote(request.url.path) + query if request.method in ("GET", "HEAD") else ""
    asked = {"next": back, "lang": request.query_params.get("lang", "")}
    pairs = urlencode({name: value for name, value in asked.items() if value}, safe="/")
    return f"/login?{pairs}" if pairs else "/login"


def _words(problem: Problem, texts: Texts) -> tuple[str, str]:
    """Title and sentence of the page, in the reader's language where the reader can do nothing with the detail."""
    if problem.kind and problem.kind.name in texts.problems:
        return texts.problems[problem.kind.name]
    if problem.status is HTTPStatus.NOT_FOUND:
        return texts.not_found, texts.not_found_hint
    if problem.status is HTTPStatus.GONE:
        return texts.gone, texts.gone_hint
    if problem.status is HTTPStatus.UNAUTHORIZED:
        return texts.locked, texts.locked_hint
    if problem.status is HTTPStatus.TOO_MANY_REQUESTS:
        return texts.too_many, texts.too_many_hint
    if problem.status is HTTPStatus.SERVICE_UNAVAILABLE:
        return texts.unavailable, texts.unavailable_hint
    return texts.failed if problem.status >= 500 else texts.invalid, problem.detail
