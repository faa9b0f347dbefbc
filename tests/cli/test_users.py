"""bantin users: let in, listed, changed, shut out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from news.users import Role
from storage.connect import Store
from web.accounts import passwords

Bantin = Callable[..., Any]


def typed(patch: pytest.MonkeyPatch, text: str) -> None:
    patch.setattr(sys, "stdin", io.StringIO(text))


def test_a_password_is_made_up_shown_once_and_good(
    bantin: Bantin, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "")
    made = bantin("users", "add", "lan", "--role", "admin", "--full-name", "Nguyễn Thị Lan")
    user = store.users.get("lan")

    assert user is not None
    assert (user.role, user.full_name) == (Role.ADMIN, "Nguyễn Thị Lan")
    assert passwords.is_right(user, made.out.strip())
    assert "cannot be shown again" in made.err
    listed = bantin("users", "list").out + bantin("users", "list", "--json").out
    assert made.out.strip() not in listed
    assert user.password not in listed


def test_a_password_that_is_given_must_be_one(bantin: Bantin, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "ngắn\n")
    short = bantin("users", "add", "minh", "--role", "editor", "--password-stdin", expect=1)
    assert "fewer than 10 characters" in short.err
    assert store.users.get("minh") is None
    typed(monkeypatch, "một câu dài dễ nhớ\nvà dòng sau\n")
    assert bantin("users", "add", "minh", "--role", "editor", "--password-stdin").out == "minh may sign in as editor.\n"
    assert passwords.is_right(store.users.get("minh"), "một câu dài dễ nhớ")
    assert "There is a user 'minh'" in bantin("users", "add", "minh", "--role", "reader", expect=1).err
    assert "no name for a user" in bantin("users", "add", "Minh Anh", "--role", "reader", expect=1).err


def test_a_change_ends_what_was_begun_before(bantin: Bantin, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "")
    bantin("users", "add", "tu", "--role", "editor")
    now = datetime.now(UTC)
    for command, ends in ((("role", "tu", "reader"), 0), (("password", "tu"), 1), (("disable", "tu"), 1)):
        store.sessions.begin("tu", now, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "203.0.113.7")
        before = len(store.sessions.of("tu", now))
        bantin("users", *command)
        assert len(store.sessions.of("tu", now)) == (0 if ends else before), command
    (row,) = bantin("users", "list", "--json").rows
    assert (row["name"], row["role"], row["sessions"]) == ("tu", "reader", 0)
    assert row["disabled"]
    assert "disabled" in bantin("users", "list").out
    bantin("users", "enable", "tu")
    assert not bantin("users", "list", "--json").rows[0]["disabled"]


def test_sessions_are_shown_and_ended(bantin: Bantin, store: Store) -> None:
    from news.users import User

    now = datetime.now(UTC)
    store.users.add(User("ha", Role.EDITOR, now))
    _, ticket = store.sessions.begin("ha", now, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "203.0.113.7")
    shown = bantin("users", "sessions", "ha")
    assert "Firefox, Linux" in shown.out
    (row,) = bantin("users", "sessions", "ha", "--json").rows
    assert row["address"] == "203.0.113.7"
    assert ticket.digest not in shown.out
    assert bantin("users", "end-sessions", "ha").out == "1 sessions of ha ended.\n"
    assert store.sessions.find(ticket.digest, now) is None
    assert "no user 'none'" in bantin("users", "end-sessions", "none", expect=1).err


def test_who_comes_by_single_sign_on_needs_no_password(bantin: Bantin, store: Store) -> None:
    options = ("users", "add", "sso", "--role", "editor", "--subject", "7-42")
    assert "Set BANTIN_OIDC_ISSUER" in bantin(*options, expect=1).err
    bantin(*options, BANTIN_OIDC_ISSUER="https://id.example.vn")
    user = store.users.by_subject("https://id.example.vn 7-42")
    assert user is not None
    assert (user.name, user.password) == ("sso", "")
