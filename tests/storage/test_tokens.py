"""A token is kept without its secret; a name is that of one token; usage adds up by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from news.access import Scope, Token, Usage
from news.errors import InvalidValue
from storage.connect import Store

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def issue(store: Store) -> Callable[..., Token]:
    return lambda name, minutes=0: store.tokens.issue(
        name, [Scope.READ, Scope.PUSH], 60, NOW + timedelta(minutes=minutes)
    )[0]


def test_a_token_comes_back_as_it_was_issued_and_its_secret_does_not(store: Store) -> None:
    ends = NOW + timedelta(days=30)
    token, credential = store.tokens.issue("Báo Mới", [Scope.READ, Scope.EXPORT], 600, NOW, ends)

    assert store.tokens.get(token.id) == store.tokens.find("Báo Mới") == token
    assert token.opens_with(credential)
    assert store.tokens.issue("Kho", [Scope.READ], 1, NOW)[1].secret != credential.secret
    assert (token.scopes, token.per_minute, token.expires) == ({Scope.READ, Scope.EXPORT}, 600, ends)
    kept = " ".join(
        str(row) for name in store._database.list_collection_names() for row in store._database[name].find()
    )
    assert token.digest in kept
    assert credential.secret not in kept


def test_a_name_is_free_again_when_its_token_is_revoked(store: Store, issue: Callable[..., Token]) -> None:
    first = issue("Báo Mới")
    with pytest.raises(InvalidValue, match="called 'Báo Mới'"):
        issue("Báo Mới")
    store.tokens.revoke(first.id, NOW)
    store.tokens.revoke(first.id, NOW + timedelta(days=1))
    second = issue("Báo Mới", 1)

    assert store.tokens.find("Báo Mới") == second
    revoked = store.tokens.find(first.id)
    assert revoked is not None
    assert revoked.revoked == NOW, "when it was revoked first"
    assert [token.id for token in store.tokens.all()] == [first.id, second.id]


def test_a_renamed_token_stays_the_same(store: Store, issue: Callable[..., Token]) -> None:
    token, other = issue("Báo Mới"), issue("Baomoi")
    store.tokens.rename(token.id, "Tin Mới")
    with pytest.raises(InvalidValue):
        store.tokens.rename(other.id, "Tin Mới")
    with pytest.raises(InvalidValue):
        store.tokens.rename(other.id, "")

    renamed = store.tokens.find("Tin Mới")
    assert renamed is not None
    assert (renamed.id, renamed.digest) == (token.id, token.digest)


def test_the_last_use_is_the_last_of_all_processes(store: Store, issue: Callable[..., Token]) -> None:
    token = issue("Báo Mới")
    store.tokens.touch({token.id: NOW, "nobody": NOW})
    store.tokens.touch({token.id: NOW - timedelta(hours=1)})

    (kept,) = store.tokens.all()
    assert kept.last_used == NOW


def test_usage_of_several_processes_adds_up_by_day(store: Store) -> None:
    one, two = date(2026, 3, 1), date(2026, 3, 2)
    store.usage.add([Usage("a", one, 2, 1, 100), Usage("b", two, 1)])
    store.usage.add([Usage("a", one, 3, 0, 50)])

    assert store.usage.since(one) == [Usage("a", one, 5, 1, 150), Usage("b", two, 1)]
    assert store.usage.since(two) == [Usage("b", two, 1)]
