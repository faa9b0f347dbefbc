"""What `extract` promises of any page: the right kind, safe HTML, nothing lost without a reason, no crash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.article import Article, Kind
from news.errors import InvalidValue, Reason
from news.extract import extract
from news.site import Selectors, Site, SiteKind

URL = "https://sonoivu.gov.vn/tin/hoi-nghi-12345.html"
PARAGRAPHS = [
    "Sáng 5/3, Sở Nội vụ tổ chức hội nghị triển khai công tác cải cách hành chính năm 2025 trên địa bàn tỉnh.",
    "Hội nghị có sự tham dự của lãnh đạo các sở, ban, ngành và 126 đại biểu đến từ các xã, phường, đặc khu.",
    "Phát biểu tại hội nghị, lãnh đạo tỉnh yêu cầu các đơn vị rút ngắn thời gian giải quyết thủ tục hành chính.",
]


def page(body: str, title: str = "Hội nghị triển khai cải cách hành chính năm 2025", head: str = "") -> str:
    return (
        f'<html lang="vi"><head><title>{title}</title>{head}</head><body><h1>{title}</h1>'
        f'<p class="ngay">Thứ tư, 05/03/2025 10:20</p><div class="noi-dung">{body}</div></body></html>'
    )


def text(*more: str) -> str:
    return "".join(f"<p>{line}</p>" for line in (*PARAGRAPHS, *more))


def test_a_plain_page_gives_its_article() -> None:
    found = extract(page(text()), URL)
    assert found.kind is Kind.ARTICLE
    assert found.title == "Hội nghị triển khai cải cách hành chính năm 2025"
    assert found.body.split("\n") == PARAGRAPHS
    assert found.published is not None
    assert found.published.isoformat() == "2025-03-05T10:20:00+07:00"
    assert 0.5 < found.confidence <= 1
    assert set(found.evidence) >= {"title", "published", "body"}


def test_a_notice_of_two_sentences_survives() -> None:
    short = "Thông báo: Trụ sở nghỉ lễ từ ngày 30/4 đến hết ngày 2/5/2025. Các bộ phận phân công trực đầy đủ."
    assert extract(page(f"<p>{short}</p>"), URL).body == short


def test_tables_lists_headings_and_quotes_are_kept() -> None:
    more = (
        "<h3>Kết quả</h3><ul><li>Cấp xã: 98%</li><li>Cấp tỉnh: 95%</li></ul>"
        "<table><tr><th>Đơn vị</th><th>Tỷ lệ</th></tr><tr><td>Xã A</td><td>98</td></tr></table>"
        "<blockquote>Cải cách phải lấy người dân làm trung tâm phục vụ.</blockquote>"
    )
    found = extract(page(text() + more), URL)
    assert found.body.split("\n")[3:] == [
        "Kết quả",
        "- Cấp xã: 98%",
        "- Cấp tỉnh: 95%",
        "Đơn vị | Tỷ lệ",
        "Xã A | 98",
        "Cải cách phải lấy người dân làm trung tâm phục vụ.",
    ]
    for markup in ("<h3>", "<li>Cấp xã", "<td>98</td>", "<blockquote>"):
        assert markup in found.html


def test_text_in_divs_and_breaks_comes_out_as_paragraphs() -> None:
    found = extract(page("<br/>".join(PARAGRAPHS[:2]) + f"<div><span>{PARAGRAPHS[2]}</span></div>"), URL)
    assert found.body.split("\n") == PARAGRAPHS


def test_captions_join_their_pictures() -> None:
    picture = '<figure><img src="/anh/1.jpg"><figcaption>Quang cảnh hội nghị. Ảnh: Thu Hà</figcaption></figure>'
    found = extract(page(f"<p>{PARAGRAPHS[0]}</p>{picture}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"), URL)
    assert "Quang cảnh" not in found.body
    assert found.images == (("https://sonoivu.gov.vn/anh/1.jpg", "Quang cảnh hội nghị. Ảnh: Thu Hà", "Thu Hà"),)
    assert "<figcaption>Quang cảnh" in found.html


def test_files_are_attachments_and_no_text() -> None:
    more = '<p><a href="/tep/kh-15.pdf">Kế hoạch số 15/KH-UBND (bản ký số)</a></p>'
    found = extract(page(text() + more), URL)
    assert found.attachments == (
        ("https://sonoivu.gov.vn/tep/kh-15.pdf", "Kế hoạch số 15/KH-UBND (bản ký số)", "application/pdf"),
    )
    assert "Kế hoạch số 15" not in found.body


@pytest.mark.parametrize(
    "href",
    [
        "http://[::1",
        "http://[bad]/a.pdf",
        "file:///C:/vb.pdf",
        "javascript:moTep(1).pdf",
        "http://x:99999/a.pdf",
        "http://.../a.pdf",
    ],
)
def test_a_link_that_leads_nowhere_costs_no_article(href: str) -> None:
    found = extract(page(text() + f'<p>Xem <a href="{href}">văn bản</a> kèm theo.</p><img src="{href}">'), URL)
    assert found.kind is Kind.ARTICLE
    assert found.body.split("\n")[-1] == "Xem văn bản kèm theo."
    assert found.attachments == ()


def test_links_are_relative_to_the_base_that_the_page_declares() -> None:
    html = page(
        text() + '<img src="anh/a.jpg"><p>Xem <a href="b.html">bài trước</a> để rõ hơn.</p>', head="<base href='/goc/'>"
    )
    found = extract(html, URL)
    assert found.images[0].url == "https://sonoivu.gov.vn/goc/anh/a.jpg"
    assert 'href="https://sonoivu.gov.vn/goc/b.html"' in found.html


def test_a_page_without_an_article_says_why_in_its_evidence() -> None:
    assert extract(b"", URL).to_json()["evidence"] == {"kind": "empty-body"}


def test_what_a_site_drops_goes_wherever_the_body_was_found() -> None:
    site = Site(
        id="sonoivu", name="Sở Nội vụ", kind=SiteKind.PROVINCE, hosts=("sonoivu.gov.vn",), home="https://sonoivu.gov.vn/",
        selectors=(Selectors({}, (".loi-moi",)),),
    )  # fmt: skip
    found = extract(page(text() + '<p class="loi-moi">Mời bạn đọc theo dõi trang của Sở.</p>'), URL, site=site)
    assert ("Mời bạn đọc theo dõi trang của Sở.", "selectors:drop") in found.removed
    assert "Mời bạn đọc" not in found.body


def test_site_selectors_come_first_and_name_themselves() -> None:
    site = Site(
        id="sonoivu", name="Sở Nội vụ", kind=SiteKind.PROVINCE, hosts=("sonoivu.gov.vn",), home="https://sonoivu.gov.vn/",
        selectors=(Selectors({"title": (".tua",), "body": (".noi-dung",)}, (".quang-cao-rieng",), date(2020, 1, 1)),),
    )  # fmt: skip
    found = extract(
        page(f'<b class="tua">Tựa do trang chọn</b>{text()}<p class="quang-cao-rieng">Mua ngay</p>'), URL, site=site
    )
    assert (found.title, found.evidence["body"]) == ("Tựa do trang chọn", "site:sonoivu")
    assert ("Mua ngay", "selectors:drop") in found.removed


@pytest.mark.parametrize(
    ("html", "kind", "reason"),
    [
        (b"", Kind.OTHER, Reason.EMPTY),
        (b"\x89PNG\r\n\x1a\n", Kind.OTHER, Reason.BINARY),
        (page(text())[:-60].encode(), Kind.OTHER, Reason.TRUNCATED),
        (page(text()).replace("<p>", "<p>\x00").encode(), Kind.OTHER, Reason.BINARY),
        (
            page("<p>Không tìm thấy trang bạn yêu cầu.</p>", "Không tìm thấy trang").encode(),
            Kind.BLOCKED,
            Reason.SOFT_404,
        ),
        (page("<p>Checking your browser</p>", "Just a moment...").encode(), Kind.BLOCKED, Reason.BLOCKED),
        (page("<form>Tên đăng nhập</form>", "Đăng nhập hệ thống").encode(), Kind.BLOCKED, Reason.BLOCKED),
        (page("").encode(), Kind.OTHER, Reason.NO_TEXT),
    ],
)
def test_what_is_no_article_says_why(html: bytes, kind: Kind, reason: Reason) -> None:
    found = extract(html, URL)
    assert (found.kind, found.reason) == (kind, reason)


def test_a_page_of_headlines_is_a_listing() -> None:
    items = "".join(f'<h3><a href="/tin/bai-{n}.html">Bài viết số {n} về cải cách</a></h3>' for n in range(12))
    assert extract(page(items, "Cải cách hành chính"), "https://sonoivu.gov.vn/cai-cach").reason is Reason.LISTING


def test_a_url_that_is_none_is_the_callers_fault() -> None:
    with pytest.raises(InvalidValue):
        extract("<p>x</p>", "javascript:alert(1)")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<svg onload="alert(1)"></svg>',
        '<iframe src="https://evil.example"></iframe>',
        '<p style="background:url(javascript:alert(1))">x</p>',
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    ],
)
def test_stored_html_runs_nothing(attack: str) -> None:
    html = extract(page(text() + attack + f"<p>{PARAGRAPHS[0]} {attack}</p>"), URL).html.lower()
    for words in ("<script", "onerror", "onload", "javascript:", "<iframe", "<svg", "style="):
        assert words not in html


def test_reading_its_own_html_again_gives_the_same_body() -> None:
    first = extract(page(text() + "<ul><li>Cấp xã: 98%</li><li>Cấp tỉnh: 95%</li></ul>"), URL)
    again = extract(page(first.html), URL)
    assert again.body == first.body


def test_an_article_survives_being_written_and_read() -> None:
    found = extract(page(text("Căn cứ Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị về khoa học.")), URL)
    assert Article.from_json(found.to_json()) == replace(found, reason=None, canonical="")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_break_extraction(data: bytes) -> None:
    assert isinstance(extract(data, URL), Article)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 700),
    st.sampled_from(["\x00", "<", "</div>", "<table><tr>", "&#x110000;", "\ud800", "<p" * 50, "]]>"]),
)
def test_a_page_spoilt_anywhere_breaks_nothing(place: int, dirt: str) -> None:
    good = page(text())
    found = extract(good[:place] + dirt + good[place:], URL)
    assert found.kind in Kind
    assert "\x00" not in found.body
