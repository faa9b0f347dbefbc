"""The form in which an editor changes an article: from the article to what is typed, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from news.article import VIETNAM, Article, Precision
from news.clean.text import squeeze
from news.dates import parse_date
from news.errors import InvalidValue
from news.extract.legal import documents
from news.extract.limits import LONGEST_BLOCK, MOST_TEXT
from news.review.blocks import rebuilt

# Characters; no headline, byline or label of the saved pages is half as long.
LONGEST = {"title": 500, "lead": 5_000, "body": MOST_TEXT, "author": 300, "source": 300, "tags": 3_000}
_LONGEST_TAG = 100

_CLOCK = re.compile(r"\d\s?(?::|h|giờ)", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}\s*(?:[/.-]|tháng|thg)\s*\d{1,2}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class Fault(StrEnum):
    """Why a field cannot be taken as it was typed."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNREADABLE = "unreadable"
    NO_YEAR = "no-year"
    NO_SUCH_DAY = "no-such-day"
    NO_SUCH_TIME = "no-such-time"


class Unreadable(InvalidValue):
    """A form that makes no article: the fault of each field that has one, by name."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        said = ", ".join(f"{name} ({fault})" for name, fault in faults.items())
        super().__init__(f"The form cannot be read: {said}.", "Correct these fields.")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Form:
    """What is typed, field by field. `body` has a line for each paragraph ("- " begins an item, " | " stands between
    the cells of a row; blank lines say nothing), `published` is in Vietnam's time, `tags` have commas between them."""

    title: str = ""
    lead: str = ""
    body: str = ""
    published: str = ""
    author: str = ""
    source: str = ""
    tags: str = ""

    @classmethod
    def of(cls, article: Article) -> Self:
        """The form as it opens on an article."""
        return cls(
            title=article.title,
            lead=article.lead,
            body=_spaced(article.body.split("\n")),
            published=_written(article),
            author=article.author,
            source=article.source,
            tags=", ".join(article.tags),
        )

    @classmethod
    def parse(cls, typed: Mapping[str, str]) -> Self:
        """The fields of that name; one that is missing is empty."""
        return cls(**{name: typed.get(name, "") for name in FIELDS})

    def to_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in FIELDS}

    def lines(self, name: str) -> tuple[str, ...]:
        """What a field says: its lines, without what nobody sees."""
        typed = getattr(self, name).replace("\r", "\n").split("\n")
        return tuple(line for line in map(squeeze, typed) if line)

    def changed(self, other: Form) -> tuple[str, ...]:
        """The fields that say something else than in another form."""
        return tuple(name for name in FIELDS if self.lines(name) != other.lines(name))

    def upon(self, began: Form, now: Form) -> Form:
        """These fields over a form as it is `now`: those that were not changed since the edit `began` read as now."""
        return replace(now, **{name: getattr(self, name) for name in self.changed(began)})


FIELDS = tuple(field.name for field in fields(Form))


def edited(article: Article, form: Form) -> Article:
    """The article with what was typed; what was not touched stays as it is, to the letter. Raises Unreadable."""
    changes: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name in form.changed(Form.of(article)):
        fault = _too_long(name, getattr(form, name)) or _READ[name](article, form.lines(name), changes)
        if fault:
            faults[name] = fault
    new = replace(article, **changes) if changes else article
    if not faults and changes and not (new.body or new.lead or new.images):
        faults["body"] = Fault.EMPTY
    if faults:
        raise Unreadable(faults)
    if changes.keys() & {"title", "lead", "body"}:
        new = replace(new, documents=documents(f"{new.title}\n{new.lead}\n{new.body}"))
    return new


def _too_long(name: str, typed: str) -> Fault | None:
    return Fault.TOO_LONG if len(typed) > LONGEST.get(name, 200) else None


def _line(name: str) -> Callable[[Article, Sequence[str], dict[str, Any]], Fault | None]:
    """Reads a field of one line."""

    def read(_: Article, lines: Sequence[str], changes: dict[str, Any]) -> Fault | None:
        changes[name] = " ".join(lines)
        return Fault.EMPTY if name == "title" and not lines else None

    return read


def _body(article: Article, lines: Sequence[str], changes: dict[str, Any]) -> Fault | None:
    if any(len(line) > LONGEST_BLOCK for line in lines):
        return Fault.TOO_LONG
    changes["html"], changes["body"] = rebuilt(article.html, lines)
    return None


def _published(_: Article, lines: Sequence[str], changes: dict[str, Any]) -> Fault | None:
    text = " ".join(lines)
    stamp = parse_date(text)
    if not text:
        changes["published"] = changes["published_precision"] = None
    elif stamp is None:
        year = _YEAR.search(text)
        return (Fault.NO_SUCH_DAY if year else Fault.NO_YEAR) if _DAY.search(text) else Fault.UNREADABLE
    elif stamp.precision is Precision.DAY and _CLOCK.search(text):
        return Fault.NO_SUCH_TIME
    elif any(letter.isdigit() for letter in text.replace(stamp.raw, "", 1)):
        return Fault.UNREADABLE
    else:
        changes["published"], changes["published_precision"] = stamp.when, stamp.precision
    return None


def _tags(_: Article, lines: Sequence[str], changes: dict[str, Any]) -> Fault | None:
    said = [tag.strip() for line in lines for tag in line.split(",") if tag.strip()]
    changes["tags"] = tuple({tag.casefold(): tag for tag in reversed(said)}.values())[::-1]
    return Fault.TOO_LONG if any(len(tag) > _LONGEST_TAG for tag in said) else None


_READ: Mapping[str, Callable[[Article, Sequence[str], dict[str, Any]], Fault | None]] = {
    "title": _line("title"),
    "lead": _line("lead"),
    "body": _body,
    "published": _published,
    "author": _line("author"),
    "source": _line("source"),
    "tags": _tags,
}


def _spaced(lines: Sequence[str]) -> str:
    """Paragraphs with a blank line between them, items and rows of one list or table without."""
    gaps = ["\n" if _form(one) and _form(one) == _form(other) else "\n\n" for one, other in pairwise(lines)]
    return "".join(part for pair in zip(lines, [*gaps, ""], strict=True) for part in pair)


def _form(line: str) -> str:
    return "item" if line.startswith("- ") else "row" if " | " in line else ""


def _written(article: Article) -> str:
    """The date as Vietnamese write it, as far as it is known: "24/11/2026 08:30"."""
    if article.published is None:
        return ""
    when = article.published.astimezone(VIETNAM)
    clock = {Precision.DAY: "", Precision.SECOND: f" {when:%H:%M:%S}"}
    return f"{when:%d/%m/%Y}{clock.get(article.published_precision or Precision.MINUTE, f' {when:%H:%M}')}"
