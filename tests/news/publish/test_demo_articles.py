"""What the sample portals publish comes back from every format as it was read."""

from __future__ import annotations

import fastfeedparser
import feedparser
import pytest

from bench.corpora import demo_corpora
from news.article import Status, StoredArticle
from news.extract import extract
from news.publish import FORMATS, Entry, Origin, entry_of, publish
from tests.news.publish.grammars import faults
from tests.news.publish.samples import FETCHED, feed


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    known, _ = demo_corpora()
    read = [extract(case.html, case.url, content_type=case.content_type) for case in known.cases]
    stored = (
        StoredArticle(
            id=article.url, article=article, keys=(article.url,), aliases=(), fingerprint="", story=article.url,
            status=Status.PUBLISHED, version=1, first_seen=FETCHED, fetched=FETCHED,
        )
        for article in read
        if article.title and article.body
    )  # fmt: skip
    return tuple(entry_of(one, Origin(one.article.site, "Cổng mẫu")) for one in stored)


@pytest.mark.parametrize("name", FORMATS)
def test_every_article_of_the_sample_portals_is_read_back(name: str, entries: tuple[Entry, ...]) -> None:
    document = publish(feed(*entries), name)
    wanted = [(entry.id, entry.title, entry.url) for entry in entries]

    assert len(wanted) > 50
    assert faults(name, document) == ""
    assert [(got.id, got.title, got.link) for got in fastfeedparser.parse(document).entries] == wanted
    if name != "json":
        parsed = feedparser.parse(document)
        assert not parsed.bozo
        assert [(got.id, got.title, got.link) for got in parsed.entries] == wanted
