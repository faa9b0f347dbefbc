"""Sessions of those who signed in: what is kept of each, and when it is over."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

IDLE = timedelta(hours=12)
"""Who has not been there for so long is to sign in again: longer than a working day, so that lunch and a meeting end
nobody's session, and shorter than the time until somebody else may sit at that desk the next morning."""
LONGEST = timedelta(days=14)
"""So long a session lasts at most: a stolen one is worth two weeks, and an editor signs in every other Monday."""
NOTED_EVERY = timedelta(minutes=5)
"""That somebody is there is noted so often, not with every click."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_BROWSER = 300


class Ticket(NamedTuple):
    """What a browser holds of its session: 256 random bits, which are nowhere else."""

    secret: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for what was never a ticket of ours."""
        return cls(text) if _SECRET.fullmatch(text) else None

    def __repr__(self) -> str:
        return "Ticket()"  # whatever is logged or raised, the secret is not in it

    @property
    def digest(self) -> str:
        """What is kept of it, and the id of its session. A fast hash is enough: see news.access.Credential."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def csrf(self) -> str:
        """What a page of this session sends along with whatever changes something. It follows from the secret, so that
        it need not be kept, and does not give it away."""
        return hmac.new(self.secret.encode(), b"csrf", hashlib.sha256).hexdigest()

    def wrote(self, csrf: str) -> bool:
        """Whether a page of this session sent that."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Session:
    """A session: whose it is, by the user's name; when it began and was used last (to some minutes), UTC; and from
    where, by the browser's own name for itself and the address. `id` is the digest of its ticket."""

    id: str
    user: str
    created: datetime
    seen: datetime
    browser: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "browser", self.browser[:_MOST_BROWSER])

    @property
    def ends(self) -> datetime:
        """When it is over unless it is used before."""
        return min(self.seen + IDLE, self.created + LONGEST)
