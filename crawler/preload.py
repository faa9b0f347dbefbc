"""Imported once by the server process from which crawls are forked, so that a crawl starts in milliseconds.

Nothing here may install a reactor, start a thread or connect to anything: a fork would inherit it broken.
"""

import aiohttp
import protego
import scrapy.core.downloader.handlers.http11
import scrapy.core.engine
import scrapy.crawler
import tldextract
import trafilatura
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

import config
import crawler.child
import crawler.extensions
import crawler.middlewares
import crawler.pipelines
import crawler.robots
import news.extract
import spiders.portal

__all__ = ["aiohttp", "config", "crawler", "news", "protego", "scrapy", "spiders", "tldextract", "trafilatura"]

_COMPONENTS = ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES")
_CLASSES = (
    "DUPEFILTER_CLASS", "LOG_FORMATTER", "ROBOTSTXT_PARSER", "SCHEDULER", "SCHEDULER_MEMORY_QUEUE",
    "SCHEDULER_PRIORITY_QUEUE", "SPIDER_LOADER_CLASS", "STATS_CLASS",
)  # fmt: skip


def _load_components() -> None:
    """Scrapy finds its parts by name when a crawl starts; what they import takes half a second then."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    for name in _COMPONENTS:
        for path, order in settings.getwithbase(name).items():
            if order is not None:
                load_object(path)
    for name in _CLASSES:
        load_object(settings[name])


_load_components()
# Reads the rules and compiles their patterns, a tenth of a second that every crawl would spend on its first page.
news.extract.extract("<html lang=vi><body><h1>Bản tin</h1><p>Hội nghị đã kết thúc.</p></body></html>", "http://x.vn/")
