"""Users by what a provider of single sign-on says of them: its claims, read as names and roles of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from news.users import Role

WAY = timedelta(minutes=10)
"""So long one may take at the provider: to find a telephone, and the code on it."""

_HIGHEST = (Role.ADMIN, Role.OPERATOR, Role.EDITOR, Role.READER)
_ROOM = 36  # for a name that may get a number behind it
_MOST_FULL_NAME = 80


def identity(issuer: str, subject: str) -> str:
    """Somebody among all whom any provider knows: a `sub` is only one provider's own (OpenID Connect Core, 2)."""
    return f"{issuer} {subject}"


def role_in(claims: Mapping[str, Any], path: str) -> Role | None:
    """The highest of our roles that a claim names, one or several of them; None for none. `path` leads to it through
    objects by dots."""
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    named = value if isinstance(value, list) else [value]
    return next((role for role in _HIGHEST if role in named), None)


def full_name_in(claims: Mapping[str, Any]) -> str:
    """What people call somebody."""
    return " ".join(str(claims.get("name") or "").split())[:_MOST_FULL_NAME]


def names_in(claims: Mapping[str, Any]) -> Iterator[str]:
    """What somebody could be called here, without end: as at the provider, and then with a number behind it. A name
    alone makes nobody somebody else who has it already."""
    given = str(claims.get("preferred_username") or claims.get("email") or "").partition("@")[0]
    plain = unicodedata.normalize("NFKD", given.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("._-")[:_ROOM]
    base = base if len(base) > 1 else "user"
    yield base
    yield from (f"{base}-{number}" for number in count(2))


@dataclass(frozen=True, slots=True)
class Errand:
    """Somebody who was sent to the provider and may come back. `state` is what they come back with, `browser` the
    digest of what their browser holds meanwhile, `nonce` and `verifier` what the provider's answer must fit, `onward`
    where they wanted to go."""

    state: str
    browser: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    onward: str = ""
