"""What a subscriber gets of an article, read back as a feed reader reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from news.article import VIETNAM, Article, Attachment, Status, StoredArticle
from news.publish import FORMATS, Entry, Feed, Origin, entry_of, publish

GOLDEN = Path(__file__).parent / "golden" / "atom.xml"
SOYTE = Origin("soyte-tinh", "Sở Y tế tỉnh", "https://soyte.tinh.gov.vn/", "agency", "Tỉnh")
FETCHED = datetime(2026, 3, 2, 1, 30, 15, tzinfo=UTC)


def stored(**changes: object) -> StoredArticle:
    values = {
        "url": "https://soyte.tinh.gov.vn/tin/tiem-chung-123.html?id=1&m=2",
        "site": "soyte-tinh",
        "section": "Y tế",
        "title": "Triển khai tiêm chủng đợt 2 & lưu ý cho phụ huynh",
        "lead": "Từ ngày 02/3, các trạm y tế <xã> bắt đầu tiêm.",
        "body": "Sở Y tế đã ban hành kế hoạch.",
        "html": '<p>Sở Y tế đã ban hành kế hoạch ]]&gt;.</p>\n<figure><img src="https://soyte.tinh.gov.vn/a.jpg"></figure>',
        "published": datetime(2026, 3, 1, 9, 51, tzinfo=VIETNAM),
        "author": "Lê Anh",
        "source": "Báo Tỉnh",
        "tags": ("tiêm chủng", "Y tế", "trẻ em"),
        "attachments": (Attachment("https://soyte.tinh.gov.vn/kh.pdf", "Kế hoạch số 12", "application/pdf"),),
    }
    article = Article(**{**values, **changes})  # type: ignore[arg-type]
    return StoredArticle(
        id="a1b2", article=article, keys=("k",), aliases=(), fingerprint="f", story="a1b2", status=Status.PUBLISHED,
        version=1, first_seen=FETCHED, fetched=FETCHED,
    )  # fmt: skip


def feed(*entries: Entry) -> Feed:
    return Feed(
        id="http://127.0.0.1:8765/feeds/atom.xml", title="Bantin", subtitle="Tin mới", publisher="Bantin",
        url="http://127.0.0.1:8765/", self_url="http://127.0.0.1:8765/feeds/atom.xml?limit=2", entries=entries,
    )  # fmt: skip


def test_the_feed_is_the_one_that_was_agreed_on() -> None:
    bare = stored(url="https://x.gov.vn/2", title="", lead="", author="", source="", published=None, attachments=())
    entries = (entry_of(stored(), SOYTE), entry_of(replace(bare, id="c3d4"), SOYTE))

    assert publish(feed(*entries), "atom").decode() == GOLDEN.read_text(encoding="utf-8")


def test_a_feed_reader_finds_every_field() -> None:
    parsed = feedparser.parse(publish(feed(entry_of(stored(), SOYTE)), "atom"))

    assert not parsed.bozo
    assert parsed.feed.language == "vi"
    assert {link.rel: link.href for link in parsed.feed.links}["self"].endswith("/feeds/atom.xml?limit=2")
    (entry,) = parsed.entries
    assert entry.title == "Triển khai tiêm chủng đợt 2 & lưu ý cho phụ huynh"
    assert entry.link == "https://soyte.tinh.gov.vn/tin/tiem-chung-123.html?id=1&m=2"
    assert entry.published == "2026-03-01T09:51:00+07:00"
    assert entry.updated == "2026-03-02T01:30:15+00:00"
    assert entry.author == "Lê Anh"
    assert entry.source.title == "Báo Tỉnh"
    assert [tag.term for tag in entry.tags if tag.scheme == "urn:bantin:tag"] == ["tiêm chủng", "Y tế", "trẻ em"]
    assert "Sở Y tế đã ban hành kế hoạch ]]&gt;." in entry.content[0].value
    assert "&lt;xã&gt;" in entry.content[0].value, "the lead is text, not markup"
    assert [(e.href, e.type) for e in entry.enclosures] == [("https://soyte.tinh.gov.vn/kh.pdf", "application/pdf")]


def test_a_correction_keeps_the_id_and_moves_updated() -> None:
    first = stored()
    moved = stored(url="https://moi.tinh.gov.vn/123", title="Đính chính")
    corrected = StoredArticle(
        first.id, moved.article, first.keys, first.aliases, "f2", first.story, first.status, 2, FETCHED,
        FETCHED + timedelta(hours=1),
    )  # fmt: skip
    before, after = entry_of(first, SOYTE), entry_of(corrected, SOYTE)

    assert after.id == before.id
    assert after.updated > before.updated


def test_the_site_answers_for_an_article_that_names_nobody() -> None:
    entry = entry_of(stored(author="", source=""), SOYTE)

    assert (entry.author, entry.source) == ("Sở Y tế tỉnh", "Sở Y tế tỉnh")


def test_an_empty_feed_is_a_feed_and_always_the_same_bytes() -> None:
    assert publish(feed(), "atom") == publish(feed(), "atom")
    assert not feedparser.parse(publish(feed(), "atom")).bozo


# Whatever a page can put into a string: control characters, CDATA ends, markup, halves of surrogate pairs.
hostile = st.text(
    st.characters(codec=None) | st.sampled_from("\x00\x0b\x1b\x7f\ud800\udfff\ufffe<>&\"'"), max_size=40
) | st.sampled_from(["]]>", "<![CDATA[", "&nbsp;", "<!--", "-->", "<?xml?>", "\ud83d\ude00", "\u0300" * 8])


@settings(max_examples=150, deadline=None)
@given(hostile, hostile, hostile, hostile)
def test_no_text_of_a_page_can_break_a_feed(one: str, two: str, three: str, four: str) -> None:
    article = stored(
        url=f"https://x.gov.vn/{one}", title=two, lead=three, html=four, section=one, author=two, source=three,
        tags=(four, one), attachments=(Attachment(f"https://x/{two}", three, four),),
    )  # fmt: skip
    for name in FORMATS:
        document = publish(feed(entry_of(article, Origin(one, four, two, three, one))), name)

        root = etree.fromstring(document)
        assert len(root.findall("{*}entry/{*}title")) == 1
        assert root.findtext("{*}entry/{*}title")
