"""What a reader may ask for, in one set of names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM, Status
from news.errors import InvalidValue
from news.selection import Selection
from news.site import Site, SiteKind


def site(id: str, kind: SiteKind, **more: Any) -> Site:
    return Site(id, id.title(), kind, (f"{id}.vn",), f"https://{id}.vn/", **more)


CATALOGUE = {
    one.id: one
    for one in (
        site("moh", SiteKind.MINISTRY),
        site("nhandan", SiteKind.PRESS),
        site("hue", SiteKind.CITY, territory="Huế"),
        site("lamdong", SiteKind.PROVINCE, territory="Lâm Đồng", replaces=("Bình Thuận", "Đắk Nông")),
        site("binhthuan", SiteKind.PROVINCE, territory="Bình Thuận"),
    )
}
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40).map(str.strip)
WHEN = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, VIETNAM]))
SELECTIONS = st.builds(
    Selection,
    site=st.lists(st.sampled_from(sorted(CATALOGUE)), unique=True).map(lambda ids: tuple(sorted(ids))),
    kind=st.lists(st.sampled_from(SiteKind), unique=True).map(lambda kinds: tuple(sorted(kinds))),
    territory=TEXT, section=TEXT, tag=TEXT, document=TEXT, story=TEXT, q=TEXT,
    since=st.none() | WHEN, until=st.none() | WHEN,
    status=st.lists(st.sampled_from(Status), unique=True, min_size=1).map(lambda status: tuple(sorted(status))),
    each=st.booleans(),
)  # fmt: skip


def parse(*pairs: tuple[str, str]) -> Selection:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return Selection.parse(given)


@given(SELECTIONS)
def test_a_selection_is_read_back_from_its_own_query(selection: Selection) -> None:
    assert parse(*selection.to_query()) == selection


def test_what_is_asked_besides_a_saved_search_narrows_it() -> None:
    saved = parse(("q", "bão lũ"), ("kind", "press"))
    asked = parse(("search", "bao"), ("kind", "party"), ("since", "2026-03-01"))
    assert asked.over(saved) == parse(("q", "bão lũ"), ("kind", "party"), ("since", "2026-03-01"))


def test_several_sites_come_with_commas_or_by_repetition() -> None:
    assert parse(("site", "moh,hue"), ("site", "moh")).site == ("moh", "hue")


def test_a_day_begins_in_vietnam() -> None:
    assert parse(("since", "2026-03-01")).since == datetime(2026, 3, 1, tzinfo=VIETNAM)
    assert parse(("since", "2026-03-01T08:30:00+07:00")) == parse(("since", "2026-03-01T01:30:00Z"))
    assert parse(("since", "2026-03-01T08:30:00 07:00")) == parse(("since", "2026-03-01T01:30:00Z"))


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("kind", "minstry", "ministry"),
        ("status", "draft", "published"),
        ("since", "hôm qua", "2026-03-01"),
        ("until", "2026-03-01T00:00:00+00:00:01", "07:00"),
        ("stories", "some", "all"),
        ("tag", "x" * 201, "Shorten"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name_with_what_can(name: str, value: str, remedy: str) -> None:
    with pytest.raises(InvalidValue, match=name) as refusal:
        parse((name, value))
    assert remedy in str(refusal.value)


def test_a_territory_finds_its_predecessors_and_kinds_narrow_it() -> None:
    lamdong = parse(("territory", "lam dong"))
    assert lamdong.sites_of(CATALOGUE) == ("binhthuan", "lamdong")
    assert lamdong.narrowed(kind=(SiteKind.PRESS,)).sites_of(CATALOGUE) == ()
    assert parse(("kind", "press,ministry")).sites_of(CATALOGUE) == ("moh", "nhandan")
    assert Selection().sites_of(CATALOGUE) is None


def test_an_unknown_site_or_territory_is_refused_with_what_comes_near() -> None:
    with pytest.raises(InvalidValue, match=r"site: .*'nhandam'.*Did you mean nhandan"):
        parse(("site", "nhandam")).sites_of(CATALOGUE)
    with pytest.raises(InvalidValue, match=r"territory: 'Lâm Đồnh'.*Did you mean Lâm Đồng"):
        parse(("territory", "Lâm Đồnh")).sites_of(CATALOGUE)


def test_a_site_that_left_the_catalogue_still_has_its_articles() -> None:
    assert parse(("site", "old")).sites_of(CATALOGUE, lambda: ["old"]) == ("old",)
