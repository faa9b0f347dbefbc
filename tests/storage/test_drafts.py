"""What an editor typed is found again, and nothing that comes late takes its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from config import Config
from storage.connect import Store, open_store
from storage.drafts import EditorDraft

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
DRAFT = EditorDraft("a1", "lan", "t4", 4, 7, NOW, {"title": "Tiêm chủng", "published": "31/02"})


def test_a_draft_is_found_again_as_it_was_typed_after_the_server_has_gone(store: Store, config: Config) -> None:
    assert store.drafts.save(DRAFT) == DRAFT
    with open_store(config) as other:
        assert other.drafts.get("a1", "lan") == DRAFT
        assert other.drafts.get("a1", "minh") is None
        assert other.drafts.get("a2", "lan") is None


def test_the_drafts_of_a_user_stand_by_when_they_were_typed_at(store: Store) -> None:
    later = replace(DRAFT, article_id="a2", at=NOW + timedelta(minutes=1))
    for draft in (DRAFT, later, replace(DRAFT, by="minh"), replace(DRAFT, article_id="a3")):
        store.drafts.save(draft)
    store.drafts.discard("a3", "lan", 9, NOW)
    assert store.drafts.of("lan") == [later, DRAFT]


def test_what_comes_late_takes_no_newer_drafts_place(store: Store) -> None:
    newer = replace(DRAFT, counter=8, fields={"title": "Tiêm chủng mở rộng"})
    store.drafts.save(newer)
    assert store.drafts.save(DRAFT) == newer
    assert store.drafts.save(newer) == newer
    assert store.drafts.get("a1", "lan") == newer


def test_what_was_discarded_does_not_come_back_and_what_was_typed_since_stays(store: Store) -> None:
    store.drafts.save(DRAFT)
    store.drafts.discard("a1", "lan", 9, NOW)
    late = replace(DRAFT, counter=8)
    kept = store.drafts.save(late)
    assert (kept.discarded, kept.counter, kept.fields) == (True, 9, {})
    again = replace(DRAFT, counter=10)
    store.drafts.save(again)
    store.drafts.discard("a1", "lan", 9, NOW)
    assert store.drafts.get("a1", "lan") == again


def test_in_whatever_order_a_network_brings_them_the_last_that_was_typed_is_kept(store: Store) -> None:
    for n, order in enumerate(permutations((1, 2, 3))):
        drafts = {counter: replace(DRAFT, article_id=f"a{n}", counter=counter) for counter in order}
        for counter in order:
            assert store.drafts.save(drafts[counter]).counter >= counter
        assert store.drafts.get(f"a{n}", "lan") == drafts[3], order
