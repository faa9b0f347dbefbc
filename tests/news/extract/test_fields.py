"""What a page says of its article in several places is merged, and the record says who said what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from news.article import Article
from news.extract import extract
from news.extract.language import is_vietnamese, language_of
from news.site import Selectors, Site, SiteKind

URL = "https://xalonghoa.gov.vn/tin-tuc/ra-quan-nao-vet-kenh-8841.html"
TITLE = "Xã Long Hòa ra quân nạo vét kênh mương nội đồng trước vụ hè thu"
PARAGRAPHS = (
    "Sáng 12/4, Ủy ban nhân dân xã Long Hòa phát động đợt ra quân nạo vét kênh mương nội đồng trên toàn xã.",
    "Gần hai trăm đoàn viên và nông dân đã vớt rác, phát quang bờ và khơi thông hơn ba cây số kênh cấp ba.",
    "Đợt ra quân kéo dài đến cuối tháng, bảo đảm đủ nước tưới cho bốn trăm hecta lúa của bảy ấp.",
)


def read(
    *, head: str = "", before: str = "", inside: str = "", after: str = "", title: str = TITLE, site: Site | None = None
) -> Article:
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    page = (
        f'<html lang="en"><head><title>{title} - Xã Long Hòa</title>{head}</head><body>{before}<h1>{title}</h1>'
        f'<div class="ngay">12/04/2025 08:15</div><div class="noi-dung">{text}{inside}</div>{after}</body></html>'
    )
    return extract(page, URL, site=site)


def linked(**data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **data})}</script>'


def test_what_others_said_stands_in_the_evidence_in_their_words() -> None:
    found = read(head=linked(headline="Ra quân nạo vét kênh mương"))
    assert found.title == TITLE
    assert found.evidence["title"] == 'h1 (not jsonld "Ra quân nạo vét kênh mương")'


def test_the_date_is_kept_as_it_stood_on_the_page() -> None:
    assert read().evidence["published_raw"] == "12/04/2025 08:15"


def test_seconds_come_from_whichever_machine_value_has_them() -> None:
    found = read(
        head=linked(datePublished="2025-04-12T08:15:00+07:00")
        + '<meta property="article:published_time" content="2025-04-12T08:15:42+07:00">'
    )
    assert found.published is not None
    assert (found.published.isoformat(), found.published_precision) == ("2025-04-12T08:15:42+07:00", "second")


def test_a_line_that_says_updated_is_when_it_was_modified() -> None:
    found = read(before='<div class="a">Ngày đăng: 12/04/2025 08:15</div><div>Cập nhật: 13/04/2025 09:00</div>')
    assert found.published is not None
    assert found.modified is not None
    assert (found.published.day, found.modified.isoformat()) == (12, "2025-04-13T09:00:00+07:00")


@pytest.mark.parametrize("account", ["Super User", "Administrator", "admin", "Ban Biên tập", "editor01"])
def test_the_account_that_typed_is_no_author(account: str) -> None:
    head = f'<meta name="author" content="{account}">'
    assert read(head=head).author == ""
    named = '<span itemprop="author" itemscope><span itemprop="name">Lý Thu Thảo</span></span>'
    assert read(head=head, before=named).author == "Lý Thu Thảo"


@pytest.mark.parametrize(
    ("after", "author", "source"),
    [
        ("<div><b>Tác giả:</b> Lý Thu Thảo</div><div>Nguồn: Báo An Giang</div>", "Lý Thu Thảo", "Báo An Giang"),
        ("<div><span>Tác giả: </span><span>Lý Thu Thảo</span> <span>Nguồn tin: </span><span>Đài xã</span></div>",
         "Lý Thu Thảo", "Đài xã"),
        ('<div class="tacgia">Lý Thu Thảo</div><div class="nguon">TTXVN</div>', "Lý Thu Thảo", "TTXVN"),
        ('<div style="text-align:right">Hữu Phước – Lý Thu Thảo</div>', "Hữu Phước; Lý Thu Thảo", ""),
        ('<div class="tin-lien-quan"><p>Tác giả: Người Khác</p></div>', "", ""),
    ],
)  # fmt: skip
def test_credits_in_a_box_behind_the_text_are_read(after: str, author: str, source: str) -> None:
    found = read(after=after)
    assert (found.author, found.source) == (author, source)
    assert found.body.split("\n") == list(PARAGRAPHS)


def test_a_byline_in_the_text_wins_over_a_meta_tag() -> None:
    found = read(head='<meta name="author" content="Trần Nhập Liệu">', inside='<p align="right"><b>Hữu Phước</b></p>')
    assert (found.author, found.evidence["author"]) == ("Hữu Phước", 'last lines (not meta "Trần Nhập Liệu")')


@pytest.mark.parametrize(
    "line",
    [
        '<p>Nguồn: https://baoangiang.com.vn/ra-quan-nao-vet-a4411.html</p>',
        '<p>Theo <a href="https://baoangiang.com.vn/ra-quan-nao-vet-a4411.html">Báo An Giang</a></p>',
        '<p>Link bài gốc: https://baoangiang.com.vn/ra-quan-nao-vet-a4411.html</p>',
    ],
)  # fmt: skip
def test_the_address_of_the_original_stands_in_the_evidence(line: str) -> None:
    found = read(inside=line)
    assert found.evidence["original_url"] == "https://baoangiang.com.vn/ra-quan-nao-vet-a4411.html"
    assert "baoangiang" not in found.body


def test_a_link_to_ones_own_pages_or_to_a_front_page_is_no_original() -> None:
    assert "original_url" not in read(inside='<p>Theo <a href="/tin/1.html">trang xã</a></p>').evidence
    assert "original_url" not in read(inside='<p>Theo <a href="https://baoangiang.com.vn/">Báo</a></p>').evidence


@pytest.mark.parametrize(
    "before",
    [
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":['
        '{"@type":"ListItem","position":1,"item":{"@id":"/","name":"Trang chủ"}},'
        '{"@type":"ListItem","position":2,"name":"Nông thôn mới"},'
        f'{{"@type":"ListItem","position":3,"name":"{TITLE}"}}]}}</script>',
        '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li><a href="/"><span itemprop="name">Trang chủ'
        '</span></a><li><a href="/ntm"><span itemprop="name">Nông thôn mới</span></a></ol>',
        '<div class="breadcrumb"><a href="/">Trang chủ</a> / <a href="/ntm">Nông thôn mới</a> / <a href="#">Chi tiết'
        ' tin</a></div>',
        '<div class="breadcrumbs"><a href="/">Trang chủ</a><a href="/ntm">Nông thôn mới</a><a href="/lh">Liên hệ</a>'
        '</div>',
    ],
)  # fmt: skip
def test_the_section_is_the_last_step_that_files_anything(before: str) -> None:
    assert read(before=before).section == "Nông thôn mới"


def test_a_headline_printed_twice_in_its_heading_is_said_once() -> None:
    assert read(before=f"<h1><span>{TITLE}</span> <span>{TITLE}</span></h1>").title == TITLE


def test_the_heading_of_a_poll_is_no_headline_and_the_line_above_the_date_may_be() -> None:
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    found = extract(
        "<html><head><title>Tin chi tiết - Cổng thông tin điện tử huyện Long An Tây</title></head><body>"
        f"<div><span>{TITLE}</span></div><div><span>Thứ Bảy, ngày 12/04/2025 08:15</span></div><div>{text}</div>"
        "<section><h1>THĂM DÒ Ý KIẾN</h1><form><label>Rất tốt</label><label>Chưa tốt</label></form></section></body>",
        URL,
    )
    assert found.title == TITLE
    assert found.evidence["title"] == "line above the date"


def test_a_lone_heading_that_names_the_section_is_not_the_title() -> None:
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    page = (
        f"<html><head><title>{TITLE}</title></head><body><h1>Tin hoạt động</h1>"
        f'<div class="a">{TITLE}</div><div>12/04/2025</div><div>{text}</div></body></html>'
    )
    assert extract(page, URL).title == TITLE


def test_a_template_that_declares_english_does_not_make_the_text_english() -> None:
    assert read().language == "vi"


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (" ".join(PARAGRAPHS), "en", "vi"),
        ("The Ministry of Science said on Friday that the plan for the province was approved by all of its members.",
         "vi-VN", "en"),
        ("Le ministère a annoncé vendredi que le plan pour la province est approuvé dans les délais par les membres.",
         "vi", "fr"),
        ("国家主席会见越南高级代表团，双方就扩大经贸合作、互联互通和人文交流等议题深入交换意见，达成广泛共识，并签署多项合作文件。",
         "vi", "zh"),
        ("Hop bao", "en-US", "en"),
        ("", "", "vi"),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_text(text: str, declared: str, language: str) -> None:
    assert language_of(text, declared) == language


def test_an_english_text_with_vietnamese_names_is_not_vietnamese() -> None:
    assert not is_vietnamese("Nguyễn Văn Ba, a farmer in the Mekong Delta, said that the new canal has helped " * 4)


def test_selectors_hold_for_the_days_they_are_written_for() -> None:
    site = Site(
        id="xalonghoa", name="Xã Long Hòa", kind=SiteKind.DISTRICT, hosts=("xalonghoa.gov.vn",),
        home="https://xalonghoa.gov.vn/",
        selectors=(
            Selectors({"title": ("h4.cu",)}, until=date(2025, 4, 11)),
            Selectors({"title": ("h4.moi",), "published": ("div.ngay",)}, since=date(2025, 4, 12)),
        ),
    )  # fmt: skip
    both = '<h4 class="cu">Tựa theo mẫu trang cũ</h4><h4 class="moi">Tựa theo mẫu trang mới</h4>'
    assert read(before=both, site=site).title == "Tựa theo mẫu trang mới"
    earlier = replace(site, selectors=tuple(replace(s, since=None, until=date(2024, 1, 1)) for s in site.selectors))
    assert read(before=both, site=earlier).title == TITLE


def test_the_sites_name_is_no_headline_though_it_is_the_only_h1() -> None:
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    found = extract(
        "<html><head><title>CHI CỤC TRỒNG TRỌT</title></head><body>"
        '<h1 class="site-name"><a href="/">CHI CỤC TRỒNG TRỌT TỈNH AN HẢI</a></h1>'
        f'<div class="ArticleTitle">{TITLE}</div><p>Ngày đăng: 12/04/2025 | Lượt xem: 413 | In bài | Gửi bạn</p>'
        f'<div class="ArticleContent">{text}</div></body></html>',
        URL,
    )
    assert found.title == TITLE
    assert found.published is not None
    assert found.published.date() == date(2025, 4, 12)


def test_the_time_of_day_that_a_time_element_states_is_added_to_a_visible_day() -> None:
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    found = extract(
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
        '<span><time datetime="2025-04-12T08:30:00+07:00">12 Tháng Tư, 2025</time></span>'
        f'<div class="noi-dung">{text}</div></body></html>',
        URL,
    )
    assert found.published is not None
    assert found.published.isoformat() == "2025-04-12T08:30:00+07:00"
