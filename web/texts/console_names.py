"""The names of the texts of the operators' console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.health import HealthState
from news.report import RunState


@dataclass(frozen=True, slots=True)
class ConsoleTexts:
    """Texts with {…} in them are filled in with str.format."""

    sites: str
    runs: str
    live: str
    why: str
    keys: tuple[tuple[str, str], ...]
    states: Mapping[HealthState, str]
    run_states: Mapping[RunState, str]
