"""Articles as the worst page could make them, always the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from news.article import VIETNAM, Attachment, Document, Image
from news.clean.sanitize import sanitize
from news.publish import Alternate, Entry, Origin, entry_of
from tests.news.publish.samples import stored

_BITS = (
    "]]>", "<![CDATA[", "<![CDATA[x]]>", "]]]]><![CDATA[>", "<!--", "-->", "<?xml version='1.0'?>", "<!DOCTYPE x [",
    "<!ENTITY a 'b'>", "&a;", "&nbsp;", "&amp;", "&lt;script&gt;", "&#0;", "&#x1F;", "&", "<", ">", '"', "'",
    "</title>", "</content></entry></feed>", "</item></channel></rss>", "<script>alert(1)</script>", "<b>đậm</b>",
    "<p>", "</p>",
    "\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x1f", "\x7f", "\x85", "\x9f", "\ud800", "\udfff",
    "\ud83d\ude00", "\ufffe", "\uffff", "\ufdd0", "\ufeff", "😀", "👩‍👩‍👧", "🇻🇳", "\u200f", "\u202e", "\u2066",
    "\u2028", "e\u0301", "\u0300" * 9, "\t", "\r\n", "\r", "\n", " ", "\u00a0", "\\", "\\u0000", "\\n", "%00",
    "{}", "Nghị quyết", "đường", "ĐẢNG", "tiếng Việt", "中文", "עברית", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<iframe src='javascript:alert(1)'></iframe>", "<a href='javascript:alert(1)'>x</a>",
    "<table><tr><td>1</table>",
)  # fmt: skip
_ADDRESSES = (
    "http://x.gov.vn/a b", 'http://x.gov.vn/"><script>', "http://x.gov.vn/'", "http://x.gov.vn/100%", "http://báo.vn/tin",
    "http://x.gov.vn/%E1%BB%81?q=đ", "http://x.gov.vn/a?b=1&amp;c=2&d&e;f=1", "http://x.gov.vn/[1]{2}|3^`", "http://[::1]/",
    "http://x.gov.vn\\@evil.vn/", "HTTP://X/",
    "http://x.gov.vn/\x00\x1f", "http://x.gov.vn/\ud800", "http://x.gov.vn/\u202egpj.exe", "http://x.gov.vn/\n/b",
    "http://x.gov.vn#a#b", "https://x.gov.vn/]]>", "http://x.gov.vn/😀", "http://" + "a" * 300 + ".vn/", "http://-/",
    "http://[bad", "http://", "http://x.gov.vn:99999999/", "http://u:p@x.gov.vn/",
)  # fmt: skip
_TRAPS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "\x01javascript:1",
    "data:text/html,<script>alert(1)</script>", "data:image/svg+xml,<svg onload=alert(1)>", "vbscript:x", "file:///etc",
    "about:blank", "//x.gov.vn/a", "/a", "", "mailto:a@b", "blob:http://x/1", "http:javascript:1", "ftp://x/",
)  # fmt: skip
_MOMENTS = (
    datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=VIETNAM),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), datetime(1, 1, 3, tzinfo=UTC),
    datetime(69, 7, 1, tzinfo=UTC), datetime(999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=7, minutes=6, seconds=30))),
    datetime(1969, 12, 31, tzinfo=UTC),
    datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=14))),
    datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-23, minutes=-59))),
)  # fmt: skip


def entries(count: int) -> Iterator[Entry]:
    """So many entries, seeded. Every second has its HTML as the store has it, the others as no store would."""
    chance = Random(6)
    for number in range(count):
        yield _entry(chance, number, 1_000_000 if number % 2000 == 7 else 0)


def _entry(chance: Random, number: int, length: int) -> Entry:
    def text(most: int) -> str:
        bits = chance.choices(_BITS, k=chance.randrange(most // 9 + 1))
        return " ".join(bit * 99 if chance.random() < 0.001 else bit for bit in bits)

    def link() -> str:
        return chance.choice(_TRAPS) if chance.random() < 0.4 else chance.choice(_ADDRESSES)

    html = f"<p>{text(90)}</p>" + f"<p>{'chữ ]]> ' * (length // 80)}{'nghĩa ' * (length // 6)}</p>"
    media_type = chance.choice(("application/pdf", "", "x", "a/b/c", "<", text(9)))
    article = stored(
        f"article {number}",
        url=chance.choice(_ADDRESSES[:10] if number % 50 else _ADDRESSES[-3:]) + f"?{number}",
        title=text(20_000 if number % 500 == 3 else 80),
        lead=text(60), body=text(60), html=sanitize(html.encode("utf-8", "replace").decode()) if number % 2 else html,
        section=text(20), author=text(20), source=text(20), language=chance.choice(("vi", "en", "x" * 20, "<", "")),
        published=chance.choice((None, *_MOMENTS, datetime(2026, 1, 1, tzinfo=VIETNAM) + timedelta(seconds=number))),
        tags=tuple(text(15) for _ in range(chance.randrange(4))),
        documents=(Document(text(15), text(10), None, text(10)),),
        images=(Image(link(), text(20), text(10)), Image(link())),
        attachments=(Attachment(link(), text(20), media_type), Attachment(link())),
        evidence={"original_url": link()},
    )  # fmt: skip
    site = Origin(text(9), text(20), link(), text(9), text(9))
    return entry_of(article, site, (Alternate(link(), text(20), text(9)),))
