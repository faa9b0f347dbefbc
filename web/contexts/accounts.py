"""The pages of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple, Self
from urllib.parse import quote

from news.sessions import Session
from news.users import LONGEST_PASSWORD, SHORTEST_PASSWORD, Role, User
from web.accounts.browsers import called
from web.contexts.dates import Moment, machine, moment_of
from web.contexts.frame import Frame
from web.texts.accounts import ACCOUNT_TEXTS, AccountTexts


class SessionRow(NamedTuple):
    """A session; `own` is the one that the page is seen in."""

    id: str
    browser: str
    address: str
    began: Moment
    seen: Moment
    own: bool

    @classmethod
    def of(cls, session: Session, own: str, frame: Frame) -> Self:
        began, seen = _moment(session.created, frame), _moment(session.seen, frame)
        return cls(session.id, called(session.browser), session.address, began, seen, session.id == own)


class UserRow(NamedTuple):
    """A user among the others; `last_login` is None for who has never been there."""

    name: str
    full_name: str
    role: str
    href: str
    last_login: Moment | None
    sessions: int
    disabled: bool

    @classmethod
    def of(cls, user: User, sessions: Mapping[str, int], frame: Frame) -> Self:
        return cls(
            user.name, user.full_name, ACCOUNT_TEXTS[frame.language].roles[user.role], user_path(frame, user.name),
            _moment(user.last_login, frame) if user.last_login else None, sessions.get(user.name, 0),
            user.disabled is not None,
        )  # fmt: skip


class RoleOption(NamedTuple):
    value: str
    name: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _AccountPage:
    frame: Frame

    @property
    def said(self) -> AccountTexts:
        return ACCOUNT_TEXTS[self.frame.language]

    @property
    def password_lengths(self) -> tuple[int, int]:
        return SHORTEST_PASSWORD, LONGEST_PASSWORD

    @property
    def password_rules(self) -> str:
        return self.said.password_rules.format(shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)


@dataclass(frozen=True, slots=True)
class LoginPage(_AccountPage):
    """templates/login.html: `next` is where to go from there, `name` what was typed before, `wrong` why it failed;
    `sso` is where the way by single sign-on begins, "" where there is none."""

    template: ClassVar = "login.html"

    next: str = ""
    name: str = ""
    wrong: str = ""
    sso: str = ""


@dataclass(frozen=True, slots=True)
class AccountPage(_AccountPage):
    """templates/account.html: one's own account. `done` says what was, `wrong` why the password was not changed;
    `by_password`: the user has one."""

    template: ClassVar = "account.html"

    role: str
    by_password: bool
    sessions: tuple[SessionRow, ...]
    done: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class UsersPage(_AccountPage):
    """templates/users.html: all users, and the form for another. `typed` is what the form had when it was refused."""

    template: ClassVar = "users.html"

    users: tuple[UserRow, ...]
    roles: tuple[RoleOption, ...]
    typed: Mapping[str, str]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class UserPage(_AccountPage):
    """templates/user.html: one user. `password` is a new one that is shown this once; `own`: it is whoever looks at it,
    who can neither lower nor shut out themselves."""

    template: ClassVar = "user.html"

    row: UserRow
    roles: tuple[RoleOption, ...]
    sessions: tuple[SessionRow, ...]
    own: bool
    password: str = ""
    done: str = ""

    def at(self, action: str) -> str:
        """Where something is done to the user."""
        return self.frame.link(f"/users/{quote(self.row.name, safe='')}{action}")


def role_options(frame: Frame, chosen: Role) -> tuple[RoleOption, ...]:
    """The roles to choose from, and what each may."""
    said = ACCOUNT_TEXTS[frame.language]
    return tuple(RoleOption(role, said.roles[role], said.role_hints[role], role is chosen) for role in Role)


def user_path(frame: Frame, name: str) -> str:
    """Where the page of a user is."""
    return frame.link(f"/users/{quote(name, safe='')}")


def _moment(when: datetime, frame: Frame) -> Moment:
    return Moment(moment_of(when, frame.texts), machine(when))
