"""What about an article needs a human, and in which queues it therefore lies: judged from values alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from news.article import Article, Lead, Status, StoredArticle, Via
from news.dedupe import Neighbour, Relation
from news.policy import TRUSTED
from news.review.review import Concern, Queue, Review
from news.review.sensitive import sensitive
from news.review.settling import edited, parked, queued

# A notice of two sentences has about 60 words (news.dedupe.fingerprint); with fewer than this a caption or the first
# lines of something was taken for the article, unless it only accompanies a picture or a file.
_FEW_WORDS = 40
# A page that is announced as news and whose date was guessed from its text is seldom older than this: an anniversary, a
# decree or a reader's comment has lent its date. A date that the page states for machines is believed.
_OLD = timedelta(days=365)
_ANNOUNCED = (Via.FEED, Via.LISTING, Via.HOME)
_GUESSED = ("visible", "url")
_CLOCKS_DIFFER = timedelta(days=1)  # and portals announce what they publish at midnight
_FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the oldest portals went online in 1998
# So many articles say how a site has its body, if so many of them agree.
USUAL, _ENOUGH, _AGREE = 30, 10, 0.8
# Two articles that share so little of the shorter one were joined for all that is aligned, not for what is equal.
_BARELY = 0.6


@dataclass(frozen=True, slots=True)
class Beside:
    """What triage has to know beside an article: `body`, where its site usually has the body ("" unknown); `alike`, the
    articles of which it may be a duplicate; `lead`, how it was announced, None where nobody says that it is news."""

    body: str = ""
    alike: tuple[str, ...] = ()
    lead: Lead | None = None


def usual_body(found: Sequence[str]) -> str:
    """Where a site has its body, by the evidence of its last articles; "" where they do not agree, or are too few."""
    if len(found) < _ENOUGH:
        return ""
    (body, count), *_ = Counter(found).most_common(1)
    return body if count >= _AGREE * len(found) else ""


def unsure(neighbours: Sequence[Neighbour]) -> tuple[str, ...]:
    """The neighbours of which nobody can be sure that they are the same: neither joined nor clearly another, or barely
    joined."""
    return tuple(
        neighbour.article_id
        for neighbour in neighbours
        if neighbour.likeness.relation is Relation.UNSURE
        or (neighbour.likeness.relation is Relation.NEAR and neighbour.likeness.contained < _BARELY)
    )


def review_of(stored: StoredArticle, beside: Beside | None = None) -> Review:
    """What is open about a new article, or one that was stored before there was a desk."""
    beside = beside or Beside(alike=_unsure_before(stored))
    if stored.edit is not None:
        review = edited(stored.review, stored.status)
        return parked(review, stored.status, waits=True) if stored.edit.waiting else review
    found = concerns(stored.article, stored.first_seen, beside)
    queues = queued(stored.status, found, seen=False)
    return replace(stored.review, queues=queues, concerns=found, alike=beside.alike, seen=False)


def review_after(old: StoredArticle, new: StoredArticle, beside: Beside, *, by_publisher: bool = True) -> Review:
    """What is open after `new` took the place of `old`, because its publisher changed it or because our rules read it
    otherwise. What an editor has settled is not asked again."""
    review, alike = old.review, beside.alike
    settled: tuple[Concern, ...] = ()
    if review.seen:
        alike = tuple(id for id in alike if id not in _unsure_before(old))
        settled = concerns(old.article, old.first_seen, replace(beside, alike=()))
    found = [one for one in concerns(new.article, old.first_seen, replace(beside, alike=alike)) if one not in settled]
    updated = Queue.UPDATED in review.queues
    if by_publisher and (review.seen or old.status in (Status.PUBLISHED, Status.HELD)):
        updated = True
        if old.status is Status.PUBLISHED and sensitive(old.article, new.article):
            found.insert(0, Concern.SENSITIVE_UPDATE)
    if Concern.SENSITIVE_UPDATE in review.concerns and Concern.SENSITIVE_UPDATE not in found:
        found.insert(0, Concern.SENSITIVE_UPDATE)
    seen = review.seen and not updated and not found
    queues = queued(new.status, found, seen=seen, updated=updated)
    return replace(review, queues=queues, concerns=tuple(found), alike=alike, seen=seen)


def concerns(article: Article, first_seen: datetime, beside: Beside) -> tuple[Concern, ...]:
    """Why an article needs a human, by what it says. `first_seen` is when it was fetched first."""
    body = article.evidence.get("body", "")
    ways = {
        Concern.TEMPLATE_CHANGED: bool(beside.body and body and body != beside.body),
        Concern.LOW_CONFIDENCE: article.confidence < TRUSTED,
        Concern.ODD_DATE: _odd_date(article, first_seen, beside.lead),
        Concern.NO_DATE: article.published is None,
        Concern.UNSURE_DUPLICATE: bool(beside.alike),
        Concern.VERY_SHORT: _very_short(article),
    }
    return tuple(concern for concern, holds in ways.items() if holds)


def _odd_date(article: Article, first_seen: datetime, lead: Lead | None) -> bool:
    published = article.published
    if published is None:
        return False
    if published > first_seen + _CLOCKS_DIFFER or published < _FIRST_DAY:
        return True
    guessed = article.evidence.get("published", "").startswith(_GUESSED)
    announced = lead is not None and lead.via in _ANNOUNCED
    return announced and guessed and published < first_seen - _OLD


def _very_short(article: Article) -> bool:
    accompanies = article.images or article.attachments or article.documents
    return not accompanies and len(f"{article.lead} {article.body}".split()) < _FEW_WORDS


def _unsure_before(stored: StoredArticle) -> tuple[str, ...]:
    return tuple(related.article_id for related in stored.related if related.relation == Relation.UNSURE)
