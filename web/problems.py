"""Errors as HTTP says them: a page for browsers, application/problem+json (RFC 9457) for programs. One envelope."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from news.errors import BantinError, InvalidValue
from web.contexts.problem import ErrorPage
from web.pages import frame_of, render
from web.security import harden
from web.texts import Texts

log = logging.getLogger("bantin.web")


class Problem(Exception):
    """A request that cannot be answered: `status` is HTTP's, `detail` what is wrong, `remedy` what to do."""

    def __init__(self, status: HTTPStatus, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy


def install(app: FastAPI) -> None:
    """Makes every error of the app one of ours."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InvalidValue, _refused)
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
    said = "; ".join(f"{row['loc'][-1]}: {row['msg']}" for row in error.errors())
    return answer(request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{said}."))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidValue)
    return answer(request, Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.problem, error.remedy))


def unavailable(request: Request, error: Exception) -> Response:
    """The answer while the store is away."""
    assert isinstance(error, BantinError)
    log.error("%s: %s", request.url.path, error)
    response = answer(request, Problem(HTTPStatus.SERVICE_UNAVAILABLE, error.problem, error.remedy))
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
    if "text/html" in request.headers.get("accept", ""):
        frame = frame_of(request)
        title, detail = _words(problem, frame.texts)
        context = ErrorPage(frame, status, title, detail, problem.remedy)
        return HTMLResponse(render(context), status)
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": problem.detail}
    return JSONResponse(
        body | ({"remedy": problem.remedy} if problem.remedy else {}), status, media_type="application/problem+json"
    )


def _words(problem: Problem, texts: Texts) -> tuple[str, str]:
    """Title and sentence of the page, in the reader's language where the reader can do nothing with the detail."""
    if problem.status is HTTPStatus.NOT_FOUND:
        return texts.not_found, texts.not_found_hint
    if problem.status is HTTPStatus.GONE:
        return texts.gone, texts.gone_hint
    if problem.status is HTTPStatus.UNAUTHORIZED:
        return texts.locked, texts.locked_hint
    if problem.status is HTTPStatus.TOO_MANY_REQUESTS:
        return texts.too_many, texts.too_many_hint
    if problem.status is HTTPStatus.SERVICE_UNAVAILABLE:
        return texts.unavailable, problem.detail
    return texts.failed if problem.status >= 500 else texts.invalid, problem.detail
