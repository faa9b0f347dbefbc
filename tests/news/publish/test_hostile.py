"""Five thousand articles with all that breaks feeds, read back by parsers that are not ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import fastfeedparser
import feedparser
import pytest
from lxml import etree

from news.publish import FORMATS, Feed, publish
from tests.news.publish.grammars import faults
from tests.news.publish.hostile import entries
from tests.news.publish.samples import feed

COUNT, EACH = 5_000, 200
# What no address may hold that a reader will open: RFC 3986's letters only, so no space, quote, control or odd letter.
ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")


@cache
def feeds() -> tuple[Feed, ...]:
    made = tuple(entries(COUNT))
    return tuple(feed(*made[at : at + EACH]) for at in range(0, COUNT, EACH))


@pytest.fixture(scope="module", params=FORMATS)
def documents(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[tuple[Feed, bytes]]]]:
    """The format's name, and each feed with its bytes; feedparser only reads, so that what it reads can be compared."""
    mended = feedparser.SANITIZE_HTML, feedparser.RESOLVE_RELATIVE_URIS
    feedparser.SANITIZE_HTML = feedparser.RESOLVE_RELATIVE_URIS = 0
    yield request.param, [(one, publish(one, request.param)) for one in feeds()]
    feedparser.SANITIZE_HTML, feedparser.RESOLVE_RELATIVE_URIS = mended


def test_every_feed_keeps_to_the_grammar_of_its_format(documents: tuple[str, list[tuple[Feed, bytes]]]) -> None:
    name, published = documents

    assert [faults(name, document) for _, document in published] == [""] * (COUNT // EACH)


def test_feedparser_reads_every_entry_back(documents: tuple[str, list[tuple[Feed, bytes]]]) -> None:
    name, published = documents
    if name == "json":
        return  # which it does not read
    for sent, document in published:
        parsed = feedparser.parse(document)

        assert not parsed.bozo, parsed.get("bozo_exception")
        assert len(parsed.entries) == len(sent.entries) == EACH
        for got, entry in zip(parsed.entries, sent.entries, strict=True):
            assert (got.id, got.title) == (entry.id, entry.title)
            assert not entry.url or got.link == entry.url
            assert flat(got.content[-1].value) == flat(entry.html)
            assert seconds(got.get("published_parsed")) == seconds(entry.published and entry.published.utctimetuple())
            assert seconds(got.updated_parsed) == seconds(entry.updated.utctimetuple())


def test_another_parser_reads_every_entry_back(documents: tuple[str, list[tuple[Feed, bytes]]]) -> None:
    _, published = documents
    for sent, document in published:
        parsed = fastfeedparser.parse(document)

        assert len(parsed.entries) == EACH
        for got, entry in zip(parsed.entries, sent.entries, strict=True):
            assert (got.id, got.title) == (entry.id, entry.title)
            assert not entry.url or got.link == entry.url
            assert flat(got.content[0]["value"]) == flat(entry.html)
            if entry.published:
                assert moment(got.published).replace(microsecond=0) == entry.published.replace(microsecond=0)
            assert moment(got.updated).replace(microsecond=0) == entry.updated.replace(microsecond=0)


def test_no_address_runs_or_hides_anything(documents: tuple[str, list[tuple[Feed, bytes]]]) -> None:
    name, published = documents
    for _, document in published:
        found = list(addresses_in_json(json.loads(document)) if name == "json" else addresses_in_xml(document))

        assert len(found) > EACH
        assert [url for url in found if not ADDRESS.fullmatch(url)] == []


def test_markup_of_a_page_stays_text(documents: tuple[str, list[tuple[Feed, bytes]]]) -> None:
    """Were one `<script>` or `]]>` to break out, there would be an element that no format has."""
    name, published = documents
    for _, document in published:
        if name == "json":
            assert set(json.loads(document)) <= {"version", "title", "items", "_bantin", "home_page_url", "feed_url",
                                                 "description", "authors", "language"}  # fmt: skip
            continue
        root = etree.fromstring(document, etree.XMLParser(huge_tree=True))
        assert not root.xpath("//script | //*[local-name() = 'p' or local-name() = 'b' or local-name() = 'svg']")
        assert not root.xpath("//comment() | //processing-instruction()")


def flat(text: str) -> str:
    """Without white space, of which each parser takes another share away."""
    return "".join(text.split())


def seconds(parts: Any) -> tuple[int, ...] | None:
    return tuple(parts[:6]) if parts else None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def addresses_in_xml(document: bytes) -> Iterator[str]:
    for node in etree.fromstring(document, etree.XMLParser(huge_tree=True)).iter():
        yield from (node.get(name) for name in ("href", "url", "src", "uri") if name in node.attrib)
        if etree.QName(node).localname in ("link", "url", "icon", "logo", "uri") and node.text and node.text.strip():
            yield node.text


def addresses_in_json(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from addresses_in_json(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from addresses_in_json(inner, name)
    elif isinstance(value, str) and (name.endswith("url") or name in ("image", "icon", "favicon")):
        yield value


def test_the_articles_are_as_bad_as_they_should_be() -> None:
    made = [entry for one in feeds() for entry in one.entries]

    assert len({entry.id for entry in made}) == COUNT
    assert sum(len(entry.html) > 1_000_000 for entry in made) >= 3
    assert sum(not entry.url for entry in made) > 50, "addresses that nobody can follow"
    for bit in ("]]>", "<script>", "\u202e", "😀", "&a;", "</channel>"):
        assert sum(bit in entry.title for entry in made) > 20, bit
