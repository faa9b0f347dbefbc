"""What is remembered of a site's crawls, so that the next one can be judged: bounded, however many there were.

    memory = Memory()
    memory = memory.learn(report)      # after each crawl, in their order
    Memory.from_json(memory.to_json())

Beside what happened last it keeps the usual: of so many pages so many could be had, were articles, had a lead, had
their body found by that selector. The newest pages are kept apart, crawl by crawl, until there are enough newer ones:
what has just changed must not teach what is usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from news.errors import InvalidValue, Reason
from news.health.outcome import SHUT_OUT, UNLIKE, UNREACHED, Outcome, outcome
from news.report import Fate, RunReport

# Pages that are newer than what counts as usual: of a site that publishes a few a day, some days. And so long what is
# new stays apart, however many pages came: that authors are gone is believed after a day (news.health.drops).
RECENT_PAGES, _APART = 30, timedelta(hours=36)
# Crawls within half an hour are one sample; of so many are kept, while a trouble lasts.
_ONE, _MOST_SAMPLES = timedelta(minutes=30), 120
# Pages that prove at the end of a trouble what the site is now.
_PROOF = 3
# From so many pages on the old ones count half: a site that changes by and by is followed.
_MOST_USUAL = 400
_BODY = "body:"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the pages of one crawl (or of many) were: `counts` by name, each out of as many as `base` says. `at` is when
    the crawl began."""

    at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, report: RunReport) -> Self:
        def lost(reasons: Iterable[Reason]) -> int:
            return sum(report.lost.get(str(reason), 0) for reason in reasons)

        away, shut, unlike = lost(UNREACHED), lost(SHUT_OUT), lost(UNLIKE)
        asked = report.articles + report.unchanged + away + shut + unlike
        counts = {
            "asked": asked,
            "reached": asked - away,
            "let_in": asked - shut,
            "maintained": lost({Reason.MAINTENANCE}),
            "came": report.articles + unlike,
            "article": report.articles,
            "sure": report.sure,
            **report.fields,
            **{_BODY + how: count for how, count in report.bodies.items()},
        }
        return cls(report.started, {name: count for name, count in counts.items() if count})

    @property
    def pages(self) -> int:
        return self.counts.get("asked", 0)

    def share(self, name: str) -> tuple[int, int]:
        """How many have it, of how many."""
        return self.counts.get(name, 0), self.counts.get(base(name), 0)

    def bodies(self) -> dict[str, int]:
        """What found the bodies, and how many."""
        found = self.counts.items()
        return {name.removeprefix(_BODY): count for name, count in found if name.startswith(_BODY)}

    def halved(self) -> Sample:
        return replace(self, counts={name: (count + 1) // 2 for name, count in self.counts.items()})


def base(name: str) -> str:
    """What a count is a share of: pages asked for, pages that came, or articles."""
    if name in ("reached", "let_in", "maintained"):
        return "asked"
    return "came" if name == "article" else "article"


def body_name(how: str) -> str:
    """The count of the articles whose body was found in a way."""
    return _BODY + how


@dataclass(frozen=True, slots=True)
class Streak:
    """Crawls in a row that came to nothing: when the first and the last of them began, how many there were, the last
    `same` of them with that outcome, the reasons that they counted, and what the last one said."""

    outcome: Outcome
    since: datetime
    last: datetime
    runs: int = 1
    same: int = 1
    reasons: Mapping[str, int] = field(default_factory=dict)
    error: str = ""

    def lasts(self) -> timedelta:
        return self.last - self.since

    def and_then(self, report: RunReport, came_to: Outcome) -> Streak:
        """With one more crawl."""
        reasons = dict(Counter(self.reasons) + Counter(report.reasons))
        same = self.same + 1 if came_to is self.outcome else 1
        return Streak(came_to, self.since, report.started, self.runs + 1, same, reasons, report.error)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that cannot be read any more: what became of it last, since when, and how often it was looked at."""

    fate: Fate
    since: datetime
    last: datetime
    looks: int = 1

    def to_json(self) -> dict[str, Any]:
        return {"fate": str(self.fate), "since": _text(self.since), "last": _text(self.last), "looks": self.looks}


@dataclass(frozen=True, slots=True)
class Memory:
    """`first` and `success` are when the first and the last crawl began in which sources could be read, `last` when the
    last began that says anything; `found` is the publication of the newest article, as far as the site says it, else
    when it was found. `bad` are the crawls since the last good one in which the site was at fault, `ours` those in
    which we were; `wait` for how many seconds the server asked the last time to be left alone. Times are UTC."""

    first: datetime | None = None
    last: datetime | None = None
    success: datetime | None = None
    found: datetime | None = None
    bad: Streak | None = None
    ours: Streak | None = None
    wait: float = 0.0
    recovered: datetime | None = None  # when its last trouble was over: what it published in it may never be found
    confidence: float | None = None  # the mean of the last articles, newer ones counting more
    usual: Sample = Sample()
    recent: tuple[Sample, ...] = ()
    sources: Mapping[str, Trouble] = field(default_factory=dict)

    def learn(self, report: RunReport, *, settled: bool = True) -> Memory:
        """What is known after one more crawl. `settled`: the site is what it was, and its pages may teach the usual."""
        came_to = outcome(report)
        if came_to is Outcome.NONE:
            return self
        if came_to is Outcome.OURS:
            ours = self.ours.and_then(report, came_to) if self.ours else _streak(report, came_to)
            return replace(self, ours=ours)
        known = replace(self, last=report.started, ours=None, wait=report.wait)
        if came_to.bad:
            # Of a site that is down nothing is learnt about the one source that is read once a day.
            bad = self.bad.and_then(report, came_to) if self.bad else _streak(report, came_to)
            return replace(known, bad=bad)._with_pages(report, settled=settled)
        found, troubles = _newest(self.found, report), _troubles(self.sources, report)
        first = self.first or report.started
        known = replace(known, bad=None, first=first, success=report.started, found=found, sources=troubles)
        return known._with_pages(report, settled=settled)

    def accepted(self) -> Memory:
        """What is known once an operator has said that the newest pages are as they should be."""
        return replace(self, usual=replace(total(self.recent), at=None), recent=(), sources={})

    def over(self, at: datetime) -> Memory:
        """What is known when a trouble is over: the pages that it brought must not teach what is usual."""
        kept, pages = len(self.recent), 0
        while kept and pages < _PROOF:
            kept -= 1
            pages += self.recent[kept].pages
        return replace(self, recent=self.recent[kept:], recovered=at)

    def only(self, sources: Iterable[str]) -> Memory:
        """Without the sources that the site's file names no more."""
        named = set(sources)
        return replace(self, sources={url: trouble for url, trouble in self.sources.items() if url in named})

    def _with_pages(self, report: RunReport, *, settled: bool) -> Memory:
        sample = Sample.of(report)
        if not sample.pages:
            return self
        confidence = self.confidence
        if report.articles:
            weight = min(1.0, report.articles / RECENT_PAGES)
            confidence = (
                report.confidence if confidence is None else confidence + weight * (report.confidence - confidence)
            )
        recent, usual = _joined(self.recent, sample), self.usual
        # Of a site of which few pages are known, the older half is what is usual.
        newer = min(RECENT_PAGES, (usual.pages + sum(one.pages for one in recent)) // 2)
        while settled and len(recent) > 1 and _is_old(recent[0], report.started):
            if sum(one.pages for one in recent[1:]) < newer:
                break
            usual, recent = replace(total((usual, recent[0])), at=None), recent[1:]
            usual = usual.halved() if usual.pages > _MOST_USUAL else usual
        return replace(self, confidence=confidence, usual=usual, recent=recent)

    def to_json(self) -> dict[str, Any]:
        return {
            "first": _text(self.first),
            "last": _text(self.last),
            "success": _text(self.success),
            "found": _text(self.found),
            "bad": _streak_json(self.bad),
            "ours": _streak_json(self.ours),
            "wait": self.wait,
            "recovered": _text(self.recovered),
            "confidence": self.confidence,
            "usual": dict(self.usual.counts),
            "recent": [{"at": _text(sample.at), "counts": dict(sample.counts)} for sample in self.recent],
            "sources": [{"url": url, **trouble.to_json()} for url, trouble in self.sources.items()],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """What `to_json` wrote. Raises InvalidValue where it is no memory."""
        try:
            return cls(
                first=_moment(row.get("first")),  # an older Bantin wrote none
                last=_moment(row["last"]),
                success=_moment(row["success"]),
                found=_moment(row["found"]),
                bad=_streak_of(row["bad"]),
                ours=_streak_of(row["ours"]),
                wait=float(row["wait"]),
                recovered=_moment(row["recovered"]),
                confidence=row["confidence"],
                usual=Sample(None, row["usual"]),
                recent=tuple(Sample(_moment(one["at"]), one["counts"]) for one in row["recent"]),
                sources={
                    one["url"]: Trouble(Fate(one["fate"]), _sure(one["since"]), _sure(one["last"]), one["looks"])
                    for one in row["sources"]
                },
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidValue(
                f"This is no memory of a site: {error!r}.", "It is learnt anew from its runs."
            ) from error


def _joined(samples: tuple[Sample, ...], sample: Sample) -> tuple[Sample, ...]:
    """The samples with one more, which belongs to the last one if it follows soon."""
    if samples and samples[-1].at and sample.at and sample.at - samples[-1].at < _ONE:
        return (*samples[:-1], replace(total((samples[-1], sample)), at=samples[-1].at))
    return (*samples, sample)[-_MOST_SAMPLES:]


def _is_old(sample: Sample, now: datetime) -> bool:
    return sample.at is None or now - sample.at >= _APART


def _newest(found: datetime | None, report: RunReport) -> datetime | None:
    """The newest article known after a crawl that found some; what a site dates ahead counts from now."""
    if not report.new:
        return found
    ended = report.finished or report.started
    newest = min(report.newest or ended, ended)
    return max(found, newest) if found else newest


def _troubles(known: Mapping[str, Trouble], report: RunReport) -> dict[str, Trouble]:
    troubles = dict(known)
    for url, fate in report.sources.items():
        before = troubles.pop(url, None)
        if not fate.good:
            since, looks = (before.since, before.looks) if before else (report.started, 0)
            troubles[url] = Trouble(fate, since, report.started, looks + 1)
    return troubles


def total(samples: Sequence[Sample]) -> Sample:
    """The samples as one."""
    counts: dict[str, int] = {}
    for sample in samples:
        for name, count in sample.counts.items():
            counts[name] = counts.get(name, 0) + count
    return Sample(samples[-1].at if samples else None, counts)


def _streak(report: RunReport, came_to: Outcome) -> Streak:
    return Streak(came_to, report.started, report.started, reasons=dict(report.reasons), error=report.error)


def _streak_json(streak: Streak | None) -> dict[str, Any] | None:
    if streak is None:
        return None
    return {
        "outcome": str(streak.outcome),
        "since": _text(streak.since),
        "last": _text(streak.last),
        "runs": streak.runs,
        "same": streak.same,
        "reasons": dict(streak.reasons),
        "error": streak.error[:500],
    }


def _streak_of(row: Mapping[str, Any] | None) -> Streak | None:
    if row is None:
        return None
    since, last = _sure(row["since"]), _sure(row["last"])
    came_to = Outcome(row["outcome"])
    return Streak(came_to, since, last, row["runs"], row["same"], row["reasons"], row["error"])


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _sure(text: str) -> datetime:
    return datetime.fromisoformat(text)
