"""What the pages of one crawl tell of their site's health (news.report.RunReport)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from news.article import Article, Decision, Precision
from news.errors import Reason
from news.policy import TRUSTED
from news.report import FIELDS
from spiders.reading import SHUT


@dataclass
class Signs:
    """Counted while the crawl runs. `again` are addresses that gave nothing before: they say nothing new."""

    articles: int = 0
    sure: int = 0
    confidence: float = 0.0  # the sum
    bodies: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    again: set[str] = field(default_factory=set)

    def took(self, article: Article, decision: Decision, asked: str) -> None:
        """Counts a page that was extracted; `asked` is the address that was asked for."""
        if article.reason is not None:
            self.lost(asked, article.reason)
            return
        self.articles += 1
        self.sure += article.confidence >= TRUSTED
        self.confidence += article.confidence
        # Behind the source stand others, which said something else (news.extract.evidence).
        self.bodies[article.evidence.get("body", "").partition(" (not ")[0] or "none"] += 1
        self.fields.update(name for name in FIELDS if getattr(article, name))
        if decision is Decision.NEW and article.published is not None:
            day = timedelta(days=1) if article.published_precision is Precision.DAY else timedelta()
            published = article.published + day
            self.newest = max(self.newest, published) if self.newest else published

    def lost(self, url: str, reason: Reason, detail: str = "") -> None:
        """Counts an article page that gave none."""
        if url not in self.again:
            self.reasons[str(Reason.BLOCKED if detail in SHUT else reason)] += 1

    def counted(self) -> dict[str, Any]:
        """The figures by their names in RunReport."""
        return {
            "articles": self.articles,
            "sure": self.sure,
            "confidence": round(self.confidence / self.articles, 3) if self.articles else 0.0,
            "bodies": dict(self.bodies),
            "fields": dict(self.fields),
            "lost": dict(self.reasons),
            "newest": self.newest,
        }
