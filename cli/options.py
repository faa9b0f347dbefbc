"""Options that several verbs share, so that they are read and explained in one way."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs

import typer


def moment(text: str) -> datetime:
    """A day or a moment as a person writes it; without a zone it is Vietnam's."""
    from news.article import VIETNAM

    for form in ("%d/%m/%Y", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-01, 01/03/2026 or 2026-03-01T08:00.") from None
    return when if when.tzinfo else when.replace(tzinfo=VIETNAM)


def day(text: str) -> datetime:
    """The beginning of a day in Vietnam, as a person writes the day."""
    from news.article import VIETNAM

    return moment(text).astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def query_of(text: str) -> dict[str, list[str]]:
    """A selection as it stands in an address, by name. Raises BantinError for a name that none has."""
    from news.errors import BantinError
    from news.selection import NAMES

    given = parse_qs(text, keep_blank_values=True)
    if unknown := sorted(set(given) - set(NAMES)):
        raise BantinError(f"A selection has no {', '.join(unknown)}.", f"It may have {', '.join(NAMES)}.")
    return given


def _editor(name: str) -> str:
    """Who decides. What the machine did can be told from what a person did by this name."""
    from news.event import CRAWL

    name = name.strip()
    if name in ("", CRAWL):
        raise typer.BadParameter(f"{name!r} is no editor's name.")
    return name


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Since = Annotated[
    datetime | None,
    typer.Option(parser=moment, metavar="DATE", help="Published then or later: 2026-03-01, 01/03/2026, or ISO 8601."),
]
From = Annotated[
    datetime | None, typer.Option("--from", parser=moment, metavar="DATE", help="From then on; written as for --to.")
]
To = Annotated[
    datetime | None,
    typer.Option("--to", parser=moment, metavar="DATE", help="Until then: 2026-03-01, 01/03/2026, or ISO 8601."),
]
By = Annotated[str, typer.Option("--by", callback=_editor, metavar="NAME", help="The editor who decides.")]
