"""What `bantin doctor` finds."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Finding(NamedTuple):
    """What was looked at, what was found, and what to do where it is not well."""

    state: State
    what: str
    found: str
    remedy: str = ""
