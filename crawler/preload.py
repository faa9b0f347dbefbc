"""Imported once by the server process from which crawls are forked, so that a crawl starts in milliseconds.

Nothing here may install a reactor, start a thread or connect to anything: a fork would inherit it broken.
"""

import scrapy.core.downloader.handlers.http11
import scrapy.core.engine
import scrapy.crawler
import trafilatura

import config
import crawler.child
import crawler.extensions
import crawler.pipelines
import news.extract

__all__ = ["config", "crawler", "news", "scrapy", "trafilatura"]
