"""Who works here: users, their roles, and what each role may."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from news.errors import InvalidValue

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class Role(StrEnum):
    """What a user is. The value is the stored and published name."""

    READER = "reader"
    EDITOR = "editor"
    OPERATOR = "operator"
    ADMIN = "admin"

    def may(self, role: Role) -> bool:
        """Whether one of this role may do what needs `role`: an admin everything, everybody what readers may."""
        return role in (self, Role.READER) or self is Role.ADMIN


@dataclass(frozen=True, slots=True)
class User:
    """A user. `name` is what one logs in with and what the trail shows, `full_name` what people are called; `password`
    the argon2 hash ("" for who only comes by single sign-on), `subject` the identity at the provider of single sign-on.
    Times are UTC."""

    name: str
    role: Role
    created: datetime
    full_name: str = ""
    password: str = ""
    subject: str = ""
    disabled: datetime | None = None
    last_login: datetime | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidValue(
                f"{self.name[:40]!r} is no name for a user.",
                "Use 2 to 40 small letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
            )
