"""Articles and feeds that the tests of every format use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from news.article import VIETNAM, Article, Attachment, Document, Image, Status, StoredArticle
from news.publish import Alternate, Entry, Feed, Links, Origin, Removal, RemovalReason, entry_id, entry_of

SOYTE = Origin("soyte-tinh", "Sở Y tế tỉnh", "https://soyte.tinh.gov.vn/", "agency", "Tỉnh")
FETCHED = datetime(2026, 3, 2, 1, 30, 15, tzinfo=UTC)


def stored(id: str = "a1b2", **changes: object) -> StoredArticle:
    """An article with every field, but for what `changes` says."""
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
        "documents": (Document("12/KH-UBND", "Kế hoạch", date(2026, 2, 27), "UBND tỉnh"),),
        "images": (Image("https://soyte.tinh.gov.vn/a.jpg", "Trẻ được tiêm", "Lê Anh"),),
        "attachments": (Attachment("https://soyte.tinh.gov.vn/kh.pdf", "Kế hoạch số 12", "application/pdf"),),
    }
    article = Article(**{**values, **changes})  # type: ignore[arg-type]
    return StoredArticle(
        id=id, article=article, keys=("k",), aliases=(), fingerprint="f", story="s1", status=Status.PUBLISHED,
        version=1, first_seen=FETCHED, fetched=FETCHED,
    )  # fmt: skip


def feed(*entries: Entry, **changes: object) -> Feed:
    values = {
        "id": "http://127.0.0.1:8765/feeds/atom.xml", "title": "Bantin", "subtitle": "Tin mới", "publisher": "Bantin",
        "url": "http://127.0.0.1:8765/", "self_url": "http://127.0.0.1:8765/feeds/atom.xml?limit=2", "entries": entries,
    }  # fmt: skip
    return Feed(**{**values, **changes})  # type: ignore[arg-type]


def whole() -> Feed:
    """A feed with everything that a feed can say; its golden files are what was agreed on."""
    told = Alternate("https://bao.vn/tiem-chung", "Tiêm chủng đợt 2", "Báo Tỉnh")
    bare = stored(
        "c3d4", url="https://x.gov.vn/2", title="", lead="", author="", source="", published=None, tags=(),
        documents=(), images=(), section="", language="en",
        attachments=(Attachment("https://x.gov.vn/1"), Attachment("https://x.gov.vn/2.docx", "Phụ lục")),
    )  # fmt: skip
    gone = Removal(
        entry_id("e5f6"), FETCHED + timedelta(hours=1), RemovalReason.MERGED, "Biên tập viên", "https://bao.vn/1"
    )
    return feed(
        entry_of(stored(), SOYTE, (told,)), entry_of(bare, SOYTE), removals=(gone,), icon="https://tin.vn/icon.png",
        logo="https://tin.vn/logo.png", rights="Bản quyền của các báo", ttl=90, hub_urls=("https://hub.vn/",),
        links=Links(first="https://tin.vn/f?p=1", next="https://tin.vn/f?p=2", prev_archive="https://tin.vn/f/2026-02"),
        is_archive=True,
    )  # fmt: skip
