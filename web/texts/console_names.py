"""The names of the texts of the operators' console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.control import ControlKind, ControlState
from news.health import HealthState
from news.report import RunState
from news.schedule import ScheduleMode
from web.texts.names import Noun


@dataclass(frozen=True, slots=True)
class ConsoleTexts:
    """Texts with {…} in them are filled in with str.format. What the figures of health are called, and what to do in
    each state, is said as in alerts (news.alerts.words)."""

    sites: str
    runs: str
    live: str
    why: str
    keys: tuple[tuple[str, str], ...]
    states: Mapping[HealthState, str]
    unknown: str
    run_states: Mapping[RunState, str]
    decimal: str

    # the table
    sites_hint: str
    all: str
    find: str
    find_hint: str
    kind: str
    any_kind: str
    state: str
    site: str
    articles: str
    last_run: str
    next_run: str
    since: str
    per_day: str
    none_found: str
    clear: str
    moved: Noun
    again: str
    never: str
    paused: str
    paused_until: str
    backing_off: str
    unscheduled: str
    due_now: str
    trial: str
    brought: str
    no_scheduler: str
    no_scheduler_hint: str
    stale: str

    # why a site is as it is
    because: Mapping[str, str]
    spark: str

    # one site
    facts: str
    fact: str
    value: str
    usual: str
    decisive: str
    no_facts: str
    remedy: str
    history: str
    history_none: str
    became: str
    home: str
    reading: str
    source_count: Noun
    taught_count: Noun

    do: str
    asks: Mapping[ControlKind, str]
    hints: Mapping[ControlKind, str]
    done: Mapping[ControlKind, str]
    until: str
    reason: str
    from_day: str
    to_day: str
    asked: str
    asked_none: str
    control_states: Mapping[ControlState, str]
    asked_by: str
    within: str
    waits: str

    schedule: str
    schedule_of_file: str
    schedule_of: str
    mode: str
    modes: Mapping[ScheduleMode, str]
    every: str
    at_least: str
    cron: str
    cron_hint: str
    windows: str
    windows_hint: str
    timezone: str
    jitter: str
    save: str
    next_ten: str
    next_ten_hint: str
    adaptive_hint: str
    paused_hint: str

    last_runs: str
    all_runs: str
    no_runs: str
    when: str
    took: str
    result: str
    counts: Mapping[str, str]
    reasons: str
    seconds: str

    charts: str
    new_a_day: str
    durations: str
    errors: str
    confidences: str
    as_table: str
    day: str
    count: str
    no_data: str
    most: str
    none_lost: str

    file: str
    file_hint: str
    overridden: str
    taught: str
