"""URLs: one spelling to fetch and store (`canonical`), one key to know an article by (`identity`), and views."""

from __future__ import annotations

import re
from html import unescape
from posixpath import normpath
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from news.errors import InvalidValue

# Parameters that say who shared or counted a link and never what it shows: the published lists of the tools that add
# them (Google, Meta, Microsoft, Mailchimp, HubSpot, Matomo, Yandex, Zalo), and miniflux's urlcleaner table.
_TRACKING = re.compile(
    r"(?:utm_.*|mtm_.*|pk_.*|hsa_.*|_hs(?:enc|mi)|fb_.*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid"
    r"|igshid|igsh|mc_[ce]id|_ga|_gl|_openstat|wt_mc|spm|zarsrc|zalo_?src|vgo_ee|rb_clickid|s_cid|trk|ref_src)",
    re.IGNORECASE,
)
_SESSION = re.compile(r"(?:phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|cfid|cftoken)", re.IGNORECASE)
# `sid` is a session on some systems and the article's id on PHP-Nuke and its kin; a session's value is long and random.
_SID = re.compile(r"s(?:ess)?id=(?=\w*\d)(?=\w*[a-z])\w{16,}", re.IGNORECASE)
# ASP.NET's cookieless sessions stand in the path as (S(...)); Java's as ;jsessionid=...
_PATH_SESSION = re.compile(r"/\([SAF]\([0-9a-z]+\)\)(?=/)|;jsessionid=[^/?]*", re.IGNORECASE)
# NukeViet writes its views as a path segment between module and category.
_VIEW_SEGMENT = re.compile(r"/(?:print|savefile|sendmail|sendto|printer|in-bai-viet)(?=/)", re.IGNORECASE)
_VIEW_PAGE = re.compile(
    r"/(?:print(?:item|view|er|article|news)?|inbai\w*|inan|in-?tin|email(?:item|afriend)?|sendmail|guibai\w*)\.(?:aspx?|php|html?)$"
    r"|/print$|/printpreview\b",
    re.IGNORECASE,
)
_VIEW_QUERY = re.compile(
    r"(?:^|&)(?:print(?:able|version|view)?=(?:1|true|yes|on)?(?:&|$)|(?:mode|view|action|act|type|op|format|tmpl|display)="
    r"(?:print(?:view|er)?|in|inbai|email|sendmail|savefile|pdf)(?:&|$))",
    re.IGNORECASE,
)
_VIEW_PARAMETER = re.compile(
    r"(?:print(?:able|version|view)?|mode|view|action|act|type|op|format|tmpl|display)", re.IGNORECASE
)
# Most addresses are canonical as they stand: small letters, no port, query, fragment, escape, dot or empty segment.
_PLAIN = re.compile(
    r"https?://[a-z0-9_-]+(?:\.[a-z0-9_-]+)+/(?:[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*(?:/|$))*+", re.ASCII
)
_DEFAULT_PORT = {"http": 80, "https": 443}

# What registries put between a name and the country: nobody owns "gov.vn".
_CATEGORIES = frozenset(["gov", "com", "co", "edu", "org", "net", "ac", "info", "name", "go", "or", "ne"])


def canonical(url: str, base: str = "") -> str:
    """The URL as it is fetched and stored: absolute, host in small letters, without default port, fragment, session
    and tracking parameters; the order of the other parameters is kept, as are ids in the query.

    Entities left in an attribute (`https&#x3a;&#x2f;&#x2f;`, seen on Liferay) are decoded. Raises InvalidValue for
    what is not an http(s) address with a host.
    """
    if _PLAIN.fullmatch(url):
        return url
    text = re.sub(r"[\t\r\n\x00]", "", unescape(url)).strip()
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(safe_url_string(joined))
        host, port = _host(parts), parts.port
    except ValueError as error:
        raise InvalidValue(f"{url!r} is not a URL: {error}.", "Give an address as a browser shows it.") from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT or not host:
        raise InvalidValue(f"{url!r} is not an http or https URL.", "Give an address as a browser shows it.")
    netloc = host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"
    path = _PATH_SESSION.sub("", parts.path)
    return urlunsplit((scheme, netloc, _resolved(path), _kept(parts.query), ""))


def identity(url: str) -> str:
    """The key under which an article's URL is known: canonical, without scheme, www. and m., parameters sorted,
    print, mail, save and AMP views folded into the article's own address, no slash at the end."""
    parts = urlsplit(canonical(url))
    netloc = re.sub(r"^(?:www|m|mobile|amp)\.(?=[^.]+\.[^.]+)", "", parts.netloc)
    path = _VIEW_SEGMENT.sub("", parts.path)
    path = re.sub(r"/(?:amp|print)/?$|(?<=\w)\.amp(?=\.html?$)", "", path)
    path = re.sub(r"/(?:index|default)\.(?:html?|php|aspx?)$", "/", path, flags=re.IGNORECASE)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not (_VIEW_PARAMETER.fullmatch(name) and _VIEW_QUERY.search(f"{name}={value}"))
        and (name.lower(), value) not in {("amp", "1"), ("amp", ""), ("outputtype", "amp")}
    ]
    return urlunsplit(("", netloc, path.rstrip("/"), urlencode(sorted(query)), "")).removeprefix("//")


def is_view(url: str) -> bool:
    """Whether the URL shows an article to print, mail or save: it holds nothing that the article does not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_VIEW_SEGMENT.search(parts.path) or _VIEW_PAGE.search(parts.path) or _VIEW_QUERY.search(parts.query))


def owner(url: str) -> str:
    """The part of a URL's host that somebody registered: "thanhhoa.gov.vn" of all its communes, "bbc.co.uk" of its
    editions. An IP address is its own; "" for what is no URL."""
    try:
        host = (urlsplit(url).hostname or "").strip(".")
    except ValueError:
        return ""
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    return ".".join(labels[-3:] if len(labels) > 2 and labels[-2] in _CATEGORIES else labels[-2:])


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if not re.fullmatch(r"[a-z0-9._-]*", host):
        return ""
    return host


def _resolved(path: str) -> str:
    if not path:
        return "/"
    if "/." not in path and "//" not in path:
        return path
    clean = re.sub(r"/{2,}", "/", normpath(re.sub(r"/{2,}", "/", path)))
    return clean + "/" if path.endswith(("/", "/.", "/..")) and clean != "/" else clean


def _kept(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair]
    return "&".join(pair for pair in pairs if not _is_noise(pair))


def _is_noise(pair: str) -> bool:
    name = pair.partition("=")[0]
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name) or _SID.fullmatch(pair))
