"""Widgets of several lines go as a group; the same lines in an article stay."""

from __future__ import annotations

import pytest

from news.article import Block
from news.clean.boilerplate import strike_lines
from news.clean.groups import GroupRule, group_rules, groups


def _blocks(*texts: str) -> list[Block]:
    return [Block("paragraph", text) for text in texts]


@pytest.mark.parametrize("rule", group_rules(), ids=lambda rule: rule.name)
def test_a_rule_strikes_its_own_runs_whole(rule: GroupRule) -> None:
    for run in rule.strike:
        assert groups(_blocks(*run)) == dict.fromkeys(range(len(run)), f"groups:{rule.name}"), run


@pytest.mark.parametrize("rule", group_rules(), ids=lambda rule: rule.name)
def test_a_rule_spares_what_only_looks_like_its_runs(rule: GroupRule) -> None:
    assert rule.spare
    for run in rule.spare:
        assert groups(_blocks(*run)) == {}, run


def test_a_counter_in_the_middle_of_an_article_goes_and_the_article_stays() -> None:
    article = [
        "Chiến dịch năm nay kéo dài đến hết tháng 8 với bốn nhóm hoạt động ở các xã vùng cao.",
        "Ngay sau lễ phát động, các đội hình đã làm 400 m đường bê tông và tặng áo phao cho học sinh.",
    ]
    counter = ["Hôm nay", "1.234", "Tháng hiện tại", "45.678", "Tổng lượt truy cập", "9.876.543"]
    kept, removed = strike_lines(_blocks(article[0], *counter, article[1]))
    assert [block.text for block in kept] == article
    assert {r.rule for r in removed} == {"groups:visitor-counter"}
    assert [r.text for r in removed] == counter


def test_an_article_about_gold_keeps_its_prices() -> None:
    text = [
        "Sáng 17/4, giá vàng miếng được niêm yết ở mức cao nhất từ trước đến nay, theo các công ty.",
        "Giá vàng",
        "SJC | 115,5 | 118",
        "PNJ | 114,9 | 117,5",
        "Chuyên gia khuyên người dân không nên vay tiền để mua vàng vào lúc này vì rủi ro rất lớn.",
    ]
    assert groups(_blocks(*text)) == {}


def test_pictures_within_a_widget_do_not_break_it() -> None:
    blocks = _blocks("Thống kê truy cập", "Hôm nay: 5", "Tháng này: 70", "Tất cả: 900")
    blocks.insert(2, Block("image", ""))
    assert sorted(groups(blocks)) == [0, 1, 3, 4]
