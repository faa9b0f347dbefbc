"""A trace tells of every piece of a page's text what became of it, and agrees with the article word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.corpora import Case, demo_corpora
from news.article import Removed
from news.extract import extract
from news.extract.trace import Mark, Trace, page_html, trace
from news.review.rules import RuleKind, SiteRule
from news.site import Site, SiteKind

URL = "https://sonoivu.gov.vn/tin/hoi-nghi-1234.htm"
SITE = Site(
    id="sonoivu", name="Sở Nội vụ", kind=SiteKind.PROVINCE, hosts=("sonoivu.gov.vn",), home="https://sonoivu.gov.vn/"
)
TEXT = "".join(
    f"<p>Ngày {day}/5, đoàn kiểm tra của sở làm việc với xã thứ {day} về con đường mới mở.</p>" for day in range(1, 6)
)


def cases() -> Iterator[Case]:
    """Every sixteenth page of the demo portals, and of those as if nobody knew their templates."""
    for corpus in demo_corpora():
        yield from corpus.cases[::16]


def squeezed(text: str) -> str:
    return "".join(text.replace("|", "").split())


def body_of(found: Trace) -> str:
    return squeezed("".join(run.text.removeprefix("- ") for run in found.runs if run.mark is Mark.KEPT))


def agrees(found: Trace) -> None:
    article = found.article
    assert body_of(found) == squeezed("".join(line.removeprefix("- ") for line in article.body.split("\n")))
    assert [gone for gone in article.removed if squeezed(gone.text) and not shows(found, gone)] == []
    assert [run.index for run in found.runs] == list(range(len(found.runs)))
    assert all(run.text and (run.rule or run.mark is not Mark.REMOVED) for run in found.runs)


def shows(found: Trace, gone: Removed) -> bool:
    """Whether a run tells of a removal."""
    told = (squeezed(run.text) for run in found.runs if run.mark is Mark.REMOVED and run.rule == gone.rule)
    return any(text in squeezed(gone.text) or squeezed(gone.text) in text for text in told)


def written(html: str) -> list[tuple[int, str]]:
    """The runs of a page's HTML with their text, in its order."""
    found = re.findall(r'<span data-run="(\d+)" data-mark="[a-z]+"(?: data-rule="[^"]*")?>([^<]*)</span>', html)
    return [(int(number), unescape(text)) for number, text in found]


def test_a_trace_of_a_portals_page_has_its_article_and_shows_all_that_was_removed() -> None:
    count = 0
    for case in cases():
        found = trace(case.html, case.url, content_type=case.content_type)
        assert found.article == extract(case.html, case.url, content_type=case.content_type)
        agrees(found)
        shown = written(page_html(found))
        assert [number for number, _ in shown] == sorted(number for number, _ in shown), case.id
        assert {number for number, _ in shown} == {run.index for run in found.runs}, case.id
        count += 1
    assert count > 30


def page(inside: str = "", before: str = "", behind: str = "") -> str:
    return (
        f"<html><head><title>Sở kiểm tra con đường mới</title></head><body><nav>Trang chủ</nav>{before}"
        f"<h1>Sở kiểm tra con đường mới</h1><div class='nd'>{TEXT}{inside}</div>{behind}</body></html>"
    )


def marks(html: str) -> dict[str, tuple[str, str]]:
    found = trace(html, URL)
    agrees(found)
    return {run.text: (str(run.mark), run.rule) for run in found.runs}


def test_each_run_says_what_became_of_it_and_by_which_rule() -> None:
    inside = (
        "<p>Con đường <span class='share-box' style='display:none'>Chia sẻ</span>này dài 12 km.</p>"
        "<div class='related-news'><p>Tin khác của sở</p><button>Xem</button></div><button>Gửi</button>"
        "<img src='/a.jpg'><p><i>Ảnh: Thu Hà</i></p>"
        "<table><tr><td>Xã</td><td>Km</td></tr><tr><td>Một</td><td>3</td></tr>"
        "</table><p>Lượt xem: 12</p>"
    )
    before = "<p class='time'>Ngày đăng: 12/05/2026 08:30</p>"
    found = marks(page(inside, before))
    assert found["Trang chủ"] == ("outside", "elements:navigation")
    assert found["Ngày đăng: 12/05/2026 08:30"] == ("published", "")
    assert found["Sở kiểm tra con đường mới"] == ("title", "")
    assert found["Con đường"] == found["này dài 12 km."] == found["Xã | Km"] == ("kept", "")
    assert found["Chia sẻ"][0] == "removed"
    assert found["Tin khác của sở"] == found["Xem"] == ("removed", "elements:related")
    assert found["Gửi"] == ("removed", "body:other")
    assert found["Ảnh: Thu Hà"] == ("caption", "")
    assert found["Lượt xem: 12"] == ("removed", "lines:view-count")


