"""Users and their sessions in MongoDB: added once, known by one identity, gone when they are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.errors import InvalidValue
from news.sessions import IDLE, LONGEST
from news.sso import Errand
from news.users import Role, User
from storage.connect import Store

NOW = datetime(2126, 3, 1, 8, tzinfo=UTC)  # by MongoDB's own clock nothing of it is over yet
LAN = User("lan", Role.EDITOR, NOW, full_name="Nguyễn Thị Lan", password="$argon2id$", subject="https://id.vn 7")


def test_a_user_whose_adding_was_not_acknowledged_is_added_again_and_nobody_in_their_place(store: Store) -> None:
    store.users.add(LAN)
    store.users.add(LAN)
    assert store.users.all() == [LAN]
    for other in (replace(LAN, role=Role.ADMIN), replace(LAN, password="other"), replace(LAN, subject="")):
        with pytest.raises(InvalidValue, match="user 'lan'"):
            store.users.add(other)
    with pytest.raises(InvalidValue, match="single sign-on"):
        store.users.add(replace(LAN, name="other"))
    for name in ("without", "either"):
        store.users.add(replace(LAN, name=name, subject=""))
    assert store.users.by_subject("") is None
    assert store.users.get("lan") == LAN


def test_a_hash_is_renewed_only_where_it_is_still_that_one(store: Store) -> None:
    store.users.add(LAN)
    assert store.users.set_password("lan", "changed meanwhile")
    assert not store.users.set_password("lan", "the same, hashed anew", instead_of=LAN.password)
    assert not store.users.set_password("nobody", "x")
    kept = store.users.get("lan")
    assert kept is not None
    assert kept.password == "changed meanwhile"
    assert kept.password not in repr(kept)


def test_a_session_is_prolonged_by_use_but_not_without_end(store: Store) -> None:
    session, ticket = store.sessions.begin("lan", NOW, "Firefox" * 100, "203.0.113.7")
    assert ticket.secret not in repr((session, ticket))
    assert session.ends == NOW + IDLE
    used = NOW
    while used + IDLE < NOW + LONGEST:
        used += IDLE - timedelta(seconds=1)
        found = store.sessions.find(session.id, used)
        assert found is not None
        assert found.seen == used
    assert found.ends == NOW + LONGEST
    assert store.sessions.find(session.id, NOW + LONGEST) is None
    assert store.sessions.of("lan", NOW + LONGEST) == []
    assert store.sessions.counts(used) == {"lan": 1}


def test_one_session_ends_and_the_others_do_not(store: Store) -> None:
    own, other, strange = (store.sessions.begin(user, NOW)[0] for user in ("lan", "lan", "minh"))
    assert not store.sessions.end("lan", strange.id)
    assert store.sessions.end_all("lan", but=own.id) == 1
    assert store.sessions.find(other.id, NOW) is None
    assert store.sessions.find(own.id, NOW) == own
    assert store.sessions.find(strange.id, NOW) == strange


def test_mongodb_deletes_what_is_over(store: Store) -> None:
    for collection in ("sessions", "errands"):
        made = store._database[collection].index_information()["ends_1"]
        assert made["expireAfterSeconds"] == 0


def test_an_errand_is_taken_once_by_the_browser_that_was_sent(store: Store) -> None:
    errand = Errand("state", "browser", "nonce", "verifier", "/desk")
    store.errands.send(errand, NOW)
    assert store.errands.take("state", "another", NOW) is None
    assert store.errands.take("state", "browser", NOW) == errand
    assert store.errands.take("state", "browser", NOW) is None
    assert "verifier" not in repr(errand)
