"""What editors teach a site: rules beside those of its file, each by somebody, from some day, until withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from news.errors import InvalidValue
from news.site import Selectors


class RuleKind(StrEnum):
    """What a rule says. The value is the stored and published name."""

    DROP = "drop"  # elements that a CSS selector names are never article text
    DROP_LINE = "drop-line"  # lines that read so are never article text; # stands for a number
    KEEP = "keep"  # elements that a CSS selector names are article text, whatever other rules say
    KEEP_LINE = "keep-line"
    FIELD = "field"  # where a field (title, lead, body, published, author, ...) stands


@dataclass(frozen=True, slots=True)
class SiteRule:
    """One rule. `value` is a CSS selector, for the kinds of lines a text in which # stands for any number. `by` taught
    it at `at` (UTC) on the page of `article_id`; `withdrawn` when it was taken back, `exported` when it went into the
    site's file: it holds for pages while neither is set."""

    id: str
    site: str
    kind: RuleKind
    value: str
    field: str = ""
    by: str = ""
    at: datetime | None = None
    article_id: str = ""
    withdrawn: datetime | None = None
    exported: datetime | None = None

    def __post_init__(self) -> None:
        if (self.kind is RuleKind.FIELD) is not bool(self.field):
            raise InvalidValue(f"A rule of kind {self.kind} has field {self.field!r}.", "Name the field of a field.")
        if self.field and self.field not in Selectors.FIELDS:
            raise InvalidValue(f"There is no field {self.field!r}.", f"Use one of {', '.join(Selectors.FIELDS)}.")
        if not self.value.strip():
            raise InvalidValue("The rule is empty.", "Give a CSS selector or the text of a line.")

    @property
    def selectors(self) -> Selectors:
        """What a site file would say in its place."""
        said = (self.value,)
        return Selectors(
            {self.field: said} if self.kind is RuleKind.FIELD else {},
            drop=said if self.kind is RuleKind.DROP else (),
            keep=said if self.kind is RuleKind.KEEP else (),
            drop_lines=said if self.kind is RuleKind.DROP_LINE else (),
            keep_lines=said if self.kind is RuleKind.KEEP_LINE else (),
            taught=True,
        )

    @property
    def holds(self) -> bool:
        return self.withdrawn is None and self.exported is None
