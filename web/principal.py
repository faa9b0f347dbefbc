"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from starlette.requests import Request

from news.access import ANONYMOUS, SIGNED_IN, Token
from news.sessions import Session, Ticket
from news.users import Role, User


class Present(NamedTuple):
    """Somebody who is signed in: `ticket` is the session as the browser has it."""

    user: User
    session: Session
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a consumer by its token, a user who is `present`, or anybody. `key` is the token as the address had it,
    where it did; `address` is where the request comes from."""

    token: Token | None = None
    key: str = field(default="", repr=False)
    present: Present | None = None
    address: str = ""

    @property
    def user(self) -> User | None:
        """Who is signed in."""
        return self.present.user if self.present else None

    @property
    def consumer(self) -> str:
        """Under whom the request is counted."""
        if self.token:
            return self.token.id
        return SIGNED_IN if self.user else ANONYMOUS

    @property
    def csrf(self) -> str:
        """What pages for this user send along with what changes something; "" for who is not signed in."""
        return self.present.ticket.csrf if self.present else ""

    def is_a(self, role: Role) -> bool:
        """Whether it is a user who may do what needs the role."""
        return self.user is not None and self.user.role.may(role)


def principal_of(request: Request) -> Principal:
    """Who asks."""
    principal: Principal = request.state.principal
    return principal
