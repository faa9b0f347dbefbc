"""The pages of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from web.contexts.frame import Frame
from web.texts.accounts import ACCOUNT_TEXTS, AccountTexts


@dataclass(frozen=True, slots=True)
class LoginPage:
    """templates/login.html: `next` is where to go from there, `name` what was typed before, `wrong` why it failed."""

    template: ClassVar = "login.html"

    frame: Frame
    next: str = ""
    name: str = ""
    wrong: str = ""

    @property
    def said(self) -> AccountTexts:
        return ACCOUNT_TEXTS[self.frame.language]
