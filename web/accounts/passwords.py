"""Passwords: hashed with argon2id, compared in as long a time whoever it is, and made up where one is needed."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from news.users import User

# The library's defaults follow RFC 9106 and rise with its releases; `stale` then says which hashes are behind.
_HASHER = PasswordHasher()
# None that could be taken for another: no 0, 1, l, o.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """What is kept of a password. Takes some 50 ms and 64 MB, as it shall."""
    return _HASHER.hash(_composed(password))


def is_right(user: User | None, password: str) -> bool:
    """Whether it is the password of a user. Nobody, and one who has no password, takes as long to refuse."""
    kept = user.password if user and user.password else _nobodys()
    try:
        _HASHER.verify(kept, _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not _nobodys()


def stale(kept: str) -> bool:
    """Whether a hash is to be made anew, with what is thought strong enough today."""
    return _HASHER.check_needs_rehash(kept)


def made_up() -> str:
    """A password of about 100 random bits, to be read out and typed."""
    letters = [secrets.choice(_LETTERS) for _ in range(20)]
    return "-".join("".join(letters[n : n + 5]) for n in range(0, 20, 5))


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _composed(password: str) -> str:
    # The same Vietnamese word is other characters on other keyboards (RFC 8265, 4.1).
    return unicodedata.normalize("NFC", password)
