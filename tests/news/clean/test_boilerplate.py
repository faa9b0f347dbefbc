"""Rules are data that test themselves: each strikes its lines and spares sentences about the same things."""

from __future__ import annotations

import lxml.html
import pytest

from news.article import Block
from news.clean.boilerplate import (
    BoxRule,
    LineRule,
    boilerplate_boxes,
    box_rules,
    line_rules,
    removed_box,
    strike_lines,
)

RULES = [*line_rules(), *line_rules("english.toml")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_strikes_its_own_lines(rule: LineRule) -> None:
    assert rule.strike
    for line in rule.strike:
        assert rule.strikes(line), line


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_strikes_what_another_spares(rule: LineRule) -> None:
    assert rule.spare
    for line in rule.spare:
        assert [other.name for other in RULES if other.strikes(line)] == [], line


@pytest.mark.parametrize("rule", box_rules(), ids=lambda rule: rule.name)
def test_a_box_rule_strikes_its_box_and_spares_its_neighbour(rule: BoxRule) -> None:
    page = lxml.html.fromstring(f"<div><p>{'Nội dung bài viết. ' * 40}</p>{rule.strike}{rule.spare}</div>")
    assert [box.rule for box in boilerplate_boxes(page).values()] == [f"elements:{rule.name}"]


def test_a_box_that_holds_the_article_stays_whatever_its_class_says() -> None:
    page = lxml.html.fromstring(f'<div><div class="related-news"><p>{"Toàn văn. " * 50}</p></div><p>Ngắn.</p></div>')
    assert boilerplate_boxes(page) == {}


def test_hidden_copies_go_and_are_remembered() -> None:
    page = lxml.html.fromstring(
        f'<div><p>{"Toàn văn. " * 50}</p><p style="DISPLAY: none">bản sao</p>'
        '<span class="hidden">2024-01-01</span></div>'
    )
    assert [tuple(removed_box(box, known.rule)) for box, known in boilerplate_boxes(page).items()] == [
        ("bản sao", "elements:hidden"),
        ("2024-01-01", "elements:hidden"),
    ]


def test_what_follows_a_heading_of_other_news_goes_with_it() -> None:
    blocks = [Block("paragraph", "Hội nghị đã thành công."), Block("paragraph", "Các tin khác"), Block("item", "Tin A")]
    kept, removed = strike_lines(blocks)
    assert [block.text for block in kept] == ["Hội nghị đã thành công."]
    assert [r.rule for r in removed] == ["lines:related", "lines:related"]


def test_a_heading_before_prose_was_inside_the_article() -> None:
    prose = Block("paragraph", "Ông cho biết kết quả đạt được trong năm là rất đáng ghi nhận. " * 6)
    kept, _ = strike_lines([Block("paragraph", "Mở đầu bài."), Block("heading", "Ý kiến bạn đọc"), prose])
    assert prose in kept


def test_a_table_of_numbers_is_not_taken_for_a_counter() -> None:
    rows = [Block("row", "Hôm nay | 2033"), Block("row", "2033")]
    assert strike_lines(rows)[0] == rows
