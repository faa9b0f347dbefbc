"""Who wrote an article, whom the site has it from, and where it stood first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import html as markup
from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import box_rule, is_boilerplate_line
from news.clean.credits import Said, authors, credit_line, is_name, labelled, organisation, person, source_of
from news.clean.text import fold
from news.extract.body import Place, around
from news.extract.evidence import Evidence
from news.extract.jsonld import names
from news.extract.jsonld import text as json_text
from news.extract.linear import address
from news.extract.meta import microdata
from news.extract.tree import classes, text_of

_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:authors?|tac-?gia|byline|nguoi-?viet|but-?danh|createdby|writer)(?:$|[\s_-])|tacgia", re.IGNORECASE
)
_SOURCE_CLASS = re.compile(r"(?:^|[\s_-])(?:source|nguon(?:-?tin)?|nguontin)(?:$|[\s_-])", re.IGNORECASE)
_NOT_BESIDE = re.compile(r"related|comments|footer|navigation|widgets|poll|counter|advertisement|tags")
# Accounts and outlets where a person should stand; compared as `fold` writes them.
_ACCOUNT = re.compile(
    r"admin\w*|super user|root|editor\w*|webmaster|quản trị.*|ban biên tập.*|bbt|btv|biên tập viên|user\d*|test\w*"
    r"|.*\.(?:vn|com|gov).*|báo .*|cổng .*|trang .*|.*điện tử.*|(?:sở|ubnd|ủy ban|uỷ ban|văn phòng|bộ) .*"
)
_ORIGIN = re.compile(
    r"(?:link|xem|đọc)?\s*(?:bài|tin)?\s*(?:viết)?\s*(?:gốc|nguồn)|nguồn(?: tin| bài)?|theo|dẫn (?:nguồn|lại)|trích",
    re.IGNORECASE,
)
# What a button behind a name says.
_TOOL = re.compile(r"\s+(?:copy link|sao chép.*|link gốc|xem .*)$", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"'<>()]+[^\s\"'<>().,;]")
# How many blocks before and behind the body may name its author, and how long a line of them may be.
_BEFORE = 8
_BEHIND = 6
_LINE = 200


class Beside(NamedTuple):
    """What the lines right before and right after the body say of its origin."""

    said: tuple[Said, ...]
    lines: tuple[tuple[Block, HtmlElement], ...]


def beside(e: Evidence, place: Place) -> Beside:
    """The credit lines around the body: labelled ("Tác giả: …"), in a box called author or source, or, behind the
    body, a name set to the right."""
    if place.container is None:
        return Beside((), ())
    before, _, behind = around(e, place.container)
    after = list(_credits(behind))
    said = [s for block, element in before[-_BEFORE:] if (s := _said(block, element, styled=False))]
    said += [s for block, element in after if (s := _said(block, element, styled=True))]
    return Beside(tuple(said), tuple(after))


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
    texts = [(block.text, block.html) for block in [*blocks[-_BEHIND:], *(b for b, _ in near.lines)]]
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


def _credits(behind: Sequence[tuple[Block, HtmlElement]]) -> Iterator[tuple[Block, HtmlElement]]:
    """The blocks after the body that may be credits, up to the first that is something else's heading."""
    for block, element in behind[:_BEHIND]:
        if block.links > 0.9 and block.kind in ("heading", "item"):
            return
        if len(block.text) <= _LINE and not is_boilerplate_line(block) and not _boxed(element):
            yield block, element


def _said(block: Block, element: HtmlElement, *, styled: bool) -> Said | None:
    text = block.text
    if len(text) > _LINE:
        return None
    if found := labelled(text):
        return found
    named = f"{classes(element)} {classes(parent) if (parent := element.getparent()) is not None else ''}"
    if _SOURCE_CLASS.search(named):
        return Said(source=organisation(_TOOL.sub("", text)))
    if _AUTHOR_CLASS.search(named) and is_name(person(text)):
        return Said(author=person(text))
    return credit_line(block) if styled and block.style & {"right"} else None


def _boxed(element: HtmlElement) -> bool:
    return any(_NOT_BESIDE.search(box_rule(up)) for up in [element, *element.iterancestors()])


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
