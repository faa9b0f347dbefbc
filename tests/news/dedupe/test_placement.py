"""An article joins the story of those it is most alike, and no machine joins what an editor keeps apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import Related
from news.dedupe import Likeness, Neighbour, Placement, Relation, place
from news.story import Story

NOW = datetime(2025, 3, 5, tzinfo=UTC)


def near(n: int, story: str = "", jaccard: float = 0.8, relation: Relation = Relation.NEAR) -> Neighbour:
    likeness = Likeness(relation, jaccard, 0.9, f"{relation} at {jaccard}")
    return Neighbour(f"a{n}", f"site{n}", story or f"s{n}", likeness)


def kept(id: str, *apart: str) -> dict[str, Story]:
    return {id: Story(id, ("a",), NOW, decided_by="lan", apart=frozenset(apart))}


def test_what_is_like_nothing_tells_a_story_of_its_own() -> None:
    assert place("own", [], {}) == Placement("own")


def test_an_article_joins_the_story_of_the_most_alike_and_says_why() -> None:
    found = place("own", [near(1, "s", 0.6), near(2, "s", 0.9)], {})
    assert (found.story, found.absorbed) == ("s", ())
    assert found.reason == "tells what a2 of site2 tells: near at 0.9"


def test_word_for_word_the_same_is_more_alike_than_anything_near() -> None:
    assert place("own", [near(1, jaccard=0.99), near(2, jaccard=0.9, relation=Relation.SAME)], {}).story == "s2"


def test_an_article_near_two_stories_makes_them_one() -> None:
    found = place("own", [near(1, jaccard=0.9), near(2), near(3, "s1"), near(4, "s2")], {})
    assert (found.story, found.absorbed) == ("s1", ("s2",))


@pytest.mark.parametrize("stories", [kept("s1", "s2"), kept("s2", "s1"), kept("s1", "s2") | kept("s2", "s1")])
def test_two_stories_that_an_editor_keeps_apart_stay_two(stories: dict[str, Story]) -> None:
    found = place("own", [near(1, jaccard=0.9), near(2)], stories)
    assert (found.story, found.absorbed) == ("s1", ())


def test_a_third_story_joins_neither_of_two_through_the_other() -> None:
    found = place("own", [near(1, jaccard=0.9), near(2, jaccard=0.8), near(3, jaccard=0.7)], kept("s2", "s3"))
    assert (found.story, found.absorbed) == ("s1", ("s2",))


def test_an_article_that_an_editor_took_out_does_not_come_back_by_being_alike() -> None:
    assert place("own", [near(1, jaccard=0.99)], kept("own", "s1")) == Placement("own")
    assert place("own", [near(1, jaccard=0.99), near(2, jaccard=0.5)], kept("own", "s1")).story == "s2"


@pytest.mark.parametrize("relation", [Relation.QUOTES, Relation.QUOTED, Relation.UNSURE])
def test_what_quotes_or_may_be_another_is_related_and_no_part_of_the_story(relation: Relation) -> None:
    found = place("own", [near(1, relation=relation)], {})
    assert found == Placement("own", related=(Related("a1", str(relation), 0.9),))


@pytest.mark.parametrize("relation", [Relation.ALIKE, Relation.OTHER])
def test_what_only_looks_alike_is_neither(relation: Relation) -> None:
    assert place("own", [near(1, jaccard=1.0, relation=relation)], {}) == Placement("own")


STORIES = st.sampled_from(["own", "s1", "s2", "s3", "s4"])
NEIGHBOURS = st.lists(
    st.builds(near, st.integers(1, 9), STORIES.filter("own".__ne__), st.floats(0.2, 1), st.sampled_from(Relation)),
    max_size=6,
    unique_by=lambda neighbour: neighbour.article_id,
)


@given(NEIGHBOURS, st.dictionaries(STORIES, st.frozensets(STORIES, max_size=3), max_size=4), st.permutations(range(10)))
def test_whatever_is_near_no_two_that_are_kept_apart_become_one_and_the_order_found_is_no_matter(
    neighbours: list[Neighbour], apart: dict[str, frozenset[str]], order: list[int]
) -> None:
    stories = {id: Story(id, ("a",), NOW, apart=others - {id}) for id, others in apart.items()}
    found = place("own", neighbours, stories)
    joined = ["own", found.story, *found.absorbed] if found.story != "own" else ["own"]
    assert not [(a, b) for a in joined for b in joined if a in stories and b in stories[a].apart]
    assert len(set(found.absorbed)) == len(found.absorbed)
    assert {found.story, "own"}.isdisjoint(found.absorbed)
    shuffled = sorted(neighbours, key=lambda neighbour: order[int(neighbour.article_id[1:])])
    again = place("own", shuffled, stories)
    assert (again.story, again.absorbed, set(again.related)) == (found.story, found.absorbed, set(found.related))
