"""Every article of every demo portal comes out as its truth says, field by field, and nothing of its page's dirt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from bench.corpora import demo_corpora
from demo.portal import Portal
from demo.server import Demo
from demo.truth import DemoArticle
from demo.wire import Request
from news.article import Article, Kind
from news.extract import extract

SEEDS = {
    "demo-kinhte": "Tăng cường phối hợp công tác giữa Ban Kinh tế Trung ương",
    "demo-most": "Khối cơ quan Bộ KH&CN tổ chức Hội nghị tổng kết công tác năm 2019",
    "demo-mst": "Hội nghị sơ kết công tác đảng 6 tháng đầu năm",
    "demo-trieuson": "Hội nghị toàn quốc về đột phá phát triển khoa học, công nghệ đổi mới sáng tạo",
    "demo-nhandan": "Phiên họp thứ nhất Ban Chỉ đạo Trung ương về phát triển khoa học",
}
WIDGETS = (
    "Phản hồi", "Các tin khác", "Lượt xem", "Tìm theo ngày", "Đánh giá\n", "(Di chuột", "Hôm nay:", "Tất cả:", ".jpg",
    "Ý kiến thăm dò", "Bạn quan tâm đến chuyên mục", "Bình chọn", "In bài viết", "Tin liên quan", "Giấy phép số",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo(base_port=0) as running:
        yield running


def seed(portal: Portal) -> DemoArticle:
    """The article of a portal that the product was asked for."""
    return next(article for article in portal.articles if article.title.startswith(SEEDS[portal.spec.id]))


def read(demo: Demo, portal: Portal, article: DemoArticle) -> Article:
    response = portal.respond(Request("GET", article.path, {}))
    return extract(
        response.body,
        portal.url(article),
        site=demo.site(portal.spec.id),
        content_type=response.content_type,
    )


def test_every_article_is_read_as_its_truth_says(demo: Demo) -> None:
    wrong: list[str] = []
    count = 0
    for portal in demo.portals.values():
        for truth in portal.articles:
            count += 1
            found = read(demo, portal, truth)
            said = {
                "kind": (found.kind, Kind.ARTICLE),
                "title": (found.title, truth.title),
                "lead": (found.lead, truth.lead),
                "body": (found.body.split("\n"), list(truth.body)),
                "author": (found.author, truth.author),
                "source": (found.source, truth.source),
                "published": (found.published, truth.published),
                "precision": (found.published_precision, truth.precision),
                "documents": ({d.number for d in found.documents}, {d.number for d in truth.documents}),
                "attachments": ([a.title for a in found.attachments], [title for _, title in truth.attachments]),
                "section": (found.section, truth.section),
            }
            wrong += [f"{truth.key} {name}: {a!r} is not {b!r}"[:300] for name, (a, b) in said.items() if a != b]
            captions = [image.caption for image in found.images if image.caption]
            if len(captions) != len(truth.captions) or any(
                not caption.startswith(meant) for caption, meant in zip(captions, truth.captions, strict=True)
            ):
                wrong.append(f"{truth.key} captions: {captions} are not {truth.captions}")
    assert count >= 9 * 32
    assert wrong == []


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_article_keeps_no_line_of_its_boilerplate(demo: Demo, name: str) -> None:
    portal = demo.portals[name]
    truth = seed(portal)
    found = read(demo, portal, truth)
    assert found.lead == truth.lead
    for words in (*WIDGETS, *truth.captions, truth.title):
        assert words not in found.body
    assert len(found.body.split("\n")) == len(truth.body)


def test_the_seeds_state_their_minute_source_and_author(demo: Demo) -> None:
    def article(name: str) -> Article:
        return read(demo, demo.portals[name], seed(demo.portals[name]))

    here = timezone(timedelta(hours=7))
    assert article("demo-mst").published == datetime(2019, 6, 29, 16, 24, tzinfo=here)
    assert article("demo-trieuson").published == datetime(2025, 1, 13, 14, 39, 32, tzinfo=here)
    assert article("demo-nhandan").published == datetime(2025, 1, 20, 19, 33, tzinfo=here)
    assert article("demo-most").source == "Trung tâm Nghiên cứu và Phát triển truyền thông KH&CN"
    assert article("demo-mst").source == "Trung tâm Nghiên cứu và Phát triển truyền thông KH&CN"
    assert article("demo-nhandan").source == "NDO"
    assert article("demo-trieuson").author == "Lê Anh"


def test_the_page_that_carries_its_article_twice_gives_it_once(demo: Demo) -> None:
    portal = demo.portals["demo-trieuson"]
    found = read(demo, portal, seed(portal))
    assert found.body.count("Tổng Bí thư chỉ rõ, khẩn trương sắp xếp lại bộ máy") == 1


def test_listings_of_the_portals_are_no_articles(demo: Demo) -> None:
    for site in demo.sites:
        portal = demo.portals[site.id]
        for source in site.sources:
            if source.kind != "listing":
                continue
            path = source.url.split(portal.netloc, 1)[1]
            response = portal.respond(Request("GET", path, {}))
            found = extract(response.body, source.url, site=site, content_type=response.content_type)
            assert (found.kind, found.title) == (Kind.LISTING, found.title), source.url


def test_on_a_portal_that_nobody_knows_articles_are_articles_and_listings_are_none() -> None:
    [_, disguised] = demo_corpora()
    wrong: list[str] = []
    for case in disguised.cases:
        found = extract(case.html, case.url, content_type=case.content_type)
        if (found.kind is Kind.ARTICLE) != (case.truth is not None):
            wrong.append(f"{case.id} is {found.kind}: {found.title}")
    assert wrong == []


def test_what_follows_a_box_of_other_news_inside_the_text_stays() -> None:
    lines = [f"Ngày {day}/5, đoàn kiểm tra của sở làm việc với xã thứ {day} về con đường." for day in range(1, 7)]
    cards = "".join(
        f'<li><h4><a href="/tin-khac-{n}.htm">Tỉnh huy động {n} tỷ đồng xây dựng nông thôn mới</a></h4></li>'
        for n in range(41, 44)
    )
    items = "".join(f"<li>Đưa {n} dịch vụ công lên mạng;</li>" for n in range(106, 110))
    found = extract(
        f"<html><body><h1>Sở kiểm tra con đường</h1><div>{''.join(f'<p>{line}</p>' for line in lines)}"
        f"<div><h3>Tham khảo thêm</h3><ul>{cards}</ul></div>"
        f"<p>Từ nay đến cuối năm, các đơn vị làm những việc sau:</p><ul>{items}</ul></div></body></html>",
        "https://x.vn/so-kiem-tra-1234.htm",
    )
    assert found.body.split("\n")[-5:] == [
        "Từ nay đến cuối năm, các đơn vị làm những việc sau:",
        *(f"- Đưa {n} dịch vụ công lên mạng;" for n in range(106, 110)),
    ]
    assert "nông thôn mới" not in found.body