def test_a_bold_beginning_that_became_the_lead_is_marked_so() -> None:
    lead = "Sở vừa kiểm tra con đường mới mở qua năm xã của huyện, dài hơn mười hai cây số."
    html = f"<html><body><h1>Sở kiểm tra</h1><div class='nd'><p><b>{lead}</b></p>{TEXT}</div></body></html>"
    assert marks(html)[lead] == ("lead", "")


def test_a_page_that_is_none_has_no_runs() -> None:
    found = trace(b"%PDF-1.7", URL)
    assert (found.runs, page_html(found)) == ((), "")
    assert found.article == extract(b"%PDF-1.7", URL)


def test_a_piece_has_the_path_that_leads_to_it() -> None:
    found = trace(page("<div id='hop'><p class='x y'>Con đường này dài hơn mười hai cây số.</p></div>"), URL)
    run = next(run for run in found.runs if run.text.startswith("Con đường này"))
    assert (run.path, run.element.tag) == ("div#hop > p.x.y", "p")


def test_pictures_are_told_and_not_loaded_unless_they_are_asked_for() -> None:
    found = trace(page("<img src='/a.jpg' alt='Con &quot;đường'><img src='javascript:x'><img src='data:x'>"), URL)
    assert '<span data-image="https://sonoivu.gov.vn/a.jpg">Con "đường</span>' in page_html(found)
    assert "<img" not in page_html(found)
    assert '<img src="https://sonoivu.gov.vn/a.jpg" alt="Con &quot;đường">' in page_html(found, images=True)
    assert page_html(found, images=True).count("<img") == 1


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>", "<style>p{display:none}</style>", "<iframe src='/x'></iframe>",
        "<base href='//b'>",
        "<form action='/x'><input name=a value=b><select><option>Một</select></form>", "<svg onload=x><p>a</svg>",
        "<a href='javascript:x' onclick='y' target=_top id=x name=z class=q style='color:red'>Xem</a>",
        "<object data=x></object><embed src=x><video src=x></video><meta http-equiv=refresh content='0;url=//x'>",
        "<template><p>x</template><math><mi xlink:href='javascript:x'>x</mi></math><p/onmouseover=x>a",
        "<td background=//x>a<table background=//x><form><tr><td>b</form></table>",
        "<details open ontoggle=x>a</details>",
        "<img src=x onerror=y srcset='//z 2x'><picture><source srcset=//z></picture><input type=image src=//x>",
        "<span data-run='0' data-mark='kept' data-rule='x'>giả</span>", "<noscript><p title='</noscript><img src=x>'>",
    ],
)  # fmt: skip
def test_nothing_that_runs_loads_leads_or_lies_is_left_of_a_page(markup: str) -> None:
    found = trace(page(markup), URL)
    agrees(found)
    for html in (page_html(found), page_html(found, images=True)):
        harmless(html)
        assert len(re.findall('data-run="0"', html)) == len(found.runs[0].slots)


def harmless(html: str) -> None:
    """As a browser's parser would read it, there are texts, boxes and pictures, and no names but ours."""
    page = lxml.html.fromstring(f"<div>{html}</div>")
    assert {element.tag for element in page.iter()} <= SHOWN
    for element in page.iter():
        for name, value in element.items():
            assert name in NAMES
            assert name not in ("src", "data-href", "data-image") or str(value).startswith(("http://", "https://"))
            assert name not in ("colspan", "rowspan") or int(value) <= 100


