"""What a request asks for in its query: only by names that there are, and only what it may see."""

from __future__ import annotations

from starlette.requests import Request

from news.errors import InvalidValue, did_you_mean
from news.selection import Selection
from web.access import allow


def known_names(request: Request, *known: str) -> None:
    """Raises InvalidValue for a query that has other names: a slip of the pen must not find everything."""
    for name in request.query_params:
        if name not in known:
            hint = did_you_mean(name, known, f"There are {', '.join(known)}.")
            raise InvalidValue(f"{name[:60]}: there is nothing of that name to ask for.", hint)


def selection_of(request: Request) -> Selection:
    """The articles that a request asks for. Raises InvalidValue, and Problem where who asks may not see them."""
    query = request.query_params
    selection = Selection.parse({name: query.getlist(name) for name in query})
    allow(request, selection.status)
    return selection
