"""What reads otherwise in a text, for people: a line that went begins with "-", one that came with "+"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from news.diff import ChangeKind, ParagraphChange

if TYPE_CHECKING:
    from rich.console import Console

_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}


def counted(changes: Iterable[ParagraphChange]) -> str:
    """How many paragraphs came (+), went (-) and were changed (~); "-" where none did."""
    counts = Counter(change.kind for change in changes)
    return " ".join(f"{sign}{counts[kind]}" for kind, sign in _SIGNS.items() if counts[kind]) or "-"


def show(console: Console, changes: Iterable[ParagraphChange]) -> None:
    """Each paragraph on a line, the old one before the new one."""
    for change in changes:
        for sign, colour, text in (("-", "red", change.before), ("+", "green", change.after)):
            if text:
                # Folded by the terminal and not here, so that a pipe gets the paragraph on one line.
                console.print(f"{sign} {text}", style=colour, markup=False, soft_wrap=True)
