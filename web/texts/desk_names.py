"""The names of the texts of the editors' desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.article import Status
from news.review.record import Action
from news.review.review import Concern, Queue
from news.review.states import Move
from web.texts.names import Noun


@dataclass(frozen=True, slots=True)
class DeskTexts:
    """Texts with {…} in them are filled in with str.format. A concern is a few words in the queue, and a sentence with
    the article."""

    desk: str
    trail: str
    figures: str
    rules: str
    users: str
    needs_script: str

    queue: str
    queues: Mapping[Queue, str]
    everything: str
    filters: str
    filter: str
    clear: str
    words: str
    search: str
    site: str
    any_site: str
    kind: str
    any_kind: str
    territory: str
    any_territory: str
    tag: str
    document: str
    confidence: str
    any_confidence: str
    at_most: str
    concern: str
    any_concern: str
    assigned: str
    anybody: str
    to_me: str
    more: str
    fresh: Noun
    empty: str
    empty_hint: str
    pick: str
    pick_all: str
    picked: str
    unpick: str
    collapse: str

    statuses: Mapping[Status, str]
    concerns: Mapping[Concern, str]
    explained: Mapping[Concern, str]
    moves: Mapping[Move, str]
    done: Mapping[Move, str]
    nothing_open: str
    nothing_open_hint: str
    item: str
    original: str
    published: str
    modified: str
    first_seen: str
    undated: str
    author: str
    source: str
    section: str
    story_of: Noun
    alone: str
    version: str
    on_it: str
    looking: str
    notes: Noun
    edit: str
    merge: str
    note: str
    assign: str
    more_tools: str
    changed_now: str
    settled_now: str
    reload: str
    gone: str

    views: str
    text_view: str
    page_view: str
    diff_view: str
    no_page: str
    no_page_hint: str
    legend: str
    marks: Mapping[str, str]
    images_on: str
    images_off: str
    taken_out: str
    taken_out_none: str
    page_hint: str
    compare_with: str
    against_version: str
    against_source: str
    against_waiting: str
    against_passed: str
    against_telling: str
    against_alike: str
    nothing_to_compare: str
    same_text: str
    differs: Noun
    unchanged: Noun
    was_added: str
    was_removed: str
    fields: Mapping[str, str]

    why: str
    why_hint: str
    more_words: str
    reject_reasons: tuple[str, ...]
    retract_reasons: tuple[str, ...]
    cancel: str
    close: str
    say_why: str

    undo: str
    undone: str
    count_of: str
    dismiss: str
    many_done: str
    many_refused: str
    stale: str
    stale_hint: str
    stale_status: str
    stale_story: str
    nothing_done: str
    refused: str

    log_in: str
    expired: str
    expired_hint: str
    user_name: str
    password: str
    wrong_password: str
    log_in_elsewhere: str
    offline: str
    online: str
    failed: str

    help: str
    keys_on: str
    keys: tuple[tuple[str, str], ...]

    who: str
    what: str
    when: str
    which: str
    detail: str
    actions: Mapping[Action, str]
    everybody: str
    any_action: str
    since: str
    until: str
    older: str
    newest: str
    no_records: str
    history: str
    from_to: str
    was_undone: str
    with_story: Mapping[Action, str]

    decisions: str
    median: str
    seconds: str
    by_day: str
    by_day_hint: str
    figures_hint: str
    total: str
    no_figures: str
