"""A page that was cut off on its way is no article; a whole one whose template forgets the end tags is."""

from __future__ import annotations

import pytest

from news.article import Kind
from news.errors import Reason
from news.extract import extract

URL = "https://sonoivu.gov.vn/tin-tuc/so-ket-cong-tac-1234.html"
TITLE = "Sở Nội vụ sơ kết công tác cải cách hành chính sáu tháng đầu năm"
LINES = [
    "Sáng 15/7, Sở Nội vụ tổ chức hội nghị sơ kết công tác cải cách hành chính, đại diện các xã, phường cùng dự.",
    "Theo báo cáo, tỷ lệ hồ sơ giải quyết đúng hạn của toàn tỉnh đạt 98,7%, cao hơn cùng kỳ năm trước.",
    "Kết luận hội nghị, Giám đốc Sở đề nghị các đơn vị tiếp tục rà soát, đơn giản hóa thủ tục cho người dân.",
]
ARTICLE = "".join(f"<p>{line}</p>" for line in LINES)
HEAD = f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body>"
OPEN = f"{HEAD}<div class='wrap'><div class='main'><h1>{TITLE}</h1>{ARTICLE}"
FOOTER = "<table><tr><td>Cơ quan chủ quản: Sở Nội vụ. Điện thoại: 0239 123456.</table>"


@pytest.mark.parametrize(
    "source",
    [
        f"{OPEN}</div></div>",
        f"{OPEN}</div></div>\n{FOOTER}\n<script>dem();</script>\n",
        f"{OPEN}</div>{FOOTER}",  # one box that nobody closed
        f"{HEAD}<h1>{TITLE}</h1>" + "".join(f"<p>{line}" for line in LINES),
        f"{OPEN}</div></div><script>in('<html><body>')</script>",
        f"{OPEN}</div></div></BODY>",
    ],
)
def test_a_whole_page_without_end_tags_is_an_article(source: str) -> None:
    found = extract(source, URL)
    assert (found.kind, found.body.split("\n")) == (Kind.ARTICLE, LINES)


@pytest.mark.parametrize(
    "source",
    [
        OPEN,
        OPEN[:-30],
        OPEN + "<p>Hội nghị cũng đã",
        OPEN + "<p",
        OPEN + "<p class='cuoi",
        OPEN + "<!-- quảng cáo",
        OPEN + "</div></div><script>in('</body></html>');</script><div",
        OPEN + "</div></div><script>in('",
        OPEN + "<div><div>",
        f"{HEAD}<h1>{TITLE}</h1>{ARTICLE}<p>Hội nghị cũng đã nghe báo cáo của các",
    ],
)
def test_a_page_that_ends_within_its_article_is_none(source: str) -> None:
    found = extract(source, URL)
    assert (found.kind, found.reason) == (Kind.OTHER, Reason.TRUNCATED)
