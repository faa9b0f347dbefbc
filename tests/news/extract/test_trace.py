"""A trace tells of every piece of a page's text what became of it, and agrees with the article word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from bench.corpora import Case, demo_corpora
from news.article import Removed
from news.extract import extract
from news.extract.trace import Mark, Trace, page_html, trace

URL = "https://sonoivu.gov.vn/tin/hoi-nghi-1234.htm"
TEXT = "".join(
    f"<p>Ngày {day}/5, đoàn kiểm tra của sở làm việc với xã thứ {day} về con đường mới mở.</p>" for day in range(1, 6)
)


def cases() -> Iterator[Case]:
    """Every eighth page of the demo portals, and of those as if nobody knew their templates."""
    for corpus in demo_corpora():
        yield from corpus.cases[::8]


def squeezed(text: str) -> str:
    return "".join(text.split())


def body_of(found: Trace) -> str:
    return squeezed("".join(run.text.removeprefix("- ") for run in found.runs if run.mark is Mark.KEPT))


def agrees(found: Trace) -> None:
    article = found.article
    assert body_of(found) == squeezed("".join(line.removeprefix("- ") for line in article.body.split("\n")))
    assert [gone for gone in article.removed if not shows(found, gone)] == []
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
    assert count > 60


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
        tags = set(re.findall(r"<([a-z0-9]+)", html))
        names = set(re.findall(r'\s([a-z-]+)="', html))
        assert tags <= {"p", "div", "span", "h1", "a", "img", "nav", "table", "tbody", "tr", "td"}
        assert names <= {"data-run", "data-mark", "data-rule", "data-href", "data-image", "src", "alt"}
        assert not re.search(r'(?:src|data-href|data-image)="(?!https?://)', html)
        assert len(re.findall('data-run="0"', html)) == len(found.runs[0].slots)
