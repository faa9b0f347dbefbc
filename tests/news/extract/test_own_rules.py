"""What a site says of its own text holds over every rule for all pages: boxes and lines to drop, boxes and lines to
keep."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from news.article import Article
from news.errors import InvalidValue
from news.extract import extract
from news.review.rules import RuleKind, SiteRule
from news.site import Selectors, Site, SiteKind

URL = "https://sonoivu.gov.vn/tin/hoi-nghi-1234.htm"
SENTENCES = [
    f"Ngày {day}/5, đoàn kiểm tra của sở làm việc với xã thứ {day} về con đường mới mở qua địa bàn."
    for day in range(1, 6)
]
PLAIN = Site(
    id="sonoivu", name="Sở Nội vụ", kind=SiteKind.PROVINCE, hosts=("sonoivu.gov.vn",), home="https://sonoivu.gov.vn/"
)


def read(inside: str = "", *, before: str = "", behind: str = "", site: Site | None = PLAIN, **keys: Any) -> Article:
    """The article of a page with its five sentences and something beside, by a site with one table of selectors."""
    text = "".join(f"<p>{line}</p>" for line in SENTENCES)
    html = f"<h1>Sở kiểm tra con đường mới</h1>{before}<div class='noi-dung'>{text}{inside}</div>{behind}"
    if keys and site:
        site = Site.parse({**_TABLE, "selectors": [keys]})
    return extract(f"<html><body>{html}</body></html>", URL, site=site)


_TABLE = {"id": "sonoivu", "name": "Sở Nội vụ", "kind": "province", "hosts": ["sonoivu.gov.vn"],
          "home": "https://sonoivu.gov.vn/"}  # fmt: skip
RELATED = "<div class='related-news'><p>Đường này dài 12 km, rộng 7 m, qua bốn xã.</p><p>Vốn 40 tỷ đồng.</p></div>"


def test_a_box_that_the_site_keeps_is_text_though_a_rule_strikes_boxes_of_its_name() -> None:
    assert read(RELATED).body.split("\n") == SENTENCES
    found = read(RELATED, keep=".related-news")
    assert found.body.split("\n") == [*SENTENCES, "Đường này dài 12 km, rộng 7 m, qua bốn xã.", "Vốn 40 tỷ đồng."]
    assert found.removed == ()


def test_of_a_box_that_is_struck_the_part_that_the_site_keeps_stays() -> None:
    inner = RELATED.replace("<p>Vốn", "<p class='von'>Vốn")
    found = read(inner, keep=".von")
    assert found.body.split("\n") == [*SENTENCES, "Vốn 40 tỷ đồng."]
    assert found.removed == (("Đường này dài 12 km, rộng 7 m, qua bốn xã.", "elements:related"),)


def test_a_box_that_is_kept_outside_of_the_body_joins_it_where_it_stands() -> None:
    box = "<div><div class='tom'><p>Mở đầu của sở.</p></div></div>"
    assert read(before=box, keep=".tom").body.split("\n") == ["Mở đầu của sở.", *SENTENCES]
    assert read(behind=box, keep=".tom").body.split("\n") == [*SENTENCES, "Mở đầu của sở."]


def test_a_box_that_is_kept_is_the_body_where_a_page_has_no_other() -> None:
    html = "<body><div class='tb'>Thông báo lịch tiếp dân ngày 5 tháng 6 của sở</div><p>Trang chủ</p></body>"
    site = Site.parse({**_TABLE, "selectors": [{"keep": ".tb"}]})
    found = extract(html, URL, site=site)
    assert (found.body, found.evidence["body"]) == ("Thông báo lịch tiếp dân ngày 5 tháng 6 của sở", "site:sonoivu")


def test_within_a_box_to_keep_one_to_drop_goes_and_the_other_way_round() -> None:
    nested = "<div class='ngoai'><p>Lời ngoài.</p><div class='trong'><p>Lời trong.</p></div></div>"
    assert read(nested, keep=".ngoai", drop=".trong").body.split("\n") == [*SENTENCES, "Lời ngoài."]
    assert read(nested, keep=".trong", drop=".ngoai").body.split("\n") == [*SENTENCES, "Lời trong."]


@pytest.mark.parametrize(
    "line",
    ["Lượt xem: 1.204", "Tin liên quan", "Tác giả: Thu Hà", "Theo TTXVN", "Sở kiểm tra con đường mới", SENTENCES[0]],
)
def test_a_line_that_the_site_keeps_outlasts_every_rule(line: str) -> None:
    struck = read(f"<p>{line}</p>").body.split("\n")
    kept = read(f"<p>{line}</p>", keep_lines=line).body.split("\n")
    assert (len(struck), struck) == (5, SENTENCES)
    assert kept == [*SENTENCES, line]


def test_a_line_is_kept_in_a_box_that_goes() -> None:
    found = read(RELATED, keep_lines="Vốn # tỷ đồng.")
    assert found.body.split("\n") == [*SENTENCES, "Vốn 40 tỷ đồng."]


def test_a_kept_heading_of_other_news_takes_nothing_with_it() -> None:
    inside = "<p>Tin liên quan</p><p>Sở Nội vụ: 15 năm</p>"
    assert read(inside, keep_lines="tin liên quan").body.split("\n")[-2:] == ["Tin liên quan", "Sở Nội vụ: 15 năm"]


@pytest.mark.parametrize(
    ("wording", "line", "goes"),
    [
        ("Mã bài: #", "Mã bài: 1.204", True),
        ("mã bài: #", "MÃ BÀI: 12/05/2026", True),
        ("Mã bài: #", "Mã bài: số 7", False),
        ("Mã bài: 7", "Mã bài: 8", False),
        ("bài: #", "Mã bài: 8", False),
        ("Mã bài: #\nMã ảnh: #", "Mã ảnh: 8", True),
        ("Theo thẻ #duong", "Theo thẻ #duong", True),
        ("Từ #.#.# đến #", "Từ 1.2.3 đến 9", True),
    ],
)
def test_lines_to_drop_are_known_as_a_whole_with_any_number_for_a_hash(wording: str, line: str, goes: bool) -> None:
    sentence = "Con đường này dài hơn mười hai cây số và đi qua bốn xã của huyện, theo sở."
    found = read(f"<p>{line}</p><p>{sentence}</p>", drop_lines=[wording])
    assert (line not in found.body) is goes
    assert ((line, "selectors:drop-line") in found.removed) is goes


def test_wordings_with_many_numbers_are_compared_in_one_pass() -> None:
    read(f"<p>{'1.' * 20_000}</p>", drop_lines=["# " * 30 + "x", "#.#,#:#/" * 30 + "x"])


@pytest.mark.parametrize("css", ["p[", "::", ".khong-co", "p:foo(1)", "body", "a:has(", "@ x", "//p"])
def test_a_selector_that_cannot_be_read_or_names_nothing_does_nothing(css: str) -> None:
    assert read(RELATED, drop=css).body.split("\n") == SENTENCES


def test_the_rules_of_a_table_hold_for_its_days_only() -> None:
    line = "<p>Chuyên trang của sở.</p>"
    dated = "<p class='ngay'>Ngày đăng: 12/05/2020</p>"
    keys: dict[str, Any] = {"drop_lines": "Chuyên trang của sở.", "published": ".ngay"}
    assert "Chuyên trang" in read(line, before=dated, until=date(2019, 1, 1), **keys).body
    assert "Chuyên trang" not in read(line, before=dated, until=date(2021, 1, 1), **keys).body


def test_a_page_reads_the_same_where_a_site_says_nothing_of_it() -> None:
    plain = read(RELATED)
    assert read(RELATED, keep=".khong", drop=".khong", keep_lines="Không #", drop_lines="Không #") == plain


def rule(kind: RuleKind, value: str, field: str = "", **more: Any) -> SiteRule:
    return SiteRule("1", "sonoivu", kind, value, field, by="lan", **more)


def test_what_editors_taught_is_asked_before_the_file_and_signs_what_it_strikes() -> None:
    page = f"<p class='a'>Mời đọc thêm.</p><b class='t1'>Một</b><b class='t2'>Hai</b>{RELATED}"
    site = Site.parse({**_TABLE, "selectors": [{"title": "h1", "drop": ".t1"}]})
    taught = site.with_rules(
        [
            rule(RuleKind.DROP, ".a"),
            rule(RuleKind.FIELD, ".t1", "title"),
            rule(RuleKind.FIELD, ".t2", "title"),
            rule(RuleKind.DROP_LINE, "Hai"),
            rule(RuleKind.KEEP, ".related-news"),
            rule(RuleKind.KEEP_LINE, "Không có"),
        ]
    )
    found = read(page, site=taught)
    assert found.title == "Hai"
    assert set(found.removed) == {("Mời đọc thêm.", "site:drop"), ("Một", "selectors:drop"), ("Hai", "site:drop-line")}
    assert "Vốn 40 tỷ đồng." in found.body


def test_rules_that_were_withdrawn_or_went_into_the_file_hold_no_more() -> None:

    day = datetime(2026, 5, 1, tzinfo=UTC)
    gone = [rule(RuleKind.DROP, ".a", withdrawn=day), rule(RuleKind.DROP, ".a", exported=day)]
    assert PLAIN.with_rules(gone) is PLAIN


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"drop_lines": ""}, "drop_lines = ''"),
        ({"keep_lines": ["Lượt xem: #", " "]}, "keep_lines = "),
        ({"keep": 3}, "keep = 3"),
        ({"drop": [3]}, r"drop = \[3\]"),
        ({"title": {}}, "title = "),
        ({"keeps": ".a"}, "no field 'keeps'"),
        ({"since": "2026-03-01"}, "since = '2026-03-01'"),
    ],
)
def test_wrong_keys_are_refused_with_their_name_and_a_remedy(row: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words) as caught:
        Selectors.parse(row)
    assert caught.value.remedy
