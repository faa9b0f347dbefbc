"""Who published first, how much later the others, and what each changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM, Article, Precision, Status, StoredArticle
from news.diff import ChangeKind
from news.story import appeared, told

DAY = datetime(2025, 3, 5, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


def article(
    id: str,
    published: datetime | None = None,
    precision: Precision = Precision.MINUTE,
    *,
    seen: datetime = DAY + 30 * HOUR,
    lead: str = "",
    body: str = "Một.\nHai.",
) -> StoredArticle:
    page = Article(
        f"https://{id}.vn/1", id, lead=lead, body=body, published=published, published_precision=published and precision
    )
    return StoredArticle(id, page, (f"{id}.vn/1",), (), id, "s", Status.PUBLISHED, 1, seen, seen)


def names(articles: list[StoredArticle]) -> list[str]:
    return [telling.stored.id for telling in told(articles)]


def test_the_first_publisher_stands_first_and_the_others_follow_with_their_delay() -> None:
    tellings = told(
        [article("late", DAY + 14 * HOUR), article("first", DAY + 9 * HOUR), article("next", DAY + 10 * HOUR)]
    )
    assert [(telling.stored.id, telling.delay) for telling in tellings] == [
        ("first", timedelta(0)),
        ("next", HOUR),
        ("late", 5 * HOUR),
    ]


def test_a_page_that_states_only_a_day_is_not_first_by_its_midnight() -> None:
    day_only = article("day", DAY, Precision.DAY, seen=DAY + 16 * HOUR)
    assert names([day_only, article("exact", DAY + 9 * HOUR)]) == ["exact", "day"]
    assert names([day_only, article("evening", DAY + 20 * HOUR)]) == ["day", "evening"]


def test_a_page_that_states_only_a_day_came_out_on_that_day_whenever_we_saw_it() -> None:
    assert appeared(article("a", DAY, Precision.DAY, seen=DAY + 16 * HOUR)) == DAY + 16 * HOUR
    assert appeared(article("a", DAY, Precision.DAY, seen=DAY + 90 * HOUR)) == DAY + 24 * HOUR
    assert appeared(article("a", DAY, Precision.DAY, seen=DAY - 3 * HOUR)) == DAY  # dated ahead
    assert appeared(article("a", None, seen=DAY + 5 * HOUR)) == DAY + 5 * HOUR


def test_where_a_page_tells_no_date_the_order_is_that_of_seeing_and_no_delay_is_told() -> None:
    undated = article("undated", None, seen=DAY + 11 * HOUR)
    tellings = told([undated, article("first", DAY + 9 * HOUR), article("last", DAY + 12 * HOUR)])
    assert [(telling.stored.id, telling.delay) for telling in tellings] == [
        ("first", timedelta(0)),
        ("undated", None),
        ("last", 3 * HOUR),
    ]
    assert [telling.delay for telling in told([undated, article("later", DAY + 12 * HOUR)])] == [timedelta(0), None]


def test_times_in_other_zones_are_compared_as_moments() -> None:
    assert names([article("utc", datetime(2025, 3, 5, 3, tzinfo=UTC)), article("vn", DAY + 9 * HOUR)]) == ["vn", "utc"]


def test_what_each_changed_is_told_against_the_first_publisher() -> None:
    first = article("first", DAY, lead="Sapo.", body="Một hai ba bốn.\nNăm sáu bảy.")
    other = article("other", DAY + HOUR, body="Một hai ba chín.\nNăm sáu bảy.\nTại địa phương.")
    mine, theirs = told([other, first])
    assert mine.changes == ()
    assert [(change.kind, change.before, change.after) for change in theirs.changes] == [
        (ChangeKind.REMOVED, "Sapo.", ""),
        (ChangeKind.CHANGED, "Một hai ba bốn.", "Một hai ba chín."),
        (ChangeKind.ADDED, "", "Tại địa phương."),
    ]


def test_no_article_makes_no_story() -> None:
    assert told([]) == ()


MOMENTS = st.integers(0, 3).map(lambda hours: DAY + hours * HOUR)
ARTICLES = st.lists(
    st.tuples(st.none() | MOMENTS, st.sampled_from([Precision.MINUTE, Precision.DAY]), MOMENTS), min_size=1, max_size=4
)


@given(ARTICLES)
def test_the_order_does_not_depend_on_who_was_found_first(
    given_: list[tuple[datetime | None, Precision, datetime]],
) -> None:
    articles = [article(f"a{n}", at, precision, seen=seen) for n, (at, precision, seen) in enumerate(given_)]
    expected = told(articles)
    assert all(told(list(shuffled)) == expected for shuffled in permutations(articles))
    moments = [appeared(telling.stored) for telling in expected]
    assert moments == sorted(moments)
    assert all(telling.delay is None or telling.delay >= timedelta(0) for telling in expected)
