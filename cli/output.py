"""How verbs speak: results on stdout, everything else on stderr, JSON one object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from news.errors import BantinError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from news.article import Article

# A pipe has no width; a table for it may be as wide as its rows, and must not be cut to the 80 columns Rich assumes.
_PIPE_WIDTH = 240
# A title or a name in a column narrower than this is a tower of single words.
_READABLE = 24


def console(*, stderr: bool = False) -> Console:
    """Where a verb prints: coloured on a terminal, plain in a pipe."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _PIPE_WIDTH, highlight=False)


def table(*columns: str, title: str = "") -> Table:
    """An empty table. A column called "name#" holds numbers and stands to the right, one called "name!" holds what
    people copy and is never cut."""
    from rich import box
    from rich.table import Table

    made = Table(
        title=title or None, box=box.SIMPLE_HEAD, title_justify="left", header_style="bold", collapse_padding=True
    )
    for name in columns:
        number, header = name.endswith("#"), name.rstrip("#!")
        # On a narrow terminal the words give way, never the numbers.
        narrowest = max(map(len, header.split()), default=0) if number else None
        made.add_column(
            header,
            justify="right" if number else "left",
            min_width=narrowest,
            no_wrap=name.endswith("!"),
            overflow="fold",
        )
    return made


def show(made: Table) -> None:
    """Prints a table to stdout, as wide as the terminal, or wider where that would make it unreadable: a line that the
    terminal folds still says everything."""
    from rich.measure import Measurement
    from rich.text import Text

    for column in made.columns:
        longest = max((Text.from_markup(str(cell)).cell_len for cell in column.cells), default=0)
        if column.justify == "left":
            column.min_width = longest if column.no_wrap else min(_READABLE, longest)
    target = console()
    unbound = target.options.update(max_width=10_000)
    target.width = max(target.width, Measurement.get(target, unbound, made).minimum)
    target.print(made)


def json_line(data: Mapping[str, Any]) -> str:
    """One object on one line; Vietnamese stays readable, halves of surrogate pairs stay escaped."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if _encodable(text) else json.dumps(data, default=str)


def line(text: str) -> None:
    """One line of a verb's result, as it is."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """One line beside the result."""
    sys.stderr.write(text + "\n")


def report(error: BantinError) -> None:
    """What is wrong on one line, what to do on the next."""
    sys.stderr.write(f"{error.problem}\n{error.remedy}\n" if error.remedy else f"{error.problem}\n")


def plain(text: str) -> str:
    """Text of others for a cell of a table, in which "[video]" is a word and no markup."""
    from rich.markup import escape

    return escape(text)


def when(moment: datetime | None) -> str:
    """A moment as Vietnam reads it, to the minute."""
    from news.article import VIETNAM

    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "-"


def stated(article: Article) -> str:
    """When an article was published, as exactly as its page says."""
    from news.article import Precision

    told = when(article.published)
    return told.split()[0] if article.published_precision is Precision.DAY else told


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
