"""The names of the texts. A text that one language lacks is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.diff import ChangeKind
from news.site import SiteKind

# A noun for one and for several.
Noun = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts with {…} in them are filled in with str.format."""

    name: str
    tagline: str
    other_language: str
    to_content: str
    menu: str
    trail: str
    about_data: str

    latest: str
    agencies: str
    agencies_hint: str
    places: str
    places_hint: str
    documents: str
    topics: str
    topics_hint: str
    search: str
    feeds: str
    feeds_hint: str

    kinds: Mapping[SiteKind, str]
    all_sites: str
    of_kind: str
    section: str
    tag: str
    document: str
    chosen: str
    take_off: str
    older: str
    newest: str
    nothing: str
    nothing_hint: str
    nothing_there: str
    nothing_there_hint: str
    today: str
    yesterday: str
    undated: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    date_without_day: str

    articles: Noun
    minutes: Noun
    hours: Noun
    days: Noun
    this_week: str
    no_articles_yet: str
    original_site: str
    speaks_for: str
    took_over: str
    thousands: str

    map_name: str
    map_hint: str
    map_no_site: str
    find_place: str
    find_place_hint: str
    no_such_place: str
    former_units: str
    former_units_hint: str
    now_part_of: str
    others: str

    documents_hint: str
    most_named: str
    newest_issued: str
    find_document: str
    find_document_hint: str
    issued: str
    issuer: str
    naming: str
    sections: str
    tags: str

    words: str
    words_hint: str
    any_kind: str
    any_place: str
    since: str
    until: str
    found_nothing: str
    found_nothing_hint: str
    more_than: str
    results: str

    original: str
    original_at: str
    attachments: str
    documents_named: str
    pictures: str
    removed: str
    removed_hint: str
    removed_nothing: str
    record: str
    addresses: str
    first_seen: str
    fetched: str
    version: str
    confidence: str
    evidence: str
    updated: str
    was_updated: str
    history: str
    by_editor: str
    by_publisher: str
    fields: Mapping[str, str]

    story: str
    story_others: str
    whole_story: str
    first_publisher: str
    after_first: str
    about_after_first: str
    same_time: str
    same_text: str
    differs: Mapping[ChangeKind, str]
    what_differs: str
    story_hint: str
    more_tellings: str

    feed_all: str
    feed_saved: str
    feed_by_kind: str
    feed_by_site: str
    feed_by_place: str
    feed_of: str
    opml: str
    opml_hint: str
    feed_more: str

    account: str
    sign_in: str
    sign_out: str
    desk: str
    console: str
    users: str
    your_places: str
    problems: Mapping[str, tuple[str, str]]  # by web.problems.ProblemKind.name: title and sentence of the page
    not_found: str
    not_found_hint: str
    gone: str
    gone_hint: str
    locked: str
    locked_hint: str
    too_many: str
    too_many_hint: str
    invalid: str
    unavailable: str
    unavailable_hint: str
    failed: str
    back: str
