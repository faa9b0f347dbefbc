"""Ways to spoil a page: what broken servers, careless templates and hostile people send, each drawn from a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

# A crawl takes no more of an answer (max_bytes of a site), so no mutant is larger.
MOST_BYTES = 8_000_000
_TAG = re.compile(rb"<[^>]+>")
_BLOCK = re.compile(rb"(?=<(?:p|div|table|tr|td|ul|li|h[1-4]|article|section|script)\b)")
_NESTED = (
    "div", "span", "b", "table><tr><td", "ul><li", "blockquote", "p", "a href=x", "font", "x-y", "svg",
)  # fmt: skip
_REPEATED = (
    "<br>", "x<br>", "<p>", "<p>Một đoạn.</p>", "<a href='/tin/b-12.html'>Tin khác</a> ", "<img src='/a.jpg'>",
    "<img src='/a.jpg'><p>Ảnh: TTXVN</p>", "1/1/2024 10:10 ", "<h1>Tin mới</h1>",
    "<table><tr><td>a</td><td>1</td></tr></table>", "<tr><td>a</td><td>12</td></tr>", "<li>mục</li>",
    "<div class='related'>", "<div class='sapo'>x</div>", "<!-- x -->", "<script>var a = 1;</script>", "<style>",
    "<meta name=a content=b>", "Nghị quyết số 57-NQ/TW, ", "<option>x</option>",
    "<div style='display:none'>x</div>", "<p>Nguồn: x</p>", "<a href=/>Trang chủ</a>", "<div class='breadcrumb'>",
    "<h3><a href='/x'>Tin mới của tỉnh nhà</a></h3>",
)  # fmt: skip
_ENTITIES = (
    "&", "&amp;", "&amp;nbsp;", "&#7841;", "&#x110000;", "&nbsp;", "&lt;",
    "&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;lt;", "&#0;",
)  # fmt: skip
_LINES = (
    "a", ".", " ", "(", "- ", "1 / 2 / ", "Nguyễn Văn ", "<", "< ", "\u0301", "\u200b", "x.jpg ", "http://",
)  # fmt: skip
_UNCLOSED = (
    "<!--", "<script>", "<style>", "<textarea>", "<title>", "<p class='", '<a href="', "<![CDATA[", "<select>", "<",
    "</", "<noscript>",
)  # fmt: skip
_CHARSETS = (
    "utf-8", "utf-8-sig", "cp1258", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "koi8-r", "shift_jis", "utf-7",
    "utf-32",
)  # fmt: skip
_DECLARED = (
    "utf-8", "windows-1258", "iso-8859-1", "utf-16", "windows-1252", "x-tcvn", "gb2312", "us-ascii", "", "utf-7",
    "none", "é",
)  # fmt: skip


def truncated(rng: Random, page: bytes) -> bytes:
    return page[: rng.randrange(len(page) + 1)]


def reordered(rng: Random, page: bytes) -> bytes:
    blocks = _BLOCK.split(page)
    rng.shuffle(blocks)
    return b"".join(blocks)


def doubled(rng: Random, page: bytes) -> bytes:
    blocks = _BLOCK.split(page)
    start = rng.randrange(len(blocks))
    some = blocks[start : start + rng.randrange(1, 200)]
    return b"".join([*blocks[:start], *some * rng.randrange(2, 2 + _many(rng, 2)), *blocks[start:]])


def nested(rng: Random, page: bytes) -> bytes:
    """Something within itself, 20,000 deep in every other page."""
    tags = rng.choice(_NESTED).encode()
    deep = rng.choice((20_000, _many(rng, 4)))
    names = [part.split(b" ")[0] for part in tags.split(b"><")]
    closing = b"".join(b"</%b>" % name for name in reversed(names)) * rng.choice((0, deep))
    place, end = sorted((_place(rng, page), _place(rng, page)))
    return page[:place] + b"<%b>" % tags * deep + page[place:end] + closing + page[end:]


def with_nuls(rng: Random, page: bytes) -> bytes:
    data = bytearray(page)
    for _ in range(_many(rng, 4)):
        data.insert(rng.randrange(len(data) + 1), 0)
    return bytes(data)


def miscoded(rng: Random, page: bytes) -> bytes:
    """Another charset than the page says."""
    text = page.decode("utf-8", "replace")
    text = re.sub(r"charset=[\w-]*", f"charset={rng.choice(_DECLARED)}", text, count=1)
    return text.encode(rng.choice(_CHARSETS), rng.choice(("replace", "ignore", "xmlcharrefreplace")))


def overloaded(rng: Random, page: bytes) -> bytes:
    """Attributes: too many, too long."""
    place = page.find(b" ", _place(rng, page)) + 1
    count = _many(rng, 5)
    flood = rng.choice((
        b" ".join(b"a%d=1" % n for n in range(count)),
        b"class='%b'" % (b"abc-def " * count),
        b"style='%b'" % (b"color:red;" * count),
        b"src='data:image/png;base64,%b'" % (b"QUFB" * count),
        b"a='<>' " * count,
        b"a=\"" * count,
        b"= " * count,
    ))  # fmt: skip
    return page[:place] + flood + b" " + page[place:]


def with_entities(rng: Random, page: bytes) -> bytes:
    return _insert(rng, page, rng.choice(_ENTITIES), _many(rng, 6))


def with_lines(rng: Random, page: bytes) -> bytes:
    return _insert(rng, page, rng.choice(_LINES), _many(rng, 6))


def with_many(rng: Random, page: bytes) -> bytes:
    return _insert(rng, page, rng.choice(_REPEATED), _many(rng, 5))


def unclosed(rng: Random, page: bytes) -> bytes:
    """End tags are missing, or something begins that never ends."""
    if rng.random() < 0.5:
        share = rng.random()
        return _TAG.sub(lambda m: b"" if m[0].startswith(b"</") and rng.random() < share else m[0], page)
    return _insert(rng, page, rng.choice(_UNCLOSED), _many(rng, 4))


def unquoted(rng: Random, page: bytes) -> bytes:
    share = rng.random()
    return re.sub(rb"[\"'>]", lambda m: b"" if rng.random() < share / 5 else m[0], page)


def garbled(rng: Random, page: bytes) -> bytes:
    data = bytearray(page)
    for _ in range(_many(rng, 3)):
        place = rng.randrange(len(data) + 1)
        data[place : place + rng.randrange(20)] = rng.randbytes(rng.randrange(20))
    return bytes(data)


def mixed(rng: Random, page: bytes) -> bytes:
    """Several of these, one after the other."""
    for name in rng.sample(sorted(set(MUTATIONS) - {"mixed"}), rng.randrange(2, 5)):
        page = MUTATIONS[name](rng, page)[:MOST_BYTES]
    return page


MUTATIONS: Mapping[str, Callable[[Random, bytes], bytes]] = {
    "truncated": truncated, "reordered": reordered, "doubled": doubled, "nested": nested, "NUL bytes": with_nuls,
    "lying charset": miscoded, "attributes": overloaded, "entities": with_entities, "long lines": with_lines,
    "many of one": with_many, "unclosed": unclosed, "unquoted": unquoted, "garbage": garbled, "mixed": mixed,
}  # fmt: skip


def mutant(seed: int, number: int, pages: int) -> tuple[int, str, Random]:
    """Which page the mutant of a number is made of, how, and the dice to do it with: the same for the same seed."""
    rng = Random(f"{seed}:{number}")
    return rng.randrange(pages), list(MUTATIONS)[number % len(MUTATIONS)], rng


def spoil(how: str, rng: Random, page: bytes) -> bytes:
    """The mutant."""
    return MUTATIONS[how](rng, page)[:MOST_BYTES]


def _many(rng: Random, digits: float) -> int:
    """A number of up to so many digits; each length is as likely."""
    return int(10 ** rng.uniform(0, digits))


def _place(rng: Random, page: bytes) -> int:
    """Before a tag, most often of the page's body."""
    start = max(0, page.find(b"<body")) if rng.random() < 0.8 else 0
    return max(0, page.find(b"<", rng.randrange(start, len(page) + 1)))


def _insert(rng: Random, page: bytes, piece: str, count: int) -> bytes:
    place = _place(rng, page)
    return page[:place] + piece.encode() * count + page[place:]
