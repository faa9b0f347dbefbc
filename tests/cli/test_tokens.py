"""bantin tokens: made, shown once, listed with what they had, renamed, revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from news.access import Credential, Scope, Usage
from news.article import VIETNAM
from storage.connect import Store

Bantin = Callable[..., Any]


def test_a_token_is_shown_when_it_is_made_and_never_again(bantin: Bantin, store: Store) -> None:
    options = ("--scope", "read", "--scope", "export", "--per-minute", "90", "--expires", "2127-01-01")
    made = bantin("tokens", "add", "Báo Mới", *options)
    credential = Credential.parse(made.out)
    assert credential is not None
    assert "cannot be shown again" in made.err
    token = store.tokens.get(credential.id)
    assert token is not None
    assert token.opens_with(credential)
    assert (token.scopes, token.per_minute) == ({Scope.READ, Scope.EXPORT}, 90)
    assert token.expires == datetime(2127, 1, 1, tzinfo=VIETNAM)
    listed = bantin("tokens", "list")
    assert "Báo Mới" in listed.out
    assert credential.secret not in listed.out + bantin("tokens", "list", "--json").out + made.err


def test_the_list_says_who_had_how_much_in_a_week(bantin: Bantin, store: Store) -> None:
    id = store.tokens.issue("[b]Báo", [Scope.READ], 60, datetime.now(UTC))[0].id
    today = datetime.now(VIETNAM).date()
    store.usage.add(
        [
            Usage(id, today, 5, 1, 10), Usage(id, today - timedelta(days=6), 2), Usage("anonymous", today, 77),
            Usage("signed-in", today, 33),
        ]
    )  # fmt: skip
    store.usage.add([Usage(id, today - timedelta(days=7), 1000)])

    (row,) = bantin("tokens", "list", "--json").rows
    assert row["usage"] == {"requests": 7, "refused": 1, "bytes": 10}
    assert (row["name"], row["state"], row["scopes"], row["last_used"]) == ("[b]Báo", "good", ["read"], None)
    table = bantin("tokens", "list").out
    assert "[b]Báo" in table
    assert "77" in table.strip().splitlines()[-2]
    assert "33" in table.strip().splitlines()[-1]


def test_a_token_is_renamed_and_revoked_by_its_name(bantin: Bantin, store: Store) -> None:
    bantin("tokens", "add", "Báo Mới")
    assert "called 'Báo Mới'" in bantin("tokens", "add", "Báo Mới", expect=1).err
    bantin("tokens", "rename", "Báo Mới", "Tin Mới")
    assert "Tin Mới" in bantin("tokens", "revoke", "Tin Mới").out
    (row,) = bantin("tokens", "list", "--json").rows
    assert row["state"] == "revoked"
    assert "no token 'Tin Mới'" in bantin("tokens", "revoke", "Tin Mới", expect=1).err


def test_a_token_that_could_not_be_used_is_not_made(bantin: Bantin, store: Store) -> None:
    assert "expired already" in bantin("tokens", "add", "Báo", "--expires", "2020-01-01", expect=1).err
    assert "no name" in bantin("tokens", "add", " ", expect=1).err
    assert bantin("tokens", "add", "Báo", "--scope", "everything", expect=2).out == ""
    assert store.tokens.all() == []
