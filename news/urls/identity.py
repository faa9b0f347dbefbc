"""The key under which an article is known, however its address is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from news.urls.spelling import canonical, is_tracking
from news.urls.views import is_small_pair, is_view_pair, own_host, own_path, own_value, pairs_of

# Microsoft's servers take paths and parameter names in any case: by their extensions, SharePoint's and DotNetNuke's
# own folders. Which other servers do, only their site file can say.
_CASE_BLIND = re.compile(r"\.(?:aspx?|ashx|asmx|axd)(?=/|$)|/_layouts/|/tabid/\d+(?=/|$)", re.IGNORECASE)
_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
# Letters that RFC 3986 lets stand in a path as they are; an escape of one of them is needless.
_PATH_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@")
_SPELT = re.compile(r"[A-Za-z0-9._~/-]*", re.ASCII)  # most paths are as they should be
# Liferay shows one article in any page that has a publisher, and by its name alone. Names are unique in a group, and
# that of the host, "guest", need not be named.
_LIFERAY = re.compile(
    r"(?:/vi)?(?P<language>/(?:en|fr|zh|ja|ko|ru|lo|km))?(?:/web/guest|(?P<group>/(?:web|group)/[^/]+))?(?:/[^/]+)*?"
    r"/-(?:/asset_publisher/\w+/content(?P<content>(?:/id)?/[^/]+)|(?P<slug>/[^/]+-[^/]+))"
)
# What Liferay says of the window and of the way back. p_p_id names the portlet, which a name behind /-/ finds alone.
_LIFERAY_LAYOUT = re.compile(
    r"p_p_state=.*|p_p_mode=.*|p_p_lifecycle=0|p_p_col_(?:id|pos|count)=.*|(?:\w*_)?(?:inherit)?redirect=.*",
    re.IGNORECASE | re.DOTALL,
)


def identity(url: str, *, keep: Collection[str] = (), drop: Collection[str] = (), case_blind: bool = False) -> str:
    """The key under which an article's URL is known: canonical, without scheme, www. and m., parameters sorted,
    print, mail, save, mobile and AMP views folded into the article's own address, escapes in one spelling, no slash
    at the end; in small letters where a Microsoft server shows by its path that case does not matter.

    What a site knows of itself (news.site.UrlRules): parameters named in `keep` stay, those in `drop` go, names in
    small letters; `case_blind` folds its paths and parameter names. Raises InvalidValue like `canonical`.
    """
    parts = urlsplit(canonical(url, keep=keep))
    path = _own(parts.path)
    blind = case_blind or bool(_CASE_BLIND.search(parts.path))
    query = [
        (name.lower() if blind else name, _GUID.sub(_small, value) if _GUID.fullmatch(value) else value)
        for name, value in _own_pairs(path, parts.query, keep)
        if name.lower() not in drop
    ]
    if blind:
        path = re.sub(r"%..", lambda escape: escape[0].upper(), path.lower())
    # An address that says the same twice says it once.
    text = urlencode(sorted(set(query)), encoding="latin-1")
    return urlunsplit(("", own_host(parts.netloc), path, text, parts.fragment)).removeprefix("//")


def without_noise(url: str, *, keep: Collection[str] = (), drop: Collection[str] = ()) -> str:
    """The canonical URL without the parameters in `drop` and those that say how the page is framed; what is left
    stands as it stood. Raises InvalidValue like `canonical`."""
    parts = urlsplit(canonical(url, keep=keep))
    if not parts.query:
        return parts.geturl()
    liferay = _is_liferay(parts.path, parts.query)
    kept = []
    for pair in parts.query.split("&"):
        for name, value in pairs_of(pair):
            framed = liferay and not is_view_pair(name, value) and _LIFERAY_LAYOUT.fullmatch(f"{name}={value}")
            if name.lower() in keep or not (framed or name.lower() in drop):
                kept.append(pair)
    return parts._replace(query="&".join(kept)).geturl()


def _own(path: str) -> str:
    """The path of the article itself, in one spelling."""
    path, before = _spelt(path), ""
    while path != before:
        before = path
        path = _INDEX_PAGE.sub("/", own_path(path)).rstrip("/")
    found = _LIFERAY.fullmatch(path) if "/-/" in path else None
    if found:
        named = found["content"] or found["slug"]
        path = f"{found['language'] or ''}{found['group'] or ''}/-{named}"
    return path


def _own_pairs(path: str, query: str, keep: Collection[str]) -> Iterator[tuple[str, str]]:
    """The parameters that say what is shown."""
    named = path.startswith("/-/") or "/-/" in path
    liferay = _is_liferay(path, query)
    for name, value in pairs_of(query):
        if name.lower() not in keep:
            if is_tracking(name, value) or is_view_pair(name, value) or is_small_pair(name, value):
                continue
            if liferay and (_LIFERAY_LAYOUT.fullmatch(f"{name}={value}") or (named and name == "p_p_id")):
                continue
        yield name, own_value(name, value)


def _is_liferay(path: str, query: str) -> bool:
    return "/-/" in path or "p_p_id=" in query or "inheritRedirect=" in query


def _spelt(path: str) -> str:
    """The path with the escapes that it needs, those in capitals."""
    if _SPELT.fullmatch(path):
        return path
    plain = re.sub(r"%([0-9A-Fa-f]{2})", _needed, path) if "%" in path else path
    return quote(plain, safe="/;%" + "".join(_PATH_LETTERS))


def _needed(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16))
    return letter if letter in _PATH_LETTERS else escape[0].upper()


def _small(guid: re.Match[str]) -> str:
    return guid[1].lower()
