"""What holds of every clean text, whatever page it comes from."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from news.article import Article, Block
from news.clean.boilerplate import line_rules, strike_lines
from news.clean.groups import group_rules
from news.clean.sanitize import sanitize
from news.clean.text import tidy
from news.extract import extract

URL = "https://xaphuhoa.gov.vn/tin-tuc/le-ra-quan-4711.html"
TITLE = "Xã Phú Hòa ra quân chiến dịch mùa hè xanh năm nay"
WHO = ["Chủ tịch xã", "Bí thư Đoàn", "Bà Lan, trưởng thôn Đoài", "Ban tổ chức", "Hợp tác xã Tân Tiến"]
DID = ["cho biết", "khẳng định", "đề nghị các thôn sớm báo cáo rằng", "vui mừng thông báo", "nhắc lại rằng"]
WHAT = ["con đường bê tông dài 400 mét", "lớp dạy bơi cho trẻ em", "tủ sách của nhà văn hóa", "giếng nước sạch"]
THEN = [
    "sẽ xong trước mùa mưa",
    "được bà con góp công xây dựng",
    "phục vụ hơn hai trăm hộ dân",
    "đã mở cửa từ tháng ba",
]
# Headings of other news and of comments take what follows with them, and what that is depends on the rest of the page.
ENDING = [rule for rule in line_rules() if rule.rest]
LINES = [
    line
    for rule in line_rules()
    for line in rule.strike
    if not rule.links and not any(ending.strikes(line) for ending in ENDING)
]
RUNS = [run for rule in group_rules() if not rule.edge for run in rule.strike]
DIRT = ["\u200b", "\ufeff", "\u00ad", "\u00a0", "  ", "\t", "&nbsp;", "&amp;nbsp;", "&#8203;", "\u0300", "\u202e"]
MARKUP = [
    "<script>alert(1)</script>", "<p onclick='alert(1)'>bấm</p>", "<a href='javascript:alert(1)'>vào</a>",
    "<style>p{}</style>", "<a href=' jAvAscript:x'>đây</a>", "<img src='x' onerror=alert(1)>", "<b><i></b>",
    "<iframe src='https://a.example/'></iframe>", "<p style='background:url(javascript:x)'>nền</p>", "<!--", "-->",
    "<svg onload=alert(1)><a xlink:href='javascript:x'>s</a></svg>", "<a href='data:text/html,x'>dữ liệu</a>", "<",
    "<math><mtext><img src=x onerror=1></mtext></math>", "<p>", "</div>", "<td>", "<ul><li>một", "<object data=x>",
    "&lt;script&gt;alert(2)&lt;/script&gt;", "<form action=x><input name=y>", "<img src='javascript:alert(1)'>",
    "<a href='https://b.example/' target=_blank>ra ngoài</a>",
]  # fmt: skip


@st.composite
def sentences(draw: st.DrawFn) -> list[str]:
    """Paragraphs of an article, none like another."""
    chosen = draw(
        st.lists(
            st.tuples(*(st.sampled_from(part) for part in (WHO, DID, WHAT, THEN))), min_size=3, max_size=9, unique=True
        )
    )
    return [f"{who} {did} {what} của xã {then}, theo báo cáo mới nhất." for who, did, what, then in chosen]


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A page with an article among widgets, and the article's paragraphs."""
    paragraphs = draw(sentences())
    tag = draw(st.sampled_from(["p", "div"]))
    widgets = st.one_of(st.sampled_from(LINES).map(lambda line: (line,)), st.sampled_from(RUNS))
    parts = [f"<h1>{TITLE}</h1><div>12/06/2025 08:15</div>"]
    for paragraph in paragraphs:
        parts.append(f"<{tag}>{escape(paragraph)}</{tag}>")
        if draw(st.integers(0, 3)) == 0:
            parts += [f"<{tag}>{escape(line)}</{tag}>" for line in draw(widgets)]
    body = "".join(parts)
    return f"<html><head><title>{TITLE}</title></head><body><div>{body}</div></body></html>", paragraphs


def read(html: str) -> Article:
    return extract(html, URL)


def text_of(article: Article) -> list[str]:
    return [*filter(None, [article.lead]), *article.body.split("\n")]


@given(pages())
@settings(deadline=None)
def test_an_article_among_widgets_is_given_whole_and_alone(page: tuple[str, list[str]]) -> None:
    html, paragraphs = page
    article = read(html)
    assert text_of(article) == paragraphs
    gone = {removed.text for removed in article.removed}
    assert gone.isdisjoint(article.body.split("\n"))


@given(pages())
@settings(deadline=None)
def test_the_html_of_an_article_read_again_gives_the_same_text(page: tuple[str, list[str]]) -> None:
    once = read(page[0])
    again = read(
        f"<html><head><title>{escape(once.title)}</title></head><body><h1>{escape(once.title)}</h1>"
        f"<div>12/06/2025 08:15</div><article>{once.html}</article></body></html>"
    )
    assert again.body == once.body


@given(
    st.lists(
        st.one_of(st.sampled_from(LINES), st.sampled_from(["Đoạn văn của bài viết.", "Hai"]), st.text(max_size=40))
    )
)
@settings(deadline=None)
def test_what_was_cleaned_once_is_clean(texts: list[str]) -> None:
    blocks = [Block("paragraph", tidy(text)) for text in texts]
    once, _ = strike_lines(blocks)
    assert strike_lines(once) == (once, [])


@given(sentences(), st.lists(st.sampled_from(DIRT), min_size=1, max_size=8), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_no_line_of_a_body_is_empty_or_has_what_nobody_sees(
    paragraphs: list[str], dirt: list[str], random: object
) -> None:
    spoilt = [paragraph.replace(" ", f" {dirt[i % len(dirt)]} ", 3) for i, paragraph in enumerate(paragraphs)]
    markup = "".join(f"<p>{unicodedata.normalize('NFD', text)}{dirt[0]}</p><p>{dirt[-1]}</p>" for text in spoilt)
    article = read(
        f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><div>12/06/2025</div><div>{markup}</div></body></html>"
    )
    for line in text_of(article):
        assert line.strip() == line != ""
        assert unicodedata.normalize("NFC", line) == line
        assert not re.search(r"[\u200b-\u200f\ufeff\u00ad\u00a0\u202a-\u202e]|\s\s", line)


@given(st.lists(st.one_of(st.sampled_from(MARKUP), sentences().map(lambda lines: f"<p>{lines[0]}</p>")), max_size=20))
@settings(deadline=None)
def test_the_html_of_an_article_loads_runs_and_tracks_nothing(pieces: list[str]) -> None:
    html = read(f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><div>{''.join(pieces)}</div></body></html>").html
    assert sanitize(html) == html
    for tag in re.findall(r"<[^>]*>", html):
        assert re.match(
            r"</?(?:p|h[34]|[uo]l|li|table|tbody|t[rdh]|blockquote|fig\w+|img|a|strong|em|u|su[bp]|br)\b", tag
        ), tag
        assert not re.search(r"""\s(?:on\w+|style|class|id)\s*=|(?:href|src)="(?!https?://)""", tag), tag
