"""The languages in which people are told things."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    VIETNAMESE = "vi"
    ENGLISH = "en"
