"""Templates, and the answers that are made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from news.site import Site
from web.answers import etag_of, has
from web.contexts.frame import Frame, Page
from web.principal import principal_of
from web.security import POLICY, READING, WORKING
from web.static import Static
from web.texts import Language

_HERE = Path(__file__).parent
STATIC = Static(_HERE / "static")

# StrictUndefined: a template that names what its context has not must fail in a test, not print nothing.
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["static"] = STATIC.address
_CODE = re.compile(r"`([^`]+)`")


def coded(text: str) -> Markup:
    """What stands between backticks, as our sentences write what is to be typed, as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


_TEMPLATES.filters["coded"] = coded


def render(page: Page) -> str:
    """The HTML of a page."""
    return _TEMPLATES.get_template(page.template).render(page=page, frame=page.frame, texts=page.frame.texts)


def answer(request: Request, page: Page, policy: str = READING, status: int = HTTPStatus.OK) -> Response:
    """The page, or 304 where the browser has it as it is. `policy` is one of web.security."""
    body = render(page).encode()
    headers = {"ETag": etag_of(body), "Cache-Control": "no-cache", POLICY: policy}
    if has(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return HTMLResponse(body, status, headers)


def answer_to_user(page: Page, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Response:
    """A page for whoever is signed in, and nobody else: nothing keeps it. That also leaves it unpacked, so that its
    length tells nothing of the token in it (web.compression)."""
    return HTMLResponse(render(page), status, {**(headers or {}), "Cache-Control": "no-store", POLICY: WORKING})


def user_frame_of(request: Request) -> Frame:
    """The frame of a page for whoever is signed in: `frame_of` with the user and the token of the session's forms."""
    principal = principal_of(request)
    return replace(frame_of(request), user=principal.user, csrf=principal.csrf)


def frame_of(request: Request, address: str = "") -> Frame:
    """The frame of the page that a request asks for; Vietnamese unless it says ?lang=en. `address` is the public one of
    the app."""
    english = request.query_params.get("lang") == Language.ENGLISH
    rest = request.url.remove_query_params("lang")
    path = rest.path + (f"?{rest.query}" if rest.query else "")
    return Frame(Language.ENGLISH if english else Language.VIETNAMESE, path, address)


def names_in(language: Language, sites: Mapping[str, Site]) -> dict[str, str]:
    """Site id to the name that readers of that language know."""
    english = language is Language.ENGLISH
    return {id: site.name_en if english and site.name_en else site.name for id, site in sites.items()}
