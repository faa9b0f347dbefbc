"""What every page of the console has."""

from __future__ import annotations

from dataclasses import dataclass, fields

from web.contexts.frame import Frame, Link
from web.texts import CONSOLE, DESK, ConsoleTexts, DeskTexts
from web.texts.console_runs import RUN_TEXTS, RunTexts

_MENU = (("/console", "sites"), ("/console/runs", "runs"), ("/console/live", "live"), ("/console/why", "why"))


@dataclass(frozen=True, slots=True)
class ConsoleFrame(Frame):
    """The frame of a page of the console: its own texts and its own menu. What it shares with the desk (signing in
    again, toasts, keys) says the desk's texts."""

    @classmethod
    def of(cls, frame: Frame) -> ConsoleFrame:
        """The same frame at the console."""
        return cls(**{field.name: getattr(frame, field.name) for field in fields(frame)})

    @property
    def console(self) -> ConsoleTexts:
        return CONSOLE[self.language]

    @property
    def work(self) -> RunTexts:
        """What is said of runs, of what goes on, and of one address."""
        return RUN_TEXTS[self.language]

    @property
    def desk(self) -> DeskTexts:
        return DESK[self.language]

    @property
    def menu(self) -> tuple[Link, ...]:
        """The pages of the console, with the one marked that this is or that this is below."""
        here = self.path.partition("?")[0]
        return tuple(Link(getattr(self.console, text), self.link(path), _current(path, here)) for path, text in _MENU)


def _current(path: str, here: str) -> str:
    if here == path:
        return "page"
    above = "/console/sites" if path == "/console" else path
    return "true" if here.startswith(f"{above}/") else ""
