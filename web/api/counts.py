"""/counts: how many articles, for charts. Exact or refused: what would have to count for too long is not answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import VIETNAM
from news.errors import InvalidValue
from news.selection import Selection
from news.site import Site
from storage.articles import ArticleFilter
from storage.tallies import Labelled, Tallies, Unit
from web.api import models
from web.api.asked import Asked, Name, limit, some
from web.api.given import Desk, Made
from web.api.labels import counted
from web.api.resource import resource
from web.problems import Problem


class By(StrEnum):
    """What may be counted by."""

    DAY = "day"
    HOUR = "hour"
    SITE = "site"
    KIND = "kind"
    TERRITORY = "territory"
    SECTION = "section"
    TAG = "tag"
    DOCUMENT = "document"


_LABELS: Mapping[By, Callable[[Labelled], tuple[str, ...]]] = {
    By.SECTION: lambda labelled: (labelled.section,),
    By.TAG: lambda labelled: labelled.tags,
    By.DOCUMENT: lambda labelled: tuple(document.number for document in labelled.documents),
}
# Days that are counted where no time is asked for, and at most.
_USUAL = {By.HOUR: 2, By.SECTION: 7, By.TAG: 7, By.DOCUMENT: 7}
_MONTH, _YEAR = 31, 366
# As many entries of an index are counted in a quarter of a second; as many articles are read in one.
_ENTRIES, _ARTICLES = 500_000, 10_000

NAMES = (
    Name("by", "What to count by.", "day", tuple(By), needed=True),
    *some("site", "kind", "territory", "section", "tag", "document", "since", "until"),
    limit(1000, 1000),
)


def add(router: APIRouter, desk: Desk) -> None:
    @resource(router, "/counts", models.Counts, "counts", NAMES)
    def counts(request: Request) -> Response:
        """How many articles were published in a range of time, by day or hour of Vietnam, site, kind of site,
        territory, section, tag or legal document. Without `since` a month up to the end of today, of hours two days, of
        labels a week; a year at most, of hours and labels a month. What has more articles than can be counted at once
        (500,000; 10,000 where labels are asked for) is refused."""
        asked = Asked(request, NAMES)
        by, most = By(asked.text("by")), asked.number("limit")
        selection = _within(asked.selection(), by)

        def make() -> Made:
            found = _count(desk, selection, by)
            in_time = by in (By.DAY, By.HOUR)
            rows = sorted(found.items(), key=lambda row: row[0] if in_time else (-row[1], row[0]))
            assert selection.since
            assert selection.until
            return Made(
                {
                    "by": str(by),
                    "since": selection.since.isoformat(),
                    "until": selection.until.isoformat(),
                    "counts": [{"key": key, "count": count} for key, count in rows[:most]],
                }
            )

        return desk.answer(request, (selection, by, most), make)


def _within(selection: Selection, by: By) -> Selection:
    """The selection with a beginning and an end."""
    tomorrow = datetime.combine(datetime.now(UTC).astimezone(VIETNAM).date() + timedelta(days=1), time(), VIETNAM)
    until = selection.until or tomorrow
    try:
        since = selection.since or until - timedelta(days=_USUAL.get(by, 30))
    except OverflowError:
        raise InvalidValue(f"until = {until.isoformat()} is before all time.", "Give since.") from None
    most = _MONTH if by in _USUAL else _YEAR
    if until - since > timedelta(days=most):
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"More than {most} days cannot be counted by {by}.",
            "Give since and until.", kind="too-much",
        )  # fmt: skip
    return selection.narrowed(since=since, until=until)


def _count(desk: Desk, selection: Selection, by: By) -> dict[str, int]:
    catalogue, tallies = desk.shelf.sites(), desk.shelf.store.tallies
    filter = desk.shelf.filter(selection)
    if by in _LABELS:
        return _by_label(tallies, filter, by)
    if not (selection.section or selection.tag or selection.document):
        # With the sites named one index has all that is counted, and no article need be read.
        if filter.sites is None:
            filter = replace(filter, sites=tuple(desk.shelf.store.articles.sites()))
        _refuse(tallies.count(filter, _ENTRIES + 1), _ENTRIES)
    else:
        _refuse(tallies.count(filter, _ARTICLES + 1), _ARTICLES)
    if by in (By.DAY, By.HOUR):
        return tallies.by(Unit(by), filter)
    return _regrouped(tallies.by(Unit.SITE, filter), catalogue, by)


def _by_label(tallies: Tallies, filter: ArticleFilter, by: By) -> dict[str, int]:
    found = tallies.labels(filter, _ARTICLES + 1)
    _refuse(len(found), _ARTICLES)
    return dict(counted(found, _LABELS[by]))


def _regrouped(sites: Mapping[str, int], catalogue: Mapping[str, Site], by: By) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for id, count in sites.items():
        site = catalogue.get(id)
        if by is By.SITE:
            counts[id] = count
        elif site is not None and (key := str(site.kind) if by is By.KIND else site.territory):
            counts[key] += count
    return dict(counts)


def _refuse(found: int, most: int) -> None:
    if found > most:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"More than {most:,} articles would have to be counted.",
            "Ask for a shorter time or for fewer sites.", kind="too-much",
        )  # fmt: skip
