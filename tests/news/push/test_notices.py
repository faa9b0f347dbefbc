"""Whatever happened, and in whichever order it is read, a consumer ends with what is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from news.event import QUIET, EventKind
from news.push import Notice, decide

KINDS = st.sampled_from([kind for kind in EventKind if kind not in QUIET])


@given(st.lists(st.tuples(KINDS, st.booleans(), st.booleans())), st.booleans())
def test_after_each_event_the_consumer_has_what_is_shown(
    events: list[tuple[EventKind, bool, bool]], from_elsewhere: bool
) -> None:
    has, told = from_elsewhere, None
    for kind, own, shown in events:
        if from_elsewhere and told is None and kind is EventKind.CREATED:
            continue  # an article that is older than its webhook was created before
        notice = decide(kind, own=own, shown=shown, had=told)
        if notice is Notice.RETRACTED:
            has = False
        elif notice is not None:
            has = True
        told = shown
        assert has is shown


@given(KINDS, st.booleans())
def test_what_changes_nothing_for_the_consumer_is_not_told_of_others(kind: EventKind, shown: bool) -> None:
    assert decide(kind, own=False, shown=shown, had=shown) is None
    assert decide(kind, own=True, shown=False, had=False) is None


def test_the_words_are_those_of_what_happened() -> None:
    assert decide(EventKind.CREATED, own=True, shown=True, had=None) is Notice.NEW
    assert decide(EventKind.APPROVED, own=True, shown=True, had=False) is Notice.NEW
    assert decide(EventKind.UPDATED, own=True, shown=True, had=True) is Notice.UPDATED
    assert decide(EventKind.UPDATED, own=True, shown=True, had=False) is Notice.NEW, "it has come into the selection"
    assert decide(EventKind.UPDATED, own=True, shown=False, had=True) is Notice.RETRACTED, "it has left the selection"
    assert decide(EventKind.MERGED, own=True, shown=True, had=True) is Notice.MERGED
    assert decide(EventKind.MERGED, own=True, shown=False, had=True) is Notice.RETRACTED, "another tells the story"
    assert decide(EventKind.RETRACTED, own=False, shown=True, had=False) is Notice.NEW, "it stands for its story now"
