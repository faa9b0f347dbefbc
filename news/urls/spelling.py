"""One spelling of an address, without what only says who shared it or whose session it was."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from posixpath import normpath
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from news.errors import InvalidValue

# Parameters that say who shared or counted a link and never what it shows: the published lists of the tools that add
# them (Google, Meta, Microsoft, Mailchimp, HubSpot, Matomo, Yandex, Zalo, TikTok, Marketo), and miniflux's urlcleaner.
_TRACKING = re.compile(
    r"(?:utm_.*|mtm_.*|pk_.*|piwik_.*|hsa_.*|_hs(?:enc|mi)|fb_.*|fbclid|mibextid|gclid|gclsrc|gad_(?:source|campaignid)"
    r"|srsltid|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|vero_id|_ga"
    r"|_gl|_openstat|wt_mc|spm|zarsrc|zalo_?src|vgo_ee|rb_clickid|s_cid|trk|ref_src)",
    re.IGNORECASE,
)
# Liferay's p_auth is a token of the session as well.
_SESSION = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|cfid|cftoken|oscsid|p_auth|_?csrf(?:_?token)?)",
    re.IGNORECASE,
)
# `sid` is a session on some systems and the article's id on PHP-Nuke and its kin; a session's value is long and random.
# jQuery and its like write the clock into `_` to get around caches.
_BY_VALUE = re.compile(r"s(?:ess)?id=(?=\w*\d)(?=\w*[a-z])\w{16,}|_=\d{10,13}", re.IGNORECASE)
# ASP.NET's cookieless sessions stand in the path as (S(...)); Java's as ;jsessionid=...; others as a folder /sid=...
_PATH_SESSION = re.compile(
    r"/\([SAF]\([0-9a-z]+\)\)(?=/)|;(?:jsessionid|phpsessid)=[^/?]*"
    r"|/(?:sid|sess(?:ion)?(?:_?id)?|phpsessid)=(?=[0-9a-z]*\d)[0-9a-z]{12,}(?=/)",
    re.IGNORECASE,
)
# Most addresses are canonical as they stand: small letters, no port, query, fragment, escape, dot or empty segment.
_PLAIN = re.compile(
    r"https?://[a-z0-9_-]+(?:\.[a-z0-9_-]+)+/(?:[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*(?:/|$))*+", re.ASCII
)
# HTML5 also reads "&sect" without its semicolon, which makes "§ion" of "&section": no address means that.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
# A fragment is a place on the page, but for what stands behind "#!": there the page's script finds its article by it.
# A bare "#!" is how templates write a link that leads nowhere.
_HASH_BANG = re.compile(r"![^#]*[/=][^#]*")
_DEFAULT_PORT = {"http": 80, "https": 443}

# What registries put between a name and the country: nobody owns "gov.vn".
_CATEGORIES = frozenset(["gov", "com", "co", "edu", "org", "net", "ac", "info", "name", "go", "or", "ne"])


def canonical(url: str, base: str = "", *, keep: Collection[str] = ()) -> str:
    """The URL as it is fetched and stored: absolute, host in small letters (IDN in its ASCII form), without default
    port, fragment (but "#!/..."), session and tracking parameters; the order of the other parameters is kept, as are
    ids in the query and the parameters named, in small letters, in `keep`.

    Entities left in an attribute (`https&#x3a;&#x2f;&#x2f;`, seen on Liferay) are decoded. Raises InvalidValue for
    what is not an http(s) address with a host.
    """
    if _PLAIN.fullmatch(url):
        return url
    text = re.sub(r"[\t\r\n\x00]", "", _decoded(url)).strip()
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
    fragment = parts.fragment if _HASH_BANG.fullmatch(parts.fragment) else ""
    return urlunsplit((scheme, netloc, _resolved(path), _kept(parts.query, keep), fragment))


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


def is_tracking(name: str, value: str) -> bool:
    """Whether a parameter only says who shared the link, or whose session it was."""
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name) or _BY_VALUE.fullmatch(f"{name}={value}"))


def _decoded(text: str) -> str:
    """Without entities; what was escaped twice (`&amp;amp;`) is decoded twice."""
    for _ in range(5):
        text, found = _ENTITY.subn(lambda match: unescape(match[0]), text)
        if not found:
            break
    return text


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


def _kept(query: str, keep: Collection[str]) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return "&".join(
        name + mark + value for name, mark, value in pairs if name.lower() in keep or not is_tracking(name, value)
    )
