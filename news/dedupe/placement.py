"""Which story an article belongs to, and which other articles it has to do with, from values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from news.article import Related
from news.dedupe.likeness import Likeness, Relation
from news.story import Story

ONE_STORY = (Relation.SAME, Relation.NEAR)
"""What makes two articles tell one story."""
_TOLD_TO_EDITORS = (Relation.QUOTES, Relation.QUOTED, Relation.UNSURE)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored article beside the one that is judged, and how alike the two are, the judged one first. `names` are the
    last parts of its addresses (news.dedupe.tail)."""

    article_id: str
    site: str
    story: str
    likeness: Likeness
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placement:
    """`story` is where the article belongs; `absorbed` are stories that become one with it; `reason` in words."""

    story: str
    absorbed: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    reason: str = ""

    @property
    def stories(self) -> tuple[str, ...]:
        """All stories that it speaks of."""
        return (self.story, *self.absorbed)


def place(own: str, neighbours: Sequence[Neighbour], stories: Mapping[str, Story]) -> Placement:
    """The story of an article whose story would be `own` if it stood alone.

    It joins the story of the most alike; other stories with an equally near article become one with that, except where
    an editor has said that the two are not one. `stories` has what is kept of the neighbours' stories and of `own`.
    """
    near = sorted(
        (n for n in neighbours if n.likeness.relation in ONE_STORY and not _apart(own, n.story, stories)),
        key=lambda n: (n.likeness.relation is not Relation.SAME, -n.likeness.jaccard, n.article_id),
    )
    related = tuple(
        Related(n.article_id, str(n.likeness.relation), round(n.likeness.contained, 3))
        for n in neighbours
        if n.likeness.relation in _TOLD_TO_EDITORS
    )
    if not near:
        return Placement(own, related=related)
    best = near[0]
    absorbed: list[str] = []
    for neighbour in near[1:]:
        story = neighbour.story
        taken = (best.story, *absorbed)
        if story not in taken and story != own and not any(_apart(one, story, stories) for one in taken):
            absorbed.append(story)
    reason = f"tells what {best.article_id} of {best.site} tells: {best.likeness.reason}"
    return Placement(best.story, tuple(absorbed), related, reason)


def _apart(one: str, other: str, stories: Mapping[str, Story]) -> bool:
    """Whether an editor keeps two stories apart."""
    known, others = stories.get(one), stories.get(other)
    return bool((known and other in known.apart) or (others and one in others.apart))
