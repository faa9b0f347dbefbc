"""Which moves there are between the states of an article."""

from __future__ import annotations

import pytest

from news.article import Status
from news.event import EventKind
from news.review.states import MOVES, STATES, Move, NotAllowed, allowed, undone


@pytest.mark.parametrize("status", list(Status))
def test_from_every_state_an_article_can_come_to_its_readers(status: Status) -> None:
    seen, at = {status}, [status]
    while at:
        here = at.pop()
        ahead = {row.target for row in MOVES if here in row.sources} - seen
        seen |= ahead
        at += ahead
    assert Status.PUBLISHED in seen


def test_a_state_has_one_row_for_a_move() -> None:
    pairs = [(row.move, source) for row in MOVES for source in row.sources]
    assert len(pairs) == len(set(pairs))
    assert {move for moves in STATES.values() for move in moves} == set(Move)


def test_a_move_that_is_not_in_the_table_says_what_may_be_done() -> None:
    with pytest.raises(NotAllowed, match="retracted cannot be moved by hold") as refused:
        allowed(Move.HOLD, Status.RETRACTED)
    assert "restore" in refused.value.remedy


def test_approving_what_is_published_only_answers_what_is_open() -> None:
    assert allowed(Move.APPROVE, Status.PUBLISHED).event is EventKind.REVIEWED


def test_what_readers_have_seen_is_never_waiting_for_them_again() -> None:
    assert undone(Status.PUBLISHED, Status.WAITING) is Status.HELD
    assert undone(Status.REJECTED, Status.WAITING) is Status.WAITING
