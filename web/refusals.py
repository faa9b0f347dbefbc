"""What those are answered who may not have what they ask for, or not so often, or not in this way."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope as Connection

from news.access import Refused, Scope
from news.quota import Quota, Taken
from news.users import Role
from web import problems
from web.problems import Problem, reads_pages, sign_in_address

_DETAILS = {
    Refused.NO_TOKEN: "This needs a token.",
    Refused.UNKNOWN: "The token is none of ours.",
    Refused.EXPIRED: "The token has expired.",
    Refused.REVOKED: "The token was revoked.",
    Refused.SCOPE: "The token is not good for this.",
}
_REMEDIES = {
    Refused.NO_TOKEN: "Give it as X-Auth-Token, as Authorization: Bearer, or as ?key= in the address of a feed.",
    Refused.UNKNOWN: "Give it whole, as it was shown when it was made.",
}
_ASK = "Ask the operator for another."


def refused(scope: Connection, reason: Refused, need: Scope) -> Response:
    """A token is missing, or not good for it."""
    status = HTTPStatus.FORBIDDEN if reason is Refused.SCOPE else HTTPStatus.UNAUTHORIZED
    # RFC 6750, 3: who gave no token is told of no error.
    challenge = 'Bearer realm="Bantin"'
    if reason is Refused.SCOPE:
        challenge += f', error="insufficient_scope", scope="{need}"'
    elif reason is not Refused.NO_TOKEN:
        challenge += f', error="invalid_token", error_description="{_DETAILS[reason]}"'
    detail = f"{_DETAILS[reason]} It needs the scope {need}." if reason is Refused.SCOPE else _DETAILS[reason]
    problem = Problem(status, detail, _REMEDIES.get(reason, _ASK))
    return _answer(scope, problem, {"WWW-Authenticate": challenge})


def too_many(scope: Connection, quota: Quota, taken: Taken) -> Response:
    """The limit is used up."""
    detail = f"More than {quota.per_minute} requests a minute."
    remedy = f"Ask again in {taken.reset} seconds."
    problem = Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, remedy)
    return _answer(scope, problem, {"Retry-After": str(taken.reset)})


def sign_in_needed(scope: Connection) -> Response:
    """Nobody is signed in: who opens a page is led to the form, and from there back; a script is told."""
    request = Request(scope)
    opens = request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    if opens and reads_pages(request):
        return RedirectResponse(sign_in_address(request), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    problem = Problem(
        HTTPStatus.UNAUTHORIZED, "Nobody is signed in.", "Sign in at /login, and try again.", kind="sign-in-needed"
    )
    return _answer(scope, problem)


def role_needed(scope: Connection, role: Role) -> Response:
    """Who is signed in may not."""
    detail = f"This is for the role {role}."
    problem = Problem(HTTPStatus.FORBIDDEN, detail, "Ask an administrator for the role.", kind="role-needed")
    return _answer(scope, problem)


def not_from_a_page(scope: Connection, detail: str) -> Response:
    """A change was asked for, but not by a page of this session."""
    problem = Problem(HTTPStatus.FORBIDDEN, detail, "Reload the page, and try again.", kind="reload-needed")
    return _answer(scope, problem)


def too_large(scope: Connection, most: int) -> Response:
    """A form is larger than any of ours."""
    detail = f"The form is larger than {most:,} bytes."
    return _answer(scope, Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, "Send the token in X-CSRF-Token."))


def _answer(scope: Connection, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    response = problems.answer(Request(scope), problem)
    response.headers.update({"Cache-Control": "no-store", **(headers or {})})
    return response
