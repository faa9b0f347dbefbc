"""Who has an article open is known while the browser says so, and forgotten by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.connect import Store
from storage.presence import LASTS, RENEWED, Present

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_user_with_several_tabs_counts_once_and_edits_while_one_of_them_does(store: Store) -> None:
    presence = store.presence
    presence.renew("a1", "lan", "one", NOW, editing=False)
    presence.renew("a1", "lan", "two", NOW + timedelta(seconds=5), editing=True)
    presence.renew("a1", "minh", "one", NOW + timedelta(seconds=2), editing=False)
    presence.renew("a2", "hoa", "one", NOW, editing=False)

    assert presence.of(["a1"], NOW) == {
        "a1": (Present("lan", True, NOW), Present("minh", False, NOW + timedelta(seconds=2)))
    }
    assert set(presence.of(["a1", "a2", "a3"], NOW)) == {"a1", "a2"}

    presence.leave("a1", "lan", "two")
    assert presence.of(["a1"], NOW)["a1"][0] == Present("lan", False, NOW)


def test_who_says_nothing_any_more_is_gone_and_who_does_is_not(store: Store) -> None:
    assert 2 * RENEWED < LASTS, "two lost requests are no absence"
    store.presence.renew("a1", "lan", "one", NOW, editing=True)
    store.presence.renew("a1", "minh", "one", NOW, editing=True)
    store.presence.renew("a1", "minh", "one", NOW + RENEWED, editing=True)

    assert store.presence.of(["a1"], NOW + LASTS) == {"a1": (Present("minh", True, NOW),)}
    assert store.presence.of(["a1"], NOW + RENEWED + LASTS) == {}
