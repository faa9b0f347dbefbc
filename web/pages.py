"""Templates and what frames them."""

from __future__ import annotations

import hashlib
from difflib import get_close_matches
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from news.errors import InvalidValue
from news.selection import Selection
from web.contexts import ArticlePage, ErrorPage, Frame, Home
from web.texts import Language

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

# StrictUndefined: a template that names what its context has not must fail in a test, not print nothing.
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# The content names the file, so that a browser may keep it for ever and still sees a new one at once.
_STYLE = f"/static/style.css?{hashlib.sha256((STATIC / 'style.css').read_bytes()).hexdigest()[:12]}"


def render(template: str, page: Home | ArticlePage | ErrorPage) -> str:
    """The HTML of a page."""
    return _TEMPLATES.get_template(template).render(page=page, frame=page.frame, texts=page.frame.texts)


def known_names(request: Request, *known: str) -> None:
    """Raises InvalidValue for a query that has other names: a slip of the pen must not find everything."""
    for name in request.query_params:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(known)}."
            raise InvalidValue(f"{name[:60]}: there is nothing of that name to ask for.", hint)


def selection_of(request: Request) -> Selection:
    """The articles that a request asks for. Raises InvalidValue."""
    query = request.query_params
    return Selection.parse({name: query.getlist(name) for name in query})


def frame_of(request: Request) -> Frame:
    """The frame of the page that a request asks for; Vietnamese unless it says ?lang=en."""
    english = request.query_params.get("lang") == Language.ENGLISH
    rest = request.url.remove_query_params("lang")
    path = rest.path + (f"?{rest.query}" if rest.query else "")
    return Frame(Language.ENGLISH if english else Language.VIETNAMESE, path, _STYLE)
