"""A token opens what it is good for, while it is good, and nothing of its secret can be had from what is kept."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from news.access import Allowed, Credential, Refusal, Refused, Scope, Token, Usage, by_consumer, judge, recognise
from news.errors import InvalidValue

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINE = Credential("0123456789ab", "s" * 43)
TOKEN = Token(MINE.id, "Báo Mới", frozenset({Scope.READ}), 600, NOW, MINE.digest)


def test_a_token_is_read_as_it_was_written() -> None:
    assert Credential.parse(f" {MINE} ") == MINE


@pytest.mark.parametrize(
    "text", ["", "btn_", "btn_0123456789ab", f"{MINE}x", f"xyz{MINE}", "btn_0123456789AB_" + "s" * 43, "Bearer x", "\0"]
)
def test_what_is_no_token_is_none(text: str) -> None:
    assert Credential.parse(text) is None


def test_what_is_kept_or_shown_of_a_token_has_no_secret() -> None:
    assert MINE.secret not in f"{TOKEN!r} {TOKEN.to_json()} {MINE!r} {TOKEN.digest}"
    assert TOKEN.digest not in f"{TOKEN!r} {TOKEN.to_json()}"


def test_only_its_own_secret_opens_a_token() -> None:
    assert recognise(MINE, TOKEN) is TOKEN
    for wrong in (Credential(MINE.id, "s" * 42 + "t"), Credential(MINE.id, "t" * 43), None):
        assert recognise(wrong, TOKEN) == Refusal(Refused.UNKNOWN)
    assert recognise(MINE, None) == Refusal(Refused.UNKNOWN)


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared, genuine = [], hmac.compare_digest

    def compare(kept: str, given: str) -> bool:
        compared.append((kept, given))
        return genuine(kept, given)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    recognise(Credential(MINE.id, "t" * 43), TOKEN)

    assert len(compared) == 1
    assert MINE.secret not in compared[0]


def test_without_a_token_one_may_read_where_reading_is_public_and_no_more() -> None:
    assert judge(None, Scope.READ, public=True, now=NOW) == Allowed(None)
    assert judge(None, Scope.READ, public=False, now=NOW) == Refusal(Refused.NO_TOKEN)
    assert judge(None, Scope.EXPORT, public=True, now=NOW) == Refusal(Refused.NO_TOKEN)


def test_a_token_is_good_for_its_scopes_and_for_what_anybody_may() -> None:
    pusher = replace(TOKEN, scopes=frozenset({Scope.PUSH}))

    assert judge(TOKEN, Scope.READ, public=False, now=NOW) == Allowed(TOKEN)
    assert judge(TOKEN, Scope.EXPORT, public=True, now=NOW) == Refusal(Refused.SCOPE, TOKEN)
    assert judge(pusher, Scope.READ, public=True, now=NOW) == Allowed(pusher)
    assert judge(pusher, Scope.READ, public=False, now=NOW) == Refusal(Refused.SCOPE, pusher)


@pytest.mark.parametrize("public", [True, False])
def test_a_token_is_refused_from_the_moment_it_ends_also_where_anybody_may_read(public: bool) -> None:
    ends = NOW + timedelta(days=1)
    expiring, revoked = replace(TOKEN, expires=ends), replace(TOKEN, revoked=NOW)

    assert judge(expiring, Scope.READ, public=public, now=ends - timedelta(seconds=1)) == Allowed(expiring)
    assert judge(expiring, Scope.READ, public=public, now=ends) == Refusal(Refused.EXPIRED, expiring)
    assert judge(revoked, Scope.READ, public=public, now=NOW) == Refusal(Refused.REVOKED, revoked)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": " Báo"}, {"name": "x" * 81}, {"name": "a\nb"}, {"scopes": frozenset()},
        {"per_minute": -1}, {"per_minute": 10**7}, {"expires": NOW},
    ],
)  # fmt: skip
def test_a_token_that_nobody_could_use_is_refused_where_it_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        replace(TOKEN, **wrong)  # type: ignore[arg-type]


def test_the_days_of_each_consumer_are_added_up() -> None:
    one, two = date(2026, 3, 1), date(2026, 3, 2)
    rows = [Usage("a", one, 3, 1, 100), Usage("b", one, 1), Usage("a", two, 4, 0, 50)]

    assert by_consumer(rows) == {"a": Usage("a", two, 7, 1, 150), "b": Usage("b", one, 1)}
