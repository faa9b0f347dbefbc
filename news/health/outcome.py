"""What one crawl says of its site: that it can be read, or in which way it cannot."""

from __future__ import annotations

from enum import StrEnum

from news.errors import Reason
from news.report import Fate, RunReport, RunState

UNREACHED = frozenset(
    {Reason.DNS, Reason.TLS, Reason.CONNECT, Reason.TIMEOUT, Reason.HTTP_SERVER, Reason.CUT_OFF, Reason.REDIRECTS,
     Reason.MAINTENANCE}
)  # fmt: skip
"""Why a page could not be had."""
SHUT_OUT = frozenset({Reason.BLOCKED, Reason.ROBOTS, Reason.BUSY})
"""Why we were not let in."""
UNLIKE = frozenset(
    {Reason.LISTING, Reason.NO_TITLE, Reason.NO_TEXT, Reason.NOT_ARTICLE, Reason.EMPTY, Reason.NOT_HTML,
     Reason.SOFT_404, Reason.TRUNCATED, Reason.UNDECODABLE, Reason.BINARY}
)  # fmt: skip
"""Why a page that came was no article."""


class Outcome(StrEnum):
    """What a crawl came to, as far as it tells of the site."""

    GOOD = "good"  # sources could be read
    BROKEN = "broken"  # none could be had, or is what it should be
    BLOCKED = "blocked"  # none let us in
    CHANGED = "changed"  # they came and name no article any more, or are at their addresses no more
    OURS = "ours"  # it came to nothing for reasons of our own
    NONE = "none"  # it tells nothing, and that is nobody's fault

    @property
    def bad(self) -> bool:
        """Whether the site is at fault."""
        return self in (Outcome.BROKEN, Outcome.BLOCKED, Outcome.CHANGED)


def outcome(report: RunReport) -> Outcome:
    """What a crawl that is over says of its site. A trial, a back-fill and a crawl that was not begun say nothing; one
    that was cut short says what it saw until then."""
    if report.dry_run or report.backfill or report.state in (RunState.RUNNING, RunState.SKIPPED):
        return Outcome.NONE
    fates = report.fates
    if not fates:
        return Outcome.NONE if report.state is RunState.DONE else Outcome.OURS
    if any(fate.good for fate in fates):
        return Outcome.GOOD
    shut = fates.get(Fate.BLOCKED, 0)
    changed = fates.get(Fate.EMPTY, 0) + fates.get(Fate.GONE, 0)
    failed = fates.get(Fate.FAILED, 0) + fates.get(Fate.UNREADABLE, 0)
    if shut >= max(changed, failed):
        return Outcome.BLOCKED
    return Outcome.CHANGED if changed > failed else Outcome.BROKEN
