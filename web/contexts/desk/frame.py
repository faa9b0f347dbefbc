"""What every page of the desk has."""

from __future__ import annotations

from dataclasses import dataclass, fields

from web.contexts.frame import Frame, Link
from web.texts import DESK, DeskTexts
from web.texts.desk_editing import EDITING, EditingTexts
from web.texts.desk_teaching import TEACH_TEXTS, TeachTexts

_MENU = (("/desk", "desk"), ("/desk/trail", "trail"), ("/desk/figures", "figures"), ("/desk/rules", "rules"))


@dataclass(frozen=True, slots=True)
class DeskFrame(Frame):
    """The frame of a page of the desk: its own texts and its own menu."""

    @classmethod
    def of(cls, frame: Frame) -> DeskFrame:
        """The same frame at the desk."""
        return cls(**{field.name: getattr(frame, field.name) for field in fields(frame)})

    @property
    def desk(self) -> DeskTexts:
        return DESK[self.language]

    @property
    def words(self) -> EditingTexts:
        """What is said where an article is edited, moved between stories, noted and handed on."""
        return EDITING[self.language]

    @property
    def say(self) -> TeachTexts:
        """What is said about teaching."""
        return TEACH_TEXTS[self.language]

    @property
    def menu(self) -> tuple[Link, ...]:
        """The pages of the desk, with the one marked that this is or that this is below."""
        here = self.path.partition("?")[0]
        return tuple(Link(getattr(self.desk, text), self.link(path), _current(path, here)) for path, text in _MENU)


def _current(path: str, here: str) -> str:
    if here == path:
        return "page"
    return "true" if path != "/desk" and here.startswith(f"{path}/") else ""
