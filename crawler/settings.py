"""Scrapy's settings for `scrapy crawl` and for crawls in child processes. A site's manners are set by the spider."""

from __future__ import annotations

from typing import Any

from config import Config, load


def settings_of(config: Config) -> dict[str, Any]:
    """The settings that depend on the installation."""
    return {
        "CONFIG": config,
        "SITES_DIR": str(config.sites_dir),
        "USER_AGENT": config.user_agent,
        "LOG_LEVEL": config.log_level,
    }


BOT_NAME = "bantin"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders.special"

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Addresses are judged where a connection is made (crawler.guard). A proxy would make them for us and defeat that.
DOWNLOAD_HANDLERS = {
    "http": "crawler.guard.GuardedDownloadHandler",
    "https": "crawler.guard.GuardedDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
HTTPPROXY_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.SiteMiddleware": 50,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # Behind Scrapy's RetryMiddleware (550), which would ask again at once.
    "crawler.middlewares.RetryAfterMiddleware": 560,
}
# Obeyed by crawler.robots.RobotsMiddleware, whatever this says; Scrapy's own stands aside.
ROBOTSTXT_OBEY = True

EXTENSIONS = {
    "crawler.extensions.Bookkeeper": 0,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
ITEM_PIPELINES = {"crawler.pipelines.IntakePipeline": 0}

# The spider judges every status, and asks for each URL once; a filter would drop a redirect to a known page unseen.
HTTPERROR_ALLOW_ALL = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
REDIRECT_MAX_TIMES = 5
# Pages that reload themselves would be fetched for ever; one that only points elsewhere ends as a page without text.
METAREFRESH_ENABLED = False

AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60.0
DNS_TIMEOUT = 20
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_WARNSIZE = 0
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
URLLENGTH_LIMIT = 0

COOKIES_ENABLED = False
REFERER_ENABLED = True
REFERRER_POLICY = "no-referrer"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "vi,en;q=0.3",
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
# Pages of this many bytes may wait for the intake; then no more are fetched.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 8_000_000

globals().update(settings_of(load()))
