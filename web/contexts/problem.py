"""The page of an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from web.contexts.frame import Frame


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """templates/error.html"""

    template: ClassVar = "error.html"

    frame: Frame
    status: int
    title: str
    detail: str
    remedy: str
    sign_in: str = ""  # where one may sign in, where that may help
