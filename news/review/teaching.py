"""An editor points at a page: which rules would do what is meant, and what each would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from news.article import Article
from news.clean.text import fold
from news.dates import parse_date
from news.errors import InvalidValue
from news.extract import extract
from news.extract.runs import Mark, Trace
from news.review.effect import Effect, effect
from news.review.pointing import Candidate, Pointed, Why, for_body, for_field, to_drop, to_keep
from news.review.rules import RuleKind, SiteRule
from news.site import Selectors, Site

__all__ = ["Effect", "Gesture", "Proposal", "Why", "effect", "proposals"]

MOST = 4
"""So many proposals are made at most."""
# Each is tried on the page: 5 to 20 ms, a second and more for pages of several MB, of which fewer are tried.
_TRIES, _CHARS_TRIED = 8, 4_000_000
_LOOKED_AT = 40
# What may read otherwise too where a field is told: names and lead are read by where the headline stands.
_WITH = {
    "title": frozenset({"lead", "author", "source", "published", "section", "tags"}),
    "lead": frozenset({"source", "author"}),
    "published": frozenset({"modified"}),
    "author": frozenset({"source"}),
    "source": frozenset({"author"}),
}
_PICTURES = frozenset({"images", "attachments"})
_CREDITS = frozenset({"author", "source"})


class Gesture(StrEnum):
    """What an editor means by pointing. The value is the published name."""

    BOILERPLATE = "boilerplate"  # these runs are none of the article
    RESTORE = "restore"  # these runs are its text
    FIELD = "field"  # here the field stands


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that does on this page what the editor means, and what it changes there."""

    kind: RuleKind
    value: str
    field: str
    why: Why
    effect: Effect


def proposals(trace: Trace, runs: Iterable[int], gesture: Gesture, field: str = "") -> tuple[Proposal, ...]:
    """The rules that would do what is meant, best first; each was tried on the page. None where no rule does it without
    doing something else, or where the page is of no site. `runs` are indices of trace.runs.

    Raises InvalidValue for a run that the page does not have, for no runs, and for an unknown field.
    """
    pointed = Pointed(trace, runs)
    if (gesture is Gesture.FIELD) is not bool(field) or (field and field not in Selectors.FIELDS):
        raise InvalidValue(f"{gesture} of field {field!r} means nothing.", f"Use one of {', '.join(Selectors.FIELDS)}.")
    if gesture is Gesture.BOILERPLATE:
        found = _tried(pointed, to_drop(pointed), field, _dropped) if pointed.only(Mark.KEPT) else []
    elif gesture is Gesture.RESTORE:
        found = _tried(pointed, to_keep(pointed), field, _restored)
    elif field == "body":
        found = _tried(pointed, for_body(pointed), field, _has_body)
    else:
        found = _tried(pointed, for_field(pointed), field, _has_field)
    best = [proposal for _, proposal in sorted(found, key=lambda one: one[0])]
    general = any(proposal.why is Why.LINE for proposal in best)
    return tuple([proposal for proposal in best if not (general and proposal.why is Why.WORDS)][:MOST])


# How well a change is what was meant: the less the better, None where it is not.
_Judge = Callable[[Pointed, str, Effect, Article], float | None]


def _tried(
    pointed: Pointed, candidates: Iterator[Candidate], field: str, judge: _Judge
) -> list[tuple[float, Proposal]]:
    trace = pointed.trace
    site = trace.site
    if site is None:
        return []
    tries = max(1, min(_TRIES, _CHARS_TRIED // max(1, len(trace.html))))
    done: dict[object, tuple[Effect, Article]] = {}
    found: list[tuple[float, Proposal]] = []
    for kind, value, why in islice(dict.fromkeys(candidates), _LOOKED_AT):
        boxes = tuple(pointed.select(value)) if kind not in (RuleKind.DROP_LINE, RuleKind.KEEP_LINE) else value
        if boxes not in done:  # selectors of the same elements do the same
            if len(done) == tries:
                break
            done[boxes] = _effect_of(trace, site, SiteRule("", site.id, kind, value, field))
        change, after = done[boxes]
        badness = None if change.lost else judge(pointed, field, change, after)
        if badness is not None:
            found.append((badness, Proposal(kind, value, field, why, change)))
    return found


def _effect_of(trace: Trace, site: Site, rule: SiteRule) -> tuple[Effect, Article]:
    taught = site.with_rules([rule])
    after = extract(trace.html, trace.article.url, site=taught, content_type=trace.content_type)
    return effect(trace.article, after), after


def _dropped(pointed: Pointed, field: str, change: Effect, after: Article) -> float | None:
    """All lines pointed at went, no other line came or went, no field reads otherwise."""
    exact = _keys(change.lines_gone) == _keys(pointed.lines) and not change.lines_come
    return 0 if exact and change.fields.keys() <= _PICTURES else None


def _restored(pointed: Pointed, field: str, change: Effect, after: Article) -> float | None:
    """All lines pointed at came, perhaps with others of their boxes, and none went."""
    come, wished = _keys(change.lines_come), _keys(pointed.lines)
    allowed = _PICTURES | {"kind"}
    if any(run.rule.startswith("credits:") for run in pointed.runs):
        allowed |= _CREDITS
    whole = wished <= come and not change.lines_gone and change.fields.keys() <= allowed
    return len(come - wished) if whole else None


def _has_body(pointed: Pointed, field: str, change: Effect, after: Article) -> float | None:
    """The body is read from there and has the lines pointed at: rather one that makes a good article."""
    has = _is_from_site("body", after) and _keys(pointed.lines) <= _keys(after.body.split("\n"))
    return -round(after.confidence, 1) if has else None


def _has_field(pointed: Pointed, field: str, change: Effect, after: Article) -> float | None:
    """The field is read from there, and little else reads otherwise."""
    said = fold(pointed.text)
    beside = change.fields.keys() - {field} - _PICTURES
    gone = all(fold(line) in said for line in change.lines_gone)
    before = fold(f"{pointed.trace.article.title} {pointed.trace.article.lead}")
    come = all(fold(line) in before for line in change.lines_come)
    if not (gone and come and beside <= _WITH.get(field, frozenset()) and _reads(pointed, field, after)):
        return None
    return len(beside)


def _reads(pointed: Pointed, field: str, after: Article) -> bool:
    said = fold(pointed.text)
    if field in ("published", "modified"):
        value, stamp = getattr(after, field), parse_date(pointed.text)
        return value is not None and _is_from_site(field, after) and (stamp is None or stamp.when == value)
    if field in ("title", "lead", "author", "source", "section"):
        value = fold(getattr(after, field))
        return bool(value) and _is_from_site(field, after) and all(word in said for word in value.split())
    if field == "tags":
        return bool(after.tags) and _is_from_site(field, after)
    return True


def _is_from_site(field: str, article: Article) -> bool:
    return article.evidence.get(field, "").startswith("site:")


def _keys(lines: Iterable[str]) -> set[str]:
    """Lines as far as they read the same: white space aside, and the mark of an item."""
    return {"".join(line.removeprefix("- ").split()) for line in lines}
