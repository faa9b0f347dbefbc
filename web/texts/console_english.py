"""The operators' console in English."""

from __future__ import annotations

from news.health import HealthState
from news.report import RunState
from web.texts.console_names import ConsoleTexts

ENGLISH = ConsoleTexts(
    sites="Sites",
    runs="Runs",
    live="Running",
    why="Why",
    keys=(("j, k", "next row, row before"), ("Enter", "open the row"), ("/", "search"), ("?", "this sheet")),
    states={
        HealthState.HEALTHY: "Healthy",
        HealthState.LATE: "Late",
        HealthState.SILENT: "Silent",
        HealthState.BROKEN: "Broken",
        HealthState.BLOCKED: "Blocked",
        HealthState.REDESIGNED: "Redesigned",
        HealthState.PAUSED: "Paused",
    },
    run_states={
        RunState.RUNNING: "Running",
        RunState.DONE: "Done",
        RunState.FAILED: "Failed",
        RunState.KILLED: "Killed",
        RunState.LOST: "Lost",
        RunState.SKIPPED: "Not begun",
    },
)
