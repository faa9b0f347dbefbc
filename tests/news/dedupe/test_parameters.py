"""A parameter is called noise only where the articles themselves prove it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.dedupe.parameters import deciding, noise

Known = list[tuple[str, str]]


def url(**values: object) -> str:
    return "https://x.vn/chi-tiet?" + "&".join(f"{name}={value}" for name, value in values.items() if value != "")


def portal(articles: int, visits: int = 2) -> Known:
    """Addresses of a portal whose links carry a category and a random number that never mean anything."""
    return [
        (url(id=n, _c=f"{n}{visit}", rand=f"r{n}x{visit}"), f"a{n}") for n in range(articles) for visit in range(visits)
    ]


def test_what_changes_with_every_link_is_noise_and_the_id_is_not() -> None:
    assert noise(portal(3)) == {"_c", "rand"}


def test_two_articles_are_not_enough_to_learn_from() -> None:
    assert noise(portal(2, visits=9)) == frozenset()
    assert noise(portal(2), enough=2) == {"_c", "rand"}


def test_a_parameter_that_is_there_or_not_is_noise_though_its_value_never_changes() -> None:
    known = [(url(id=n, view=view), f"a{n}") for n in range(3) for view in ("detail", "")]
    assert noise(known) == {"view"}


def test_a_parameter_that_never_changes_proves_nothing() -> None:
    assert "lang" not in noise([(link + "&lang=vi", article) for link, article in portal(5)])


def test_one_contradiction_keeps_a_parameter_for_good() -> None:
    known = [(url(id=n, page=page), f"a{n}") for n in range(50) for page in (1, 2)]
    assert noise(known) == {"page"}
    assert noise([*known, (url(id=99, page=1), "b1"), (url(id=99, page=2), "b2")]) == frozenset()


def test_what_alone_tells_two_addresses_apart_decides() -> None:
    known = [(url(id=1, page=1, rand="a"), "a"), (url(id=1, page=2, rand="a"), "b"), (url(id=2, page=2, rand="c"), "c")]
    assert deciding(known) == {"page"}


def test_a_text_published_under_several_ids_does_not_make_the_id_noise() -> None:
    again = [(url(tin=n, rand=f"q{n}"), f"a{n % 4}") for n in range(12)]
    assert noise(again) == frozenset()
    assert noise([*again, *((url(tin=n, rand=f"p{n}"), f"a{n % 4}") for n in range(12))]) == {"rand"}


def test_a_headline_in_the_address_does_not_make_the_id_beside_it_noise() -> None:
    # Three notices, each published under two ids, each with a headline of its own: the next may share a headline.
    known = [(url(id=n, ten=f"hop-bao-{n % 3}"), f"a{n % 3}") for n in range(6)]
    assert noise(known) == frozenset()
    assert noise([(link.replace("id=", "lan="), article) for link, article in known]) == {"lan"}


def test_joomlas_itemid_is_noise_beside_the_id_and_an_id_elsewhere() -> None:
    joomla = [(url(option="com_content", id=n, Itemid=menu), f"a{n}") for n in range(3) for menu in (101, 102)]
    assert noise(joomla) == {"itemid"}
    assert noise([(url(tabid=9, ItemID=item), f"a{item % 3}") for item in range(6)]) == frozenset()


def test_what_is_no_address_teaches_nothing() -> None:
    assert noise([("javascript:alert(1)", "a"), ("", "b"), *portal(3)]) == {"_c", "rand"}


def test_paths_tell_articles_apart_too() -> None:
    known = [(f"https://x.vn/tin-{n}.html?nguon={source}", f"a{n}") for n in range(3) for source in ("rss", "home")]
    assert noise(known) == {"nguon"}


_VALUE = st.sampled_from(["", "1", "2", "3"])
_LINKS = st.lists(st.tuples(st.integers(0, 5), _VALUE, _VALUE, _VALUE), max_size=40)


@pytest.mark.parametrize("name", ["id", "newsId", "tin"])
@given(links=_LINKS, seed=st.integers(0, 99))
def test_a_parameter_that_decides_is_never_noise_in_whatever_order_it_was_seen(
    name: str, links: list[tuple[int, str, str, str]], seed: int
) -> None:
    known = [(url(**{name: n + 10, "_c": c, "rand": r, "lang": lang}), f"a{n}") for n, c, r, lang in links]
    shuffled = list(known)
    random.Random(seed).shuffle(shuffled)
    assert noise(known, 1) == noise(shuffled + shuffled, 1)
    assert name.lower() not in noise(known, 1)


@given(links=_LINKS, deciding=st.sampled_from(["_c", "rand", "lang"]))
def test_what_is_called_noise_never_makes_two_articles_one(
    links: list[tuple[int, str, str, str]], deciding: str
) -> None:
    known = []
    for n, c, r, lang in links:
        values = {"_c": c, "rand": r, "lang": lang}
        known.append((url(muc=n % 2, **values), f"a{n % 2}{values[deciding]}"))
    found = noise(known, 1)
    left: dict[str, set[str]] = {}
    for link, article in known:
        place, _, query = link.partition("?")
        rest = sorted(pair for pair in query.split("&") if pair.partition("=")[0] not in found)
        left.setdefault(f"{place}?{rest}", set()).add(article)
    assert all(len(articles) == 1 for articles in left.values())


@given(links=_LINKS, name=st.sampled_from(["_c", "rand", "lang"]))
def test_an_article_more_that_only_a_parameter_tells_apart_takes_it_out_whatever_else_is_known(
    links: list[tuple[int, str, str, str]], name: str
) -> None:
    known = [(url(id=n, _c=c, rand=r, lang=lang), f"a{n}") for n, c, r, lang in links]
    two = [(url(id=77, **{name: value}), f"b{value}") for value in (1, 2)]
    after = noise([*known, *two], 1)
    assert name not in after
    assert after <= noise(known, 1)
