"""The peer of bench.crawl: a Scrapy spider that fetches the same URLs and does nothing with them."""

from __future__ import annotations

import multiprocessing
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class BareSpider(scrapy.Spider):
    name = "bare"

    def __init__(self, urls: Sequence[str]) -> None:
        super().__init__()
        self.urls = urls

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing: the page has been fetched."""


def fetch_all(sites: Sequence[Sequence[str]], workers: int, concurrency: int) -> None:
    """Fetches the URLs of each site in a process of its own, as a crawl is, `workers` sites at a time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.preload"])

    def one(urls: Sequence[str]) -> None:
        process = context.Process(target=_fetch, args=(list(urls), concurrency))
        process.start()
        process.join()
        if process.exitcode:
            raise RuntimeError(f"the bare crawl ended with exit code {process.exitcode}")

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, sites))


def _fetch(urls: list[str], concurrency: int) -> None:
    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "HTTPERROR_ALLOW_ALL": True,
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        }
    )
    process.crawl(BareSpider, urls=urls)
    process.start()
