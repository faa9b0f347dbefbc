"""What a rule would change: pages of a site read with and without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from news.article import Page
from news.errors import InvalidValue
from news.extract.tree import unreadable
from news.reading import read
from news.renewal import may_concern
from news.review.cases import Case, expectation
from news.review.effect import Effect, effect
from news.review.rules import RuleKind, SiteRule
from news.site import Site

_LONGEST = 500  # letters of a selector or a line
_LINES = (RuleKind.DROP_LINE, RuleKind.KEEP_LINE)


def checked(rule: SiteRule) -> SiteRule:
    """The rule, if pages can be read by it. Raises InvalidValue that says what is wrong with it."""
    if len(rule.value) > _LONGEST:
        raise InvalidValue(f"The rule has more than {_LONGEST} letters.", "Point at less, or write a shorter one.")
    if rule.kind in _LINES:
        if not any(letter.isalpha() for letter in rule.value):
            raise InvalidValue(
                f"{rule.value[:80]!r} has no word in it and would mean any line of figures.",
                "Write the words of the line, with # for each number.",
            )
    elif why := unreadable(rule.value):
        raise InvalidValue(
            f"{rule.value[:80]!r} is no CSS selector: {why}.", "Write one such as div.box-quang-cao or #lien-quan > p."
        )
    return rule


def effects(rule: SiteRule, pages: Sequence[Page], before: Site, after: Site) -> list[Effect]:
    """What the rule by which the two sites differ changes of each page."""
    return [_effect(rule, page, before, after) for page in pages]


def _effect(rule: SiteRule, page: Page, before: Site, after: Site) -> Effect:
    if not may_concern(rule, page):
        return Effect()
    return effect(read(page, before), read(page, after))


def carried(cases: Iterable[Case], before: Site, after: Site) -> dict[str, Mapping[str, Any]]:
    """By rule, what its case is to expect from now on, where the change from one site to the other changes that. A case
    that is not met before stays as it is: it tells of something else."""
    found: dict[str, Mapping[str, Any]] = {}
    for case in cases:
        if case.differences(after) and not case.differences(before):
            found[case.rule] = expectation(read(case.page, after))
    return found
