"""Where an editor points, rules are proposed that do just what is meant: on the page itself, and on its like."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from news.article import Article, Image, Kind
from news.errors import InvalidValue, Reason
from news.extract import extract
from news.extract.trace import Trace, trace
from news.review.rules import RuleKind, SiteRule
from news.review.teaching import MOST, Effect, Gesture, Proposal, Why, effect, proposals
from news.site import Site, SiteKind

URL = "https://sonoivu.gov.vn/tin/hoi-nghi-1234.htm"
SITE = Site(
    id="sonoivu", name="Sở Nội vụ", kind=SiteKind.PROVINCE, hosts=("sonoivu.gov.vn",), home="https://sonoivu.gov.vn/"
)
SENTENCES = [
    f"Ngày {day}/5, đoàn kiểm tra của sở làm việc với xã thứ {day} về con đường mới mở." for day in range(1, 6)
]
TITLE = "Sở kiểm tra con đường mới"


def page(inside: str = "", before: str = "", behind: str = "", title: str = f"<h1>{TITLE}</h1>") -> str:
    text = "".join(f"<p>{line}</p>" for line in SENTENCES)
    return (
        f"<html><body><nav>Trang chủ</nav>{title}{before}<div class='chi-tiet'>{text}{inside}"
        f"<p>Con đường này dài hơn mười hai cây số và đi qua bốn xã của huyện, theo sở.</p></div>{behind}</body></html>"
    )


def at(found: Trace, *texts: str) -> list[int]:
    runs = [run.index for run in found.runs if run.text.startswith(texts)]
    assert len(runs) >= len(texts), [(run.text, run.mark) for run in found.runs]
    return runs


def proposed(html: str, gesture: Gesture, *texts: str, field: str = "") -> tuple[Proposal, ...]:
    found = trace(html, URL, site=SITE)
    return proposals(found, at(found, *texts), gesture, field)


def said(rows: tuple[Proposal, ...]) -> list[tuple[RuleKind, str]]:
    return [(row.kind, row.value) for row in rows]


def read(html: str, row: Proposal) -> Article:
    return extract(html, URL, site=SITE.with_rules([SiteRule("1", SITE.id, row.kind, row.value, row.field)]))


NOTE = "<div class='{0}'><p>Chuyên trang số {1} của sở trên mạng.</p></div>"


def test_a_box_with_a_name_is_struck_by_it_and_so_are_its_like_on_other_pages() -> None:
    rows = proposed(page(NOTE.format("chuyen-trang mb-4 css-1x2y3z", 7)), Gesture.BOILERPLATE, "Chuyên trang")
    assert said(rows)[:2] == [
        (RuleKind.DROP, "div.chuyen-trang"),
        (RuleKind.DROP_LINE, "Chuyên trang số # của sở trên mạng."),
    ]
    for row in rows:
        assert row.effect == Effect(lines_gone=("Chuyên trang số 7 của sở trên mạng.",))
        assert "Chuyên trang" not in read(page(NOTE.format("chuyen-trang mb-4 css-9z8y7x", 12)), row).body


def test_a_line_without_a_name_is_known_by_its_words() -> None:
    rows = proposed(page("<p>Chuyên trang số 7 của sở trên mạng.</p>"), Gesture.BOILERPLATE, "Chuyên trang")
    assert said(rows) == [(RuleKind.DROP_LINE, "Chuyên trang số # của sở trên mạng.")]
    assert rows[0].why is Why.LINE


def test_no_rule_is_proposed_that_takes_other_text_too() -> None:
    inside = NOTE.format("khung", 7) + "<div class='khung'><p>Tổng vốn của con đường là bốn mươi tỷ đồng.</p></div>"
    rows = proposed(page(inside), Gesture.BOILERPLATE, "Chuyên trang")
    assert {row.kind for row in rows} == {RuleKind.DROP_LINE}
    # With other numbers the same words are lines of the text.
    rows = proposed(page(), Gesture.BOILERPLATE, SENTENCES[1])
    assert said(rows) == [(RuleKind.DROP_LINE, SENTENCES[1])]
    assert rows[0].why is Why.WORDS


def test_several_lines_are_struck_by_their_box_or_all_together() -> None:
    inside = "<div class='loi-nhan'><p>Theo dõi sở trên mạng.</p><p>Gọi tổng đài 1022 của tỉnh.</p></div>"
    rows = proposed(page(inside), Gesture.BOILERPLATE, "Theo dõi", "Gọi tổng đài")
    assert said(rows)[:2] == [
        (RuleKind.DROP, "div.loi-nhan"),
        (RuleKind.DROP_LINE, "Theo dõi sở trên mạng.\nGọi tổng đài # của tỉnh."),
    ]
    # Of the box one line alone goes by its words: the box holds the other.
    rows = proposed(page(inside), Gesture.BOILERPLATE, "Theo dõi")
    assert said(rows) == [(RuleKind.DROP_LINE, "Theo dõi sở trên mạng.")]


@pytest.mark.parametrize(
    "name", ["css-1x2y3z", "sc-bdVaJa", "post-20931", "ctl00_Noi_ctl08_x", "Khung__3xK9a", "mb-4", "text-center", "row"]
)
def test_names_that_a_machine_makes_or_that_only_say_a_look_are_never_asked_for_alone(name: str) -> None:
    rows = proposed(page(NOTE.format(name, 7)), Gesture.BOILERPLATE, "Chuyên trang")
    assert rows
    assert not {f"div.{name}", f"div#{name}"} & {row.value for row in rows}


def test_a_box_that_a_rule_struck_is_restored_by_its_name_or_its_line() -> None:
    html = page("<div class='related-figures'><p>Vốn: 40 tỷ đồng từ ngân sách.</p></div>")
    rows = proposed(html, Gesture.RESTORE, "Vốn")
    assert said(rows)[:2] == [
        (RuleKind.KEEP, "div.related-figures"),
        (RuleKind.KEEP_LINE, "Vốn: # tỷ đồng từ ngân sách."),
    ]
    for row in rows:
        assert row.effect == Effect(lines_come=("Vốn: 40 tỷ đồng từ ngân sách.",))
        assert "Vốn: 40 tỷ đồng" in read(html, row).body


def test_a_line_of_a_box_is_restored_alone_before_the_box_with_all_of_it() -> None:
    html = page("<div class='related-figures'><p>Vốn: 40 tỷ đồng.</p><p>Dài: 12 km.</p></div>")
    rows = proposed(html, Gesture.RESTORE, "Vốn")
    assert [row.kind for row in rows] == [RuleKind.KEEP_LINE, RuleKind.KEEP]
    assert rows[-1].effect.lines_come == ("Vốn: 40 tỷ đồng.", "Dài: 12 km.")


def test_a_line_that_a_rule_struck_is_restored_by_its_words() -> None:
    rows = proposed(page("<p>Lượt xem: 1.204</p>"), Gesture.RESTORE, "Lượt xem")
    assert said(rows) == [(RuleKind.KEEP_LINE, "Lượt xem: #")]


def test_text_outside_of_the_body_joins_it_by_the_name_of_its_box() -> None:
    html = page(behind="<div class='sidebar-figures'><p>Phụ lục: bảng giá đất dọc đường.</p></div>")
    rows = proposed(html, Gesture.RESTORE, "Phụ lục")
    assert said(rows) == [(RuleKind.KEEP, "div.sidebar-figures")]
    assert read(html, rows[0]).body.endswith("\nPhụ lục: bảng giá đất dọc đường.")


FIELDS = {
    "title": ("<div class='tieu-de-rieng'>Đoàn kiểm tra con đường</div>", "Đoàn kiểm tra", "div.tieu-de-rieng"),
    "lead": ("<div class='mo-bai'>Sở vừa kiểm tra một con đường mới mở.</div>", "Sở vừa", "div.mo-bai"),
    "published": ("<span class='luc'>Thứ Hai, 4/5/2026, 08:30</span><br>", "Thứ Hai", "span.luc"),
    "author": ("<p class='ky'>Tác giả: Trần Thu Hà</p><p class='ky'>Duyệt: Lê Lan</p>", "Tác giả", "p.ky @ Tác giả"),
    "source": ("<p class='tu'>Báo Lam Hà</p>", "Báo Lam Hà", "p.tu"),
    "section": ("<b id='muc'>Giao thông</b><br>", "Giao thông", "b#muc"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_read_where_the_editor_points(field: str) -> None:
    markup, text, css = FIELDS[field]
    html = page(before=markup)
    rows = proposed(html, Gesture.FIELD, text, field=field)
    assert said(rows)[0] == (RuleKind.FIELD, css)
    assert read(html, rows[0]).evidence[field].startswith("site:sonoivu")


def test_a_body_is_read_from_the_box_around_what_the_editor_points_at() -> None:
    short = "<div class='van-ban'><p>Sở mời dân họp ngày 5/6.</p><p>Xin đến đúng giờ.</p></div>"
    rows = proposed(page(behind=short), Gesture.FIELD, "Sở mời dân", "Xin đến", field="body")
    assert said(rows)[0] == (RuleKind.FIELD, "div.van-ban")
    assert read(page(behind=short), rows[0]).body == "Sở mời dân họp ngày 5/6.\nXin đến đúng giờ."


def test_pointing_at_nothing_or_for_no_field_is_refused() -> None:
    found = trace(page(), URL, site=SITE)
    for runs, gesture, field in (
        ([], Gesture.BOILERPLATE, ""),
        ([9999], Gesture.BOILERPLATE, ""),
        ([-1], Gesture.RESTORE, ""),
        ([0], Gesture.FIELD, ""),
        ([0], Gesture.FIELD, "colour"),
        ([0], Gesture.RESTORE, "title"),
    ):
        with pytest.raises(InvalidValue) as caught:
            proposals(found, runs, gesture, field)
        assert caught.value.remedy


def test_a_page_of_no_site_is_taught_nothing() -> None:
    found = trace(page(), URL)
    assert proposals(found, at(found, SENTENCES[0]), Gesture.BOILERPLATE) == ()


def test_no_more_rules_are_proposed_than_an_editor_reads() -> None:
    html = page(NOTE.format(" ".join(f"ten-{c}" for c in "abcdefghij"), 7))
    assert len(proposed(html, Gesture.BOILERPLATE, "Chuyên trang")) == MOST


def test_an_effect_tells_lines_fields_and_a_page_that_is_lost() -> None:
    one = Article(URL, "sonoivu", title="Một", body="a\nb\nb\nc", images=(Image("https://x.vn/1.jpg"),))
    other = replace(one, title="Hai", body="a\nb\nd", images=(), published=datetime(2026, 5, 4, tzinfo=UTC))
    assert effect(one, other) == Effect(
        ("b", "c"),
        ("d",),
        {
            "title": ("Một", "Hai"),
            "published": (None, datetime(2026, 5, 4, tzinfo=UTC)),
            "images": (("https://x.vn/1.jpg",), ()),
        },
    )
    assert effect(one, one).is_nothing
    assert not effect(one, other).is_nothing
    gone = replace(one, kind=Kind.OTHER, reason=Reason.NO_TEXT, body="")
    assert effect(one, gone).lost == "no-text"
    assert effect(gone, one).fields["kind"] == ("other", "article")
