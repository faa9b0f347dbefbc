"""What a site's file says of its addresses holds, over the general rules and over what was learnt."""

from __future__ import annotations

from typing import Any

import pytest

from news.errors import InvalidValue
from news.site import Site, UrlRules
from news.urls import identity


def site(**urls: Any) -> Site:
    table = {"id": "lamha", "name": "Tỉnh Lam Hà", "kind": "province", "hosts": ["x.vn"], "home": "https://x.vn/"}
    return Site.parse({**table, "urls": urls})


def test_a_site_without_rules_knows_an_address_by_one_identity() -> None:
    url = "https://x.vn/chi-tiet?id=1&_c=3"
    assert site().identities(url) == (identity(url),)


def test_ignored_and_learnt_parameters_give_an_address_a_second_identity() -> None:
    rules = site(ignore=["_C"]).with_learned({"Rand"})
    assert rules.identities("https://x.vn/tin?id=1&_c=3&rand=7") == ("x.vn/tin?_c=3&id=1&rand=7", "x.vn/tin?id=1")
    assert rules.identities("https://x.vn/tin?id=1") == ("x.vn/tin?id=1",)
    assert rules.identity("https://x.vn/tin?rand=9&id=1") == "x.vn/tin?id=1"


def test_what_the_file_keeps_is_not_dropped_though_it_was_learnt_or_is_called_tracking() -> None:
    rules = site(keep=["trk", "Rand"]).with_learned({"rand"})
    assert rules.urls.learned == frozenset()
    one, other = (f"https://www.x.vn/tin?trk={n}&rand=5&utm_source=z" for n in (1, 2))
    assert rules.identities(one) == ("x.vn/tin?rand=5&trk=1",)
    assert rules.identity(one) != rules.identity(other)
    assert rules.canonical(one) == "https://www.x.vn/tin?trk=1&rand=5"


def test_case_is_folded_where_the_file_says_so() -> None:
    urls = ("https://x.vn/Tin/Bai-1?Id=Ab", "https://x.vn/tin/bai-1?ID=Ab")
    assert len({site().identity(url) for url in urls}) == 2
    assert {site(case_blind=True).identity(url) for url in urls} == {"x.vn/tin/bai-1?id=Ab"}
    assert site(case_blind=True).identities(urls[0])[0] == identity(urls[0])


@pytest.mark.parametrize(
    ("urls", "key"),
    [
        ({"ignore": ["a=b"]}, "ignore"),
        ({"keep": [""]}, "keep"),
        ({"keep": "rand"}, "keep"),
        ({"ignore": ["x"], "keep": ["X"]}, "ignore"),
        ({"case_blind": "yes"}, "case_blind"),
        ({"learned": ["x"]}, "learned"),
    ],
)
def test_wrong_rules_are_refused_with_their_key_and_a_remedy(urls: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidValue, match=key) as caught:
        site(**urls)
    assert caught.value.remedy


def test_rules_that_are_no_table_are_refused() -> None:
    with pytest.raises(InvalidValue, match="urls = "):
        UrlRules.parse(["_c"])


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200b", "\u00ad", "\n", "\x1b", "\x85", "\u2028", "\ufeff"])
@pytest.mark.parametrize("key", ["name", "name_en", "territory"])
def test_a_name_that_would_read_as_something_else_is_refused(key: str, letter: str) -> None:
    table = {"id": "lamha", "name": "Tỉnh Lam Hà", "kind": "province", "hosts": ["x.vn"], "home": "https://x.vn/"}
    with pytest.raises(InvalidValue, match=rf"{key} = .* has the invisible character U\+{ord(letter):04X}") as caught:
        Site.parse({**table, key: f"Tỉnh{letter} Lam Hà"})
    assert caught.value.problem.isascii(), "the message is not turned round by what it tells of"
    assert Site.parse({**table, key: "Sở Y tế – “Hà Nội” (1945)"})
