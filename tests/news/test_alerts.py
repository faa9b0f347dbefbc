"""What operators are told of the health of sites: grouped, not at night, each change once, in words that help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from news.alerts import Batch, ItemKind, Language, QuietHours, Rules, compose, plan, trial
from news.alerts.words import WORDS
from news.article import VIETNAM
from news.errors import InvalidValue
from news.health import Fact, Health, HealthState

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=VIETNAM)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RULES = Rules(2 * MINUTE, QuietHours.parse("22:00-06:00"))
UP, DOWN = HealthState.HEALTHY, HealthState.BROKEN


@dataclass(frozen=True)
class Seen:
    """A change of state."""

    site: str
    at: datetime
    before: HealthState | None
    health: Health

    @property
    def id(self) -> str:
        return f"{self.site}:{self.at.isoformat()}"


def seen(site: str, at: datetime, after: HealthState = DOWN, before: HealthState | None = UP) -> Seen:
    return Seen(site, at, before, Health(after, at - HOUR, (Fact("errors", "dns-error 3", None, True),)))


def told(changes: list[Seen], now: datetime, past: list[Seen] | None = None, sites: int = 40) -> Batch | None:
    return plan(changes, [*(past or []), *changes], sites=sites, rules=RULES, now=now)


def test_what_comes_within_the_window_is_told_together() -> None:
    changes = [seen("a", NOON), seen("b", NOON + MINUTE)]

    assert told(changes, NOON + MINUTE) is None
    batch = told(changes, NOON + 2 * MINUTE)
    assert batch
    assert batch.changes == tuple(change.id for change in changes)


def test_nothing_is_told_at_night_and_all_of_it_in_the_morning() -> None:
    night = NOON.replace(hour=23)

    assert told([seen("a", night)], night + HOUR) is None
    assert told([seen("a", night)], night + 7 * HOUR) is not None


def test_many_sites_that_fail_at_once_are_told_at_night_too() -> None:
    night = NOON.replace(hour=23)
    changes = [seen(f"s{n}", night) for n in range(12)]

    batch = told(changes, night + HOUR)
    assert batch
    assert batch.many
    assert "bantin doctor" in compose(batch, {}).body
    assert told(changes, night + HOUR, sites=200) is None


def test_what_came_and_went_at_night_is_told_beside_what_stands_and_makes_no_crowd() -> None:
    night, morning = NOON.replace(hour=23), NOON.replace(hour=6, day=11)
    passed = [
        change
        for n in range(9)
        for at in [night + n * 20 * MINUTE]
        for change in (seen(f"p{n}", at), seen(f"p{n}", at + 50 * MINUTE, UP, DOWN))
    ]
    standing = [seen(f"s{n}", night + n * HOUR) for n in range(3)]

    batch = told([*passed, *standing], morning)
    assert batch
    assert (batch.many, batch.down, batch.over) == (False, 3, 9)
    title = compose(batch, {}).title
    assert title == "Bantin: 12 trang thay đổi (3 không đọc được, 9 hỏng rồi đã trở lại)"

    pause = [seen("z", night, HealthState.PAUSED), seen("z", night + HOUR, UP, HealthState.PAUSED)]
    assert told(pause, morning).over == 0, "somebody's pause is no fault"  # type: ignore[union-attr]
    more = told([*passed, *(seen(f"s{n}", night + HOUR) for n in range(11))], morning)
    assert more
    assert (more.many, more.down, more.over) == (True, 11, 9)
    body = compose(more, {}).body
    assert body.startswith("11 trang cùng đang hỏng")
    assert "9 trang hỏng rồi đã tự trở lại bình thường" in body.splitlines()[0]
    assert "9 more were" in compose(more, {}, Language.ENGLISH).body
    assert compose(more, {}, Language.ENGLISH).title.endswith("9 that came and went)")


def test_a_fault_that_passed_before_it_could_be_told_is_one_line() -> None:
    night = NOON.replace(hour=23)
    batch = told([seen("a", night), seen("a", night + HOUR, UP, DOWN)], night + 8 * HOUR)

    assert batch
    assert [item.kind for item in batch.items] == [ItemKind.PASSED]
    assert "đã không đọc được từ" in compose(batch, {}).body


def test_a_site_that_comes_and_goes_is_told_as_such_once_and_again_when_it_has_settled() -> None:
    states = [(DOWN, UP), (UP, DOWN)]
    flaps = [seen("a", NOON + n * HOUR, *states[n % 2]) for n in range(9)]

    first = told(flaps[5:6], NOON + 6 * HOUR, flaps[:5])
    assert first
    assert [item.kind for item in first.items] == [ItemKind.FLAPS]
    assert told(flaps[6:], NOON + 9 * HOUR, flaps[:6]) is None
    settled = told(flaps[6:], NOON.replace(hour=6, day=11), flaps[:6])
    assert settled
    assert [item.kind for item in settled.items] == [ItemKind.SETTLED]
    assert len(settled.changes) == 3


def test_a_message_says_what_became_of_which_site_why_and_what_to_do() -> None:
    batch = told([seen("bo-y-te", NOON)], NOON + HOUR)
    assert batch
    message = compose(batch, {"bo-y-te": "Bộ Y tế"})

    assert message.title == "Bantin: Bộ Y tế không đọc được"
    for words in (
        "Bộ Y tế (bo-y-te)",
        "trước đó bình thường",
        "lỗi: không tìm thấy tên miền (dns-error) 3",
        "bantin sites check bo-y-te",
        "10/03 11:00",
    ):
        assert words in message.body
    english = compose(batch, {}, Language.ENGLISH)
    assert "was healthy" in english.body


def test_a_silent_site_is_told_with_its_limit_and_a_lost_source_with_what_became_of_it() -> None:
    facts = (Fact("expected", 31.25, 11.2, True), Fact("lost_sources", "https://a.vn/rss (gone)", None, True))
    batch = told([Seen("a", NOON, UP, Health(HealthState.SILENT, NOON, facts))], NOON + HOUR)
    assert batch

    body = compose(batch, {}).body
    assert "số tin đáng lẽ đã có: 31.2 (báo khi quá 11.2)" in body
    assert "https://a.vn/rss (không còn)" in body


def test_what_a_server_wrote_is_cut_and_stays_on_one_line() -> None:
    evil = Seen("a", NOON, UP, Health(DOWN, NOON, (Fact("last_error", "x\n# " + "y" * 9000, None, True),)))
    batch = told([evil], NOON + HOUR)
    assert batch

    assert max(map(len, compose(batch, {}).body.splitlines())) < 220


def test_a_message_of_many_sites_stays_short_and_the_worst_come_first() -> None:
    changes = [seen(f"s{n:02}", NOON, HealthState.PAUSED) for n in range(60)] + [seen("z", NOON)]
    batch = told(changes, NOON + HOUR, sites=500)
    assert batch
    message = compose(batch, {})

    assert message.title == "Bantin: 61 trang thay đổi (1 không đọc được, 60 tạm dừng)"
    assert message.body.startswith("z (z)")
    assert "46 trang nữa" in message.body


def test_both_languages_say_everything() -> None:
    for language, words in WORDS.items():
        assert set(words.states) == set(HealthState)
        assert set(words.remedies) == set(HealthState) - {UP}
        assert set(words.facts) == set(WORDS[Language.VIETNAMESE].facts)
        assert trial(language).body


@pytest.mark.parametrize("text", ["22:00", "22:00-22:00", "25:00-06:00", "22-6", "nights"])
def test_hours_that_no_day_has_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="22:00-06:00"):
        QuietHours.parse(text)
