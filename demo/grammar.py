"""A small grammar for officialese: "[a|b]" picks one, "{slot}" fills in; the documents it names are remembered."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from news.article import Document

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)(?::([^}]*))?\}")


class Voice:
    """Expands sentences for one article: same speaker, places and day throughout, fresh figures each time."""

    def __init__(self, rng: random.Random, words: Mapping[str, Any], when: datetime) -> None:
        self.rng = rng
        self.documents: list[Document] = []
        self._words = words
        self._when = when
        self._places = rng.sample(list(words["places"]), k=len(words["places"]))
        self._people = rng.sample(list(words["people"]), k=len(words["people"]))
        self._laws = rng.sample(list(words["laws"]), k=len(words["laws"]))
        self._fixed = {
            "host": words["host"],
            "area": words["area"],
            "place": self._places[0],
            "place2": self._places[1],
            "place3": self._places[2],
            "unit": rng.choice(words["units"]),
            "chief": self._person(0),
            "deputy": self._person(1),
            "citizen": rng.choice(words["citizens"]),
        }

    def say(self, pattern: str) -> str:
        """The pattern with every choice made and every slot filled."""
        text = pattern
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), text)
        return _SLOT.sub(lambda found: self._fill(found[1], found[2] or ""), text)

    def _person(self, index: int) -> str:
        name, post = self._people[index]
        return f"{name}, {post}"

    def _fill(self, slot: str, argument: str) -> str:
        if slot in self._fixed:
            return str(self._fixed[slot])
        if slot == "n":
            low, high = (int(bound) for bound in argument.split("-"))
            return _thousands(self.rng.randint(low, high))
        if slot == "dec":
            low, high = (int(bound) for bound in argument.split("-"))
            return f"{self.rng.randint(low, high)},{self.rng.randint(1, 9)}"
        if slot == "law":
            return self._law()
        return self._moment(slot)

    def _moment(self, slot: str) -> str:
        day = self._when.date()
        if slot == "today":
            return f"{day.day}/{day.month}"
        if slot == "fullday":
            return f"{day:%d/%m/%Y}"
        if slot == "before":
            return _day(day - timedelta(days=self.rng.randint(5, 120)))
        if slot == "after":
            return _day(day + timedelta(days=self.rng.randint(10, 150)))
        return {"year": str(day.year), "last": str(day.year - 1), "next": str(day.year + 1)}[slot]

    def _law(self) -> str:
        row = self._laws[len(self.documents) % len(self._laws)]
        issued: date = row["issued"]
        self.documents.append(Document(row["number"], row["kind"], issued))
        word = self.rng.choice(("ngày ", ", ngày "))
        joint = "" if word.startswith(",") else " "
        return f"{row['kind']} số {row['number']}{joint}{word}{issued.day}/{issued.month}/{issued.year} {row['about']}"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def least_used(rng: random.Random, total: int, wanted: int, earlier: Sequence[frozenset[int]]) -> tuple[int, ...]:
    """`wanted` of `total` sentence numbers that overlap as little as can be with every earlier draw."""
    draws = [tuple(rng.sample(range(total), k=min(wanted, total))) for _ in range(60)]

    def cost(draw: tuple[int, ...]) -> tuple[int, int]:
        overlaps = [len(other.intersection(draw)) for other in earlier] or [0]
        return max(overlaps), sum(overlap * overlap for overlap in overlaps)

    return min(draws, key=cost)


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".") if number >= 10000 else str(number)
