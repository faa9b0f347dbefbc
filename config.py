"""Every setting of Bantin: one row each in SETTINGS, read from the environment into one frozen Config.

Only entry points (the CLI, the Scrapy settings module, the web app factory) read it; everything else is handed values.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from news.alerts import Language, QuietHours
from news.errors import BantinError


class Setting(NamedTuple):
    """`name` is the environment variable, `field` the attribute of Config."""

    name: str
    field: str
    default: str
    parse: Callable[[str], Any]
    help: str


def _positive(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise ValueError("must be above 0")
    return number


def _amount(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError("must be 0 or more")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("must be 1 or more")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError("must be 0 to 65535")
    return number


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("must be 0 or more")
    return number


def _yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 1 or 0")
    return text == "1"


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    if text == "none":
        return ()
    return tuple(ip_network(one.strip()) for one in text.split(","))


def _addresses(text: str) -> tuple[str, ...]:
    addresses = tuple(dict.fromkeys(text.split()))
    if not all(address.startswith(("http://", "https://")) for address in addresses):
        raise ValueError("must be http or https addresses")
    return addresses


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    if text and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("must begin with https://")
    return text


def _new_users(text: str) -> str:
    if text not in ("reader", "refuse"):
        raise ValueError("must be reader or refuse")
    return text


def _spaced(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


def _quiet_hours(text: str) -> QuietHours | None:
    return QuietHours.parse(text) if text else None


def _log_level(text: str) -> str:
    level = text.upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return level


def _log_format(text: str) -> str:
    if text not in ("text", "json"):
        raise ValueError("must be text or json")
    return text


_HERE = Path(__file__).resolve().parent

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "MONGODB_URI", "mongodb_uri", "", str,
        "Address of your own MongoDB (5.0 or later, a replica set). Empty: the embedded mongod is started.",
    ),
    Setting("BANTIN_DATABASE", "database", "bantin", str, "Name of the database."),
    Setting(
        "BANTIN_DATA_DIR", "data_dir", "~/.local/share/bantin", _path,
        "Where the embedded MongoDB keeps its data, and the search its index.",
    ),
    Setting(
        "BANTIN_MONGOD", "mongod", "", str,
        "Path of the mongod to embed. Empty: the one on PATH, then the one of the `embedded` extra.",
    ),
    Setting("BANTIN_MONGODB_CACHE_GB", "mongodb_cache_gb", "0.25", _positive, "Cache of the embedded MongoDB in GB."),
    Setting(
        "BANTIN_MONGODB_PATIENCE", "mongodb_patience", "120", _positive,
        "How long, in seconds, an operation waits for a MongoDB that is away before it fails.",
    ),
    Setting("BANTIN_SITES_DIR", "sites_dir", str(_HERE / "spiders" / "sites"), _path, "Folder of the site files."),
    Setting(
        "BANTIN_CONTACT_URL", "contact_url", "https://example.org/bantin", str,
        "Page that tells a site's owner who crawls and how to reach you; part of the user agent.",
    ),
    Setting(
        "BANTIN_CRAWL_TIME_LIMIT", "crawl_time_limit", "1800", _positive,
        "Hard limit in seconds for the crawl of one site; past it the crawl's process is killed.",
    ),
    Setting("BANTIN_WORKERS", "workers", "2", _count, "How many sites are crawled at the same time."),
    Setting(
        "BANTIN_DISK_FLOOR_GB", "disk_floor_gb", "1", _amount,
        "GB that must be free on MongoDB's disk for a crawl or an import to begin. 0: none.",
    ),
    Setting(
        "BANTIN_KEEP_PAGES_DAYS", "keep_pages_days", "0", _amount,
        "Days that the raw pages of articles are kept for reading them again. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_PAGES_GB", "keep_pages_gb", "0", _amount,
        "GB of raw pages that are kept, the newest; on disk they take about a quarter. 0: all.",
    ),
    Setting(
        "BANTIN_KEEP_RUNS_DAYS", "keep_runs_days", "365", _amount,
        "Days that reports of crawls are kept, the newest of each site aside. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_LOGS_DAYS", "keep_logs_days", "30", _amount,
        "Days that the logs of crawls are kept, never longer than their reports. 0: as long as those.",
    ),
    Setting(
        "BANTIN_KEEP_EVENTS_DAYS", "keep_events_days", "365", _amount,
        "Days that events are kept; whoever reads them must come back within. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_URLS_DAYS", "keep_urls_days", "365", _amount,
        "Days that addresses which gave no article are remembered. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_VERSIONS_DAYS", "keep_versions_days", "0", _amount,
        "Days that replaced versions of articles are kept. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_USAGE_DAYS", "keep_usage_days", "400", _amount,
        "Days that the usage of each consumer is kept. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_DELIVERIES_DAYS", "keep_deliveries_days", "30", _amount,
        "Days that the log of deliveries to webhooks is kept. 0: for ever.",
    ),
    Setting(
        "BANTIN_KEEP_HEALTH_DAYS", "keep_health_days", "730", _amount,
        "Days that past states of sites, sent alerts and what operators asked are kept. 0: for ever.",
    ),
    Setting(
        "BANTIN_CHROMIUM", "chromium", "", str,
        "Chromium for sites that need a browser, by name or path. Empty: the system's.",
    ),
    Setting(
        "BANTIN_CHROMIUM_SANDBOX", "chromium_sandbox", "1", _yes,
        "Whether Chromium shuts pages in. 0 only in a container that does so itself and lets it have no namespaces.",
    ),
    Setting("BANTIN_BROWSERS", "browsers", "1", _count, "How many browsers run on this machine at the same time."),
    Setting("BANTIN_BROWSER_PAGES", "browser_pages", "100", _count, "Pages a crawl opens in a browser at most."),
    Setting(
        "BANTIN_BROWSER_SECONDS", "browser_seconds", "30", _positive,
        "Seconds until a page in a browser must be there; then it is given up.",
    ),
    Setting("BANTIN_WEB_HOST", "web_host", "127.0.0.1", str, "Address the web app listens on."),
    Setting("BANTIN_WEB_PORT", "web_port", "8765", _port, "Port the web app listens on; 0 takes a free one."),
    Setting(
        "BANTIN_BASE_URL", "base_url", "", str,
        "Public address of the web app, used in feeds and ids. Empty: http://<host>:<port>.",
    ),
    Setting(
        "BANTIN_PUBLIC_READING", "public_reading", "1", _yes,
        "1: anybody may read pages, feeds and API. 0: only with a token (`bantin tokens add`).",
    ),
    Setting(
        "BANTIN_ANONYMOUS_PER_MINUTE", "anonymous_per_minute", "3000", _whole,
        "Requests a minute that one address may make without a token. 0: any number.",
    ),
    Setting(
        "BANTIN_TRUSTED_PROXIES", "trusted_proxies", "127.0.0.1,::1", _networks,
        "Addresses and networks, with commas, of the proxies whose X-Forwarded-For is believed, or `none`.",
    ),
    Setting(
        "BANTIN_WEBSUB_HUBS", "websub_hubs", "", _addresses,
        "Addresses of WebSub hubs that are told when a feed has changed, with spaces between.",
    ),
    Setting(
        "BANTIN_OIDC_ISSUER", "oidc_issuer", "", _issuer,
        "Address of the provider for single sign-on (OpenID Connect). Empty: users sign in with passwords alone.",
    ),
    Setting("BANTIN_OIDC_CLIENT_ID", "oidc_client_id", "", str, "Who Bantin is to that provider."),
    Setting("BANTIN_OIDC_CLIENT_SECRET", "oidc_client_secret", "", str, "How Bantin proves it to that provider."),
    Setting(
        "BANTIN_OIDC_ROLE_CLAIM", "oidc_role_claim", "", str,
        "Claim that tells the role, with dots into objects: `realm_access.roles`. Empty: roles are given here.",
    ),
    Setting(
        "BANTIN_OIDC_NEW_USERS", "oidc_new_users", "refuse", _new_users,
        "What becomes of who comes by single sign-on and has no role yet: `reader` or `refuse`.",
    ),
    Setting(
        "BANTIN_ALERTS", "alerts", "", _spaced,
        "Apprise addresses, with spaces between, that are told when the health of a site changes: mailto://, tgram://…",
    ),
    Setting(
        "BANTIN_ALERT_QUIET_HOURS", "alert_quiet_hours", "", _quiet_hours,
        "Hours in which no alert is sent, Vietnam's time, like 22:00-06:00. What happens then is told after them.",
    ),
    Setting(
        "BANTIN_ALERT_GROUP_SECONDS", "alert_group_seconds", "120", _amount,
        "Seconds that an alert waits for others, to be sent as one.",
    ),
    Setting("BANTIN_ALERT_LANGUAGE", "alert_language", "vi", Language, "The language of alerts: vi or en."),
    Setting(
        "BANTIN_METRICS_ALLOW", "metrics_allow", "127.0.0.1,::1", _networks,
        "Addresses and networks, with commas, that may read /metrics without a token, or `none`.",
    ),
    Setting(
        "BANTIN_BACKUP_DAYS", "backup_days", "7", _amount,
        "Days after which the last back-up is said to be old. 0: back-ups are made elsewhere.",
    ),
    Setting("BANTIN_LOG_LEVEL", "log_level", "WARNING", _log_level, "DEBUG, INFO, WARNING or ERROR."),
    Setting("BANTIN_LOG_FORMAT", "log_format", "text", _log_format, "text, or json: one object a line."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    mongodb_uri: str
    database: str
    data_dir: Path
    mongod: str
    mongodb_cache_gb: float
    mongodb_patience: float
    sites_dir: Path
    contact_url: str
    crawl_time_limit: float
    workers: int
    disk_floor_gb: float
    keep_pages_days: float
    keep_pages_gb: float
    keep_runs_days: float
    keep_logs_days: float
    keep_events_days: float
    keep_urls_days: float
    keep_versions_days: float
    keep_usage_days: float
    keep_deliveries_days: float
    keep_health_days: float
    chromium: str
    chromium_sandbox: bool
    browsers: int
    browser_pages: int
    browser_seconds: float
    web_host: str
    web_port: int
    base_url: str
    public_reading: bool
    anonymous_per_minute: int
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    websub_hubs: tuple[str, ...]
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_role_claim: str
    oidc_new_users: str
    alerts: tuple[str, ...]
    alert_quiet_hours: QuietHours | None
    alert_group_seconds: float
    alert_language: Language
    metrics_allow: tuple[IPv4Network | IPv6Network, ...]
    backup_days: float
    log_level: str
    log_format: str

    @property
    def user_agent(self) -> str:
        """Names the product and a page where a site's owner finds a person (RFC 9110, 10.1.5)."""
        return f"Bantin/0.1 (+{self.contact_url})"


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The settings of this process. Raises BantinError naming the variable, its value and what it should be."""
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = source.get(setting.name) or setting.default
        try:
            values[setting.field] = setting.parse(text)
        except ValueError as error:
            raise BantinError(f"{setting.name}={text!r} is not valid: {error}.", setting.help) from None
    return Config(**values)
