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


def test_a_box_of_other_news_between_paragraphs_goes_alone() -> None:
    text = "Chủ đầu tư cho biết số liệu quan trắc được gửi trực tuyến về cơ quan quản lý môi trường của tỉnh."
    blocks = [
        Block("paragraph", text),
        Block("heading", "Bài cùng chủ đề"),
        Block("paragraph", "Tạm dừng thu phí tại trạm số 2", links=1.0),
        Block("paragraph", text.replace("Chủ đầu tư", "Người dân")),
    ]
    kept, removed = strike_lines(blocks)
    assert kept == [blocks[0], blocks[3]]
    assert [r.rule for r in removed] == ["lines:related"] * 2


def test_readers_comments_go_with_their_heading() -> None:
    article = Block("paragraph", "Quận lấy ý kiến về hai tuyến phố bán hàng theo khung giờ. " * 8)
    reader = Block("paragraph", "Tôi ủng hộ vì người nghèo có chỗ buôn bán, khách cũng yên tâm về vệ sinh. Mong sớm.")
    kept, _ = strike_lines([article, Block("paragraph", "Bạn đọc phản hồi (3)"), Block("paragraph", "Lê Hà"), reader])
    assert kept == [article]


def test_a_line_of_tools_is_read_in_one_pass() -> None:
    tools = next(rule for rule in line_rules() if rule.name == "tools")
    assert not tools.pattern.fullmatch("in trang in bài in tin " * 20_000 + "báo")


@pytest.mark.parametrize(
    "sentence",
    [
        '<p>Bà <span class="rollover"><a class="rollover-link">Nguyễn Thị A</a><span class="rollover-block">'
        "Tin khác về bà A</span></span> cho biết.</p>",
        '<p class="paywall">' + "Đoạn văn mà người đọc phải trả tiền. " * 12 + "</p>",
        '<p>Bão (<a class="search">Bavi</a>) đã tan.</p>',
    ],
)
def test_words_of_a_sentence_stay_whatever_their_class_says(sentence: str) -> None:
    page = lxml.html.fromstring(f"<div><p>{'Toàn văn. ' * 50}</p>{sentence}</div>")
    struck = [str(box.text_content()) for box in boilerplate_boxes(page)]
    assert struck in ([], ["Tin khác về bà A"])
