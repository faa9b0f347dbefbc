"""A collection that grows text by text, as the store does: neighbours by shared keys, a second look, groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from news.dedupe.likeness import Relation, Text, compare
from news.dedupe.sketch import Sketch, shortlist, sketch

MERGED = (Relation.SAME, Relation.NEAR)


@dataclass(slots=True)
class Collection:
    """Texts with the group that each fell into: that of every earlier text which it was found to be a copy of."""

    texts: list[Text] = field(default_factory=list)
    sketches: list[Sketch | None] = field(default_factory=list)
    looks: int = 0
    _index: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _above: list[int] = field(default_factory=list)

    def add(self, text: Text) -> None:
        number, mine = len(self.texts), sketch(text)
        self.texts.append(text)
        self.sketches.append(mine)
        self._above.append(number)
        if mine is None:
            return
        near = dict.fromkeys(other for key in mine.asked for other in self._index.get(key, ()))
        others = [(str(other), held) for other in near if (held := self.sketches[other])]
        for name in shortlist(mine, others):
            self.looks += 1
            if compare(text, self.texts[int(name)]).relation in MERGED:
                self._above[self.group(number)] = self.group(int(name))
        for key in mine.keys:
            self._index[key].append(number)

    def group(self, number: int) -> int:
        while self._above[number] != number:
            number = self._above[number]
        return number

    def groups(self) -> list[int]:
        return [self.group(number) for number in range(len(self.texts))]


def pairwise(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall over all pairs of texts that stand in one group."""
    both, ours, theirs = (
        sum(n * (n - 1) // 2 for n in Counter(labels).values())
        for labels in (list(zip(found, truth, strict=True)), found, truth)
    )
    return both / ours if ours else 1.0, both / theirs if theirs else 1.0


def bcubed(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """BCubed precision and recall (Bagga and Baldwin 1998): the mean over all texts of the share of its group that
    belongs there, and of the share of those that belong there which are in its group."""
    both, ours, theirs = Counter(zip(found, truth, strict=True)), Counter(found), Counter(truth)
    marks = [(both[f, t] / ours[f], both[f, t] / theirs[t]) for f, t in zip(found, truth, strict=True)]
    return sum(p for p, _ in marks) / len(marks), sum(r for _, r in marks) / len(marks)
