"""Pages -> the intake, in the ledger's thread."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem

from news.article import Kind, Page


class IntakePipeline:
    """Hands each page to the intake. Scrapy's feed exports (-o FILE) get what came of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Page) -> dict[str, Any]:
        """The decision, and the article where the page holds one. Raises DropItem for a page that was not taken in."""
        ledger = self._crawler.spider.ledger  # type: ignore[union-attr]
        try:
            outcome = await ledger.take(item)
        except CloseSpider as closing:
            raise DropItem(f"{item.url} was not taken in: {closing.reason}", log_level="DEBUG") from closing
        if outcome is None:
            raise DropItem(f"{item.url} could not be taken in", log_level="DEBUG")
        decided = {"url": item.url, "decision": str(outcome.decision), "reason": str(outcome.reason or "")}
        article = outcome.article
        return {**article.to_json(), **decided} if article and article.kind is Kind.ARTICLE else decided
