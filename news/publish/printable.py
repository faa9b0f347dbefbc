"""What every format can carry: text without what XML forbids, addresses a reader may follow, moments it can write."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from w3lib.url import safe_url_string

# What XML 1.0 (2.2, Char) cannot carry, escaped or not, and the controls that it asks to avoid, which feedparser takes
# for letters of Windows; the surrogates are also what UTF-8 cannot carry.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# RFC 3986 with a host, and nothing that is only quoted or percent-encoded there. What an address has to be in the end.
_URI = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_ENTITY = re.compile(r"&(\w+);")
_ODD = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/?#%-]")
# A day from the ends of what datetime holds, so that no zone can push a moment over them.
_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
_FARTHEST = timedelta(hours=14)


def printable(text: str) -> str:
    """The text without the characters that XML 1.0 and UTF-8 cannot carry."""
    return _UNPRINTABLE.sub("", text)


def address(url: str) -> str:
    """The URL as a feed may name it: http or https, with a host, and a URI (RFC 3986) whatever stood in it; "" for all
    else. `javascript:` and `data:` run or hide something in a reader that opens them, and a page can put them in."""
    # "&amp;" is what a page left escaped, and "&name;" what readers take for an entity (feedparser drops its ";").
    url = _ENTITY.sub(r"&\1%3B", url.replace("&amp;", "&"))
    if _URI.fullmatch(url):
        return url
    text = re.sub(r"[\t\r\n]", "", printable(url)).strip()
    if not text.lower().startswith(("http://", "https://")):
        return ""
    try:
        text = safe_url_string(text)
    except ValueError:
        return ""
    scheme, _, rest = text.partition("://")
    host, slash, path = re.fullmatch(r"([^/?#]*)([/?#]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    path, hash_, fragment = (slash + path).partition("#")
    # Brackets are for IPv6 alone, and a name with a password is a lure: such an address fails below.
    text = f"{scheme.lower()}://{host}{_quoted(path)}" + (f"#{_quoted(fragment)}" if hash_ else "")
    return text if _URI.fullmatch(text) else ""


def moment(when: datetime) -> datetime:
    """The moment as RFC 3339, RFC 822 and XML Schema can write it: its offset in whole minutes, which a zone's local
    mean time is not, and at most 14 hours; its UTC at least a day from the ends of the years 1 to 9999."""
    offset = when.utcoffset() or timedelta()
    there = when.replace(tzinfo=UTC)  # may lie beyond what datetime holds once the offset is taken off
    if there - _FIRST < offset:
        return _FIRST
    if there - _LAST > offset:
        return _LAST
    return when if offset % timedelta(minutes=1) == timedelta() and abs(offset) <= _FARTHEST else when.astimezone(UTC)


def _quoted(text: str) -> str:
    return _ODD.sub(lambda odd: "".join(f"%{byte:02X}" for byte in odd[0].encode()), text)
