"""templates/desk/desk.html: the desk as it is first shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from news.review.states import Move
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import KEYS, WITH_REASON, Button, Item
from web.contexts.desk.queue import Filters, QueueList


@dataclass(frozen=True, slots=True)
class DeskPage:
    template: ClassVar = "desk/desk.html"

    frame: DeskFrame
    filters: Filters
    list: QueueList
    item: Item | None

    @property
    def bulk(self) -> tuple[Button, ...]:
        """The moves for all that are selected, each on its key with Shift."""
        names = self.frame.desk.moves
        return tuple(Button(str(move), names[move], KEYS[move].upper(), move in WITH_REASON) for move in Move)

    @property
    def reasons(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is often the reason of a move that must have one."""
        desk = self.frame.desk
        return ((str(Move.REJECT), desk.reject_reasons), (str(Move.RETRACT), desk.retract_reasons))