_SHOWN_NAMES = "p div span h1 h2 a b br img nav table tbody tr td ul li figure figcaption strong em i section"
SHOWN = frozenset(_SHOWN_NAMES.split())
NAMES = frozenset({"data-run", "data-mark", "data-rule", "data-href", "data-image", "src", "alt", "colspan", "rowspan"})


PIECES = [
    "<p>", "</p>", "<div>", "</div>", "<div class='share-box'>", "<div class='related-news'>", "<span hidden>",
    "</span>", "<span>", "<b>", "</b>", "<table>", "<tr>", "<td>", "<td colspan=9999999>", "</table>", "<ul>",
    "<li>", "<form>", "<button>", "</button>", "<select><option>", "<textarea>", "</textarea>", "<a href='/x'>",
    "<a href='javascript:x'>", "</a>", "<img src='/a.jpg' alt='\"><script>'>", "<script>x</script>", "<style>",
    "</style>", "<svg>", "<math>", "<br>", "<iframe>", "</iframe>", "<title>", "<base href='//b'>", "<x-y z=1>",
    "<body id=b>", "<frameset>", "<h1>", "</h1>", "<label>", "<font>", "<center>", "<figure>", "<figcaption>",
    "<!--", "-->", "&amp;lt;script&amp;gt;", "&lt;b&gt;", "&", "\x00", "\ufeff", "\u200b", "Xem thêm",
    "Lượt xem: 12", "Tin liên quan", "Ngày 1/1/2024", "Một câu dài hơn một chút.",
    "<p>Ngày 1/5, đoàn kiểm tra của sở làm việc với xã thứ 1 về con đường mới mở.</p>",
]  # fmt: skip


RULES = [
    SiteRule("1", "sonoivu", kind, value, field)
    for kind, value, field in [
        (RuleKind.KEEP, ".share-box", ""), (RuleKind.KEEP, "td", ""), (RuleKind.KEEP, "span", ""),
        (RuleKind.KEEP, "div div", ""), (RuleKind.KEEP, "body", ""), (RuleKind.DROP, "div", ""),
        (RuleKind.DROP, "b", ""),
        (RuleKind.DROP, ".related-news p", ""), (RuleKind.KEEP_LINE, "Lượt xem: #", ""),
        (RuleKind.KEEP_LINE, "Xem thêm", ""), (RuleKind.DROP_LINE, "Ngày #", ""), (RuleKind.FIELD, "td", "body"),
        (RuleKind.FIELD, "b", "lead"), (RuleKind.FIELD, "span", "title"),
    ]
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans(), st.lists(st.sampled_from(RULES), max_size=3))
def test_of_whatever_markup_each_run_has_one_mark_and_none_is_dangerous(
    pieces: list[str], in_page: bool, rules: list[SiteRule]
) -> None:
    soup = "".join(pieces)
    html = page(soup) if in_page else soup
    found = trace(html, URL, site=SITE.with_rules(rules))
    assert found.article == extract(html, URL, site=SITE.with_rules(rules))
    if found.article.evidence.get("body") != "trafilatura":  # which does not say where it read a line
        agrees(found)
    html = page_html(found, images=True)
    shown: dict[int, str] = {}
    for number, text in written(html):
        shown[number] = shown.get(number, "") + text
    assert shown.keys() == {run.index for run in found.runs}
    harmless(html)


LARGE = {
    "paragraphs": page("<p>Một đoạn ngắn.</p>" * 6_000),
    "links": page("<a href='/a.html'>Tin khác</a> " * 10_000),
    "boxes": page("<div class='share'>x</div>" * 6_000),
    "boxes in a line": page(f"<p>{'<span class=share-box>x</span>y ' * 6_000}</p>"),
    "boxes nested 20,000 deep": page("<div class=share-box>" * 20_000 + "<p>Xem thêm</p>"),
    "tables nested 20,000 deep": page("<table><tr><td>" * 20_000 + "<p>Xem thêm</p>"),
    "a million line breaks": page("<br>" * 1_000_000),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_page_of_any_size_and_depth_is_traced_to_its_end(name: str) -> None:
    found = trace(LARGE[name], URL)
    agrees(found)
    assert {number for number, _ in written(page_html(found))} == {run.index for run in found.runs}
