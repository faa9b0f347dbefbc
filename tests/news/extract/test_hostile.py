"""Whatever a page is made of, it comes out as its article or with the reason why not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.article import Article, Kind
from news.errors import Reason
from news.extract import extract
from news.extract.limits import MOST_TAGS, MOST_TEXT

URL = "https://sonoivu.gov.vn/tin-tuc/so-ket-cong-tac-1234.html"
TITLE = "Sở Nội vụ sơ kết công tác cải cách hành chính sáu tháng đầu năm"
LINES = [
    "Sáng 15/7, Sở Nội vụ tổ chức hội nghị sơ kết công tác cải cách hành chính, đại diện các xã, phường cùng dự.",
    "Theo báo cáo, tỷ lệ hồ sơ giải quyết đúng hạn của toàn tỉnh đạt 98,7%, cao hơn cùng kỳ năm trước.",
    "Kết luận hội nghị, Giám đốc Sở đề nghị các đơn vị tiếp tục rà soát, đơn giản hóa thủ tục cho người dân.",
]
ARTICLE = "".join(f"<p>{line}</p>" for line in LINES)
MANY = 2 * MOST_TAGS
LONG = 2 * MOST_TEXT


def page(body: str = ARTICLE, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title>{head}</head>"
        f"<body><div class='main'><h1>{TITLE}</h1>{body}</div></body></html>"
    )


NESTED = {
    name: page(f"{opening * 20_000}{ARTICLE}{closing * 20_000}")
    for name, opening, closing in [
        ("divs", "<div>", "</div>"),
        ("divs never closed", "<div>", ""),
        ("spans", "<span>", "</span>"),
        ("bold never closed", "<b>", ""),
        ("tables", "<table><tr><td>", "</td></tr></table>"),
        ("tables never closed", "<table><tr><td>", ""),
        ("lists", "<ul><li>", "</li></ul>"),
        ("quotes", "<blockquote>", "</blockquote>"),
        ("unknown elements", "<x-tin>", "</x-tin>"),
    ]
}
HEAVY = {
    "a class of 4 MB": page(f"<div class='{'a ' * 2_000_000}'>{ARTICLE}</div>"),
    "50,000 attributes": page(f"<div {' '.join(f'a{n}=1' for n in range(50_000))}>{ARTICLE}</div>"),
    "a picture of 3 MB in an attribute": page(f"<img src='data:image/png;base64,{'A' * 3_000_000}'>{ARTICLE}"),
    "a script of 4 MB": page(ARTICLE + f"<script>{'var a = 1;' * 400_000}</script>"),
    "a style of 2 MB": page(head=f"<style>{'p { color: red } ' * 120_000}</style>"),
    "100,000 line breaks": page(ARTICLE + "<br>" * 100_000),
    "50,000 copies of a spacer": page(ARTICLE + "<img src='/spacer.gif'>" * 50_000),
    "5 MB of blanks": page("<p>" + " " * 5_000_000 + "</p>" + ARTICLE),
    "a million &nbsp;": page("<p>" + "&nbsp;" * 1_000_000 + "</p>" + ARTICLE),
    "300,000 comments": page("<!-- -->" * 300_000 + ARTICLE),
    "a comment that never ends": page(ARTICLE) + "<!--" * 300_000,
    "50,000 options": page("<select>" + "<option>Hà Nội</option>" * 50_000 + "</select>" + ARTICLE),
    "JSON-LD nested 200,000 deep": page(head=f"<script type='application/ld+json'>{'[' * 200_000}</script>"),
}
# Where so much stands beside the article that nobody could say what the page is about.
BEYOND = {
    "paragraphs": page(ARTICLE + "<p>Một đoạn ngắn.</p>" * MANY),
    "lines": page(ARTICLE + "x<br>" * MANY),
    "links": page(ARTICLE + "<a href='/a.html'>Tin khác</a> " * MANY),
    "rows": page(ARTICLE + "<table>" + "<tr><td>a</td><td>12</td></tr>" * MANY + "</table>"),
    "headings": page("<h1>Tin mới</h1>" * MANY + ARTICLE),
    "one line": page("<p>" + LINES[0] * (LONG // len(LINES[0])) + "</p>"),
    "one word": page("<p>" + "a" * LONG + "</p>"),
    "dots": page("<p>" + "." * LONG + "</p>"),
    "ampersands": page("<p>" + "&" * LONG + "</p>"),
    "angle brackets": page("<p>" + "<" * LONG + "</p>"),
    "dates": page("<p>" + "1/1/2024 10:10 " * (LONG // 15) + "</p>"),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_page_nested_20_000_deep_keeps_its_article(name: str) -> None:
    found = extract(NESTED[name], URL)
    assert (found.kind, found.title) == (Kind.ARTICLE, TITLE)
    assert found.body.split("\n") == LINES


@pytest.mark.parametrize("name", HEAVY)
def test_what_weighs_much_and_says_nothing_costs_no_article(name: str) -> None:
    found = extract(HEAVY[name], URL)
    assert (found.kind, found.title) == (Kind.ARTICLE, TITLE)
    assert found.body.split("\n") == LINES


def test_what_a_large_page_left_open_does_not_make_it_deep() -> None:
    drawings = "<svg>" + "<path d='M0'>" * 100 + "</svg>"
    hidden = f'<div><div class="d-none"><a href="/x">Xem thêm chủ đề</a><img src="data:{"A" * 40_000}"></div></div>'
    article = extract(page(drawings + hidden + ARTICLE), "https://vi.example/a")
    assert "Xem thêm chủ đề" not in article.body
    assert "elements:hidden" in {removed.rule for removed in article.removed}


@pytest.mark.parametrize("name", BEYOND)
def test_a_page_of_more_than_an_article_can_hold_is_given_up_with_its_reason(name: str) -> None:
    found = extract(BEYOND[name], URL)
    assert (found.kind, found.reason, found.body) == (Kind.OTHER, Reason.TOO_COMPLEX, "")


@pytest.mark.parametrize("text", ["a" * 50_000, ". " * 50_000, "☆" * 9_000, "QmFuIHRpbg" * 9_000])
def test_what_nobody_wrote_is_no_article(text: str) -> None:
    assert extract(page(f"<p>{text}</p>"), URL).reason is Reason.NO_TEXT


def test_deep_boxes_still_part_the_lines_that_they_held() -> None:
    lines = "".join(f"<div>{line}</div>" for line in LINES)
    assert extract(page("<div>" * 300 + lines + "</div>" * 300), URL).body.split("\n") == LINES


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_extract_never_raises_whatever_the_bytes_are(data: bytes) -> None:
    assert isinstance(extract(data, URL), Article)


PIECES = [
    "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "<!DOCTYPE", "&", "&amp;nbsp;", "&#0;", "&#x110000;",
    "&#xD800;", "\x00", "\x0b", "\ud800", "\ufeff", "\u200b", "\uffff", '"', "'", "=", " ", "\n", "a",
    "Ngày 1/1/2024", "<p", "<p>", "<div ", "<div>", "</div>", "<table>", "<tr>", "<td>", "<ul>", "<li>", "<script>",
    "</script>", "<title>", "<body>", "</body>", "<html", "<svg>", "<math>", "<select>", "<option>", "<iframe>",
    "<textarea>", "<frameset>", "<base href='http://['>", "<a href='http://[::1'>", "<img src='//'>",
    "<meta charset=x>", "<time datetime='9999-99-99'>", " class=sapo", " style=",
    "<script type='application/ld+json'>", '{"@type": "NewsArticle", "author": [[{"name": 1}]], "datePublished": 5}',
    "<1>", "<a:b:c>", "<é>", "xmlns:x=''", "<x:y z:w='1'/>", LINES[0], LINES[1],
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.booleans())
def test_extract_never_raises_whatever_markup_is_thrown_together(pieces: list[str], in_page: bool) -> None:
    soup = "".join(pieces)
    found = extract(page(soup + ARTICLE) if in_page else soup, URL)
    assert found.kind in Kind


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2000), st.integers(0, 2000), st.binary(max_size=8), st.sampled_from(["utf-8", "utf-16", "cp1258"])
)
def test_a_page_cut_or_spoilt_anywhere_breaks_nothing(start: int, end: int, dirt: bytes, charset: str) -> None:
    data = page().encode(charset, errors="ignore")
    found = extract(data[:start] + dirt + data[end:], URL, content_type="text/html; charset=tcvn")
    assert "\x00" not in found.body


@pytest.mark.parametrize("piece", ["png.", "a.jpg.", "- ", "1.", "· ", "xem thêm "])
def test_a_line_made_to_match_a_rule_many_ways_is_read(piece: str) -> None:
    line = (piece * 200)[:400]
    assert extract(page(f"{ARTICLE}<p>{line}</p>"), URL).body.startswith("\n".join(LINES))
