"""Who wrote an article, whom the site has it from, and where it stood first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml import html as markup

from news.article import Block
from news.clean.credits import authors, organisation, person, source_of
from news.clean.text import fold
from news.extract.evidence import Evidence
from news.extract.fields.bylines import Beside
from news.extract.jsonld import names
from news.extract.jsonld import text as json_text
from news.extract.linear import address
from news.extract.meta import microdata
from news.extract.tree import text_of

# Accounts and outlets where a person should stand; compared as `fold` writes them.
_ACCOUNT = re.compile(
    r"admin\w*|super user|root|editor\w*|webmaster|quản trị.*|ban biên tập.*|bbt|btv|biên tập viên|user\d*|test\w*"
    r"|.*\.(?:vn|com|gov).*|báo .*|cổng .*|trang .*|.*điện tử.*|(?:sở|ubnd|ủy ban|uỷ ban|văn phòng|bộ) .*"
)
_ORIGIN = re.compile(
    r"(?:link|xem|đọc)?\s*(?:bài|tin)?\s*(?:viết)?\s*(?:gốc|nguồn)|nguồn(?: tin| bài)?|theo|dẫn (?:nguồn|lại)|trích",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s\"'<>()]+[^\s\"'<>().,;]")
# How many blocks at the end of the text may name the original, and how long a line of them may be.
_LAST = 6
_LINE = 200


def author(e: Evidence, near: Beside, site_name: str) -> str:
    """The people in their order, joined by "; "; never the site itself, nor the account that typed."""
    signed = e.itemprops.get("author", [])
    within = (name for name in e.itemprops.get("name", []) if not set(signed).isdisjoint(name.iterancestors()))
    names_within = "; ".join(dict.fromkeys(map(text_of, within))) if signed else ""
    candidates = [
        *((how, _people(e, how)) for how, _ in e.selected("author")),
        ("jsonld", "; ".join(names(e.json.get("author")))),
        ("microdata", names_within or microdata(e.itemprops, "author")),
        ("visible", authors(near.said)),
        ("meta", e.meta.get("article:author", "") or e.meta.get("author", "")),
        ("meta", e.meta.get("dc.creator", "")),
    ]
    outlets = [site_name, e.meta.get("og:site_name", ""), *names(e.json.get("publisher")), *_host_labels(e.url)]
    publisher = {fold(n) for n in outlets if n}
    return e.choose("author", [(how, people) for how, text in candidates if (people := _persons(text, publisher))])


def source(e: Evidence, near: Beside) -> str:
    """From whom the site has the article."""
    return e.choose(
        "source",
        [
            *((how, organisation(text_of(found))) for how, found in e.selected("source")),
            ("jsonld", next(iter(names(e.json.get("sourceOrganization"))), "")),
            ("visible", source_of(near.said)),
        ],
    )


def original(e: Evidence, near: Beside, blocks: Sequence[Block]) -> str:
    """The address at which an article stood first, where the page says that it was taken from elsewhere. It is not an
    article's field but stays in the evidence as `original_url`: a statement of the page, for whoever compares sites."""
    texts = [(block.text, block.html) for block in [*blocks[-_LAST:], *(b for b, _ in near.lines)]]
    candidates = [
        *(found.get("href") or text_of(found) for _, found in e.selected("original")),
        *names(e.json.get("isBasedOn")),
        json_text(e.json.get("isBasedOnUrl")),
        e.meta.get("original-source", "") or e.meta.get("syndication-source", ""),
        *(url for text, html in texts if len(text) <= _LINE and _ORIGIN.match(text) for url in _addresses(text, html)),
    ]
    own = _host(e.url)
    for candidate in candidates:
        found = _URL.search(candidate)
        url = address(found[0], e.base) if found else ""
        if url and _host(url) != own and urlsplit(url).path.strip("/"):
            e.chosen["original_url"] = url
            return url
    return ""


def _addresses(text: str, html: str) -> Iterator[str]:
    if "href=" in html:
        yield from (link.get("href", "") for link in markup.fragment_fromstring(html, create_parent="div").iter("a"))
    yield text


def _people(e: Evidence, how: str) -> str:
    for name, selectors in e.selectors:
        if name == how:
            for selector in selectors.fields.get("author", ()):
                people = [person(text_of(found)) for found in e.select(selector)]
                if any(people):
                    return "; ".join(dict.fromkeys(p for p in people if p))
    return ""


def _persons(text: str, publisher: set[str]) -> str:
    people = person(text).split("; ") if text else []
    return "; ".join(dict.fromkeys(p for p in people if p and not _is_outlet(p, publisher)))


def _is_outlet(name: str, publisher: set[str]) -> bool:
    folded = fold(name)
    return not folded or folded in publisher or "http" in name or bool(_ACCOUNT.fullmatch(folded.replace(" vn", ".vn")))


def _host_labels(url: str) -> list[str]:
    host = urlsplit(url).hostname or ""
    return [host, *host.split(".")]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
