"""Who works here: users, their roles, and what each role may."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from news.errors import InvalidValue

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200  # in characters; what is hashed must have an end


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
    password: str = field(default="", repr=False)
    subject: str = ""
    disabled: datetime | None = None
    last_login: datetime | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidValue(
                f"{self.name[:40]!r} is no name for a user.",
                "Use 2 to 40 small letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
            )


class PasswordFault(StrEnum):
    """Why something is no password for a user."""

    SHORT = "short"
    LONG = "long"
    OWN_NAME = "own-name"


def fault_of(password: str, name: str) -> PasswordFault | None:
    """Why that is no password for the user of a name, or None. Length is all that is asked for: rules about digits and
    signs make people write "Matkhau1!" (NIST SP 800-63B, 5.1.1.2)."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.LONG
    return PasswordFault.OWN_NAME if password.strip().lower() == name else None
