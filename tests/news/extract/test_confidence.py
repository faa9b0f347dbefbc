"""Confidence is the chance that the text is right: what makes a text doubtful lowers it, whatever found the text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import Article, Kind
from news.extract import extract
from news.extract.confidence import confidence, signs

BODY = "\n".join(
    f"Ngày {day}/3, đoàn công tác của tỉnh kiểm tra tiến độ cầu Bến Mới và làm việc với nhà thầu về vật liệu."
    for day in range(1, 9)
)
ARTICLE = Article(
    "https://x.vn/1",
    "x",
    title="Tỉnh kiểm tra tiến độ cầu Bến Mới",
    lead="Cầu Bến Mới phải thông xe trước mùa lũ.",
    body=BODY,
    evidence={"body": "nukeviet", "published": "jsonld"},
)
PROSE = len(BODY)


def test_a_long_text_from_where_the_family_puts_it_is_nearly_sure() -> None:
    assert confidence(ARTICLE, PROSE) > 0.95


@pytest.mark.parametrize(
    ("worse", "prose"),
    [
        (replace(ARTICLE, evidence={"body": "density", "published": "jsonld"}), PROSE),
        (replace(ARTICLE, evidence={"body": "a way that nobody has heard of", "published": "jsonld"}), PROSE),
        (replace(ARTICLE, evidence={"body": "nukeviet", "published": "visible"}), PROSE),
        (ARTICLE, 4 * PROSE),
        (replace(ARTICLE, title="Giá vàng hôm nay"), PROSE),
        (replace(ARTICLE, lead=""), PROSE),
        (replace(ARTICLE, body=BODY[:150]), PROSE),
        (replace(ARTICLE, body=f"{BODY}\nXem thêm\nTin nóng\nThời tiết\nĐọc nhiều"), PROSE),
    ],
    ids=["guessed", "unknown", "visible date", "half the page", "other headline", "no lead", "short", "scraps"],
)
def test_each_sign_against_a_text_lowers_it(worse: Article, prose: int) -> None:
    assert confidence(worse, prose) < confidence(ARTICLE, PROSE)


def test_items_and_table_rows_are_no_scraps() -> None:
    listed = replace(ARTICLE, body=f"{BODY}\n- Xã An Hòa\n- Xã Bình Minh\nTT | Xã | Số hộ\n1 | An Hòa | 15")

    assert signs(listed, PROSE)["scraps"] == 0


def test_one_paragraph_of_a_page_full_of_prose_is_more_likely_wrong_than_right() -> None:
    found = Article("https://x.vn/1", "", title="Tuyển nữ thắng", body=BODY[:100], evidence={"body": "density"})

    assert confidence(found, 10 * PROSE) < 0.5


@pytest.mark.parametrize("kind", [Kind.LISTING, Kind.OTHER, Kind.BLOCKED])
def test_what_is_no_article_has_none(kind: Kind) -> None:
    assert confidence(replace(ARTICLE, kind=kind), PROSE) == 0


@given(st.text(), st.text(), st.text(), st.integers(0, 10**9), st.dictionaries(st.just("body"), st.text()))
def test_it_is_a_chance_whatever_was_found(
    title: str, lead: str, body: str, prose: int, evidence: dict[str, str]
) -> None:
    article = replace(ARTICLE, title=title, lead=lead, body=body, evidence=evidence)

    assert 0 <= confidence(article, prose) <= 1
    assert all(0 <= value <= 1 for value in signs(article, prose).values())


def test_an_article_is_trusted_more_than_a_caption_on_a_page_of_other_stories() -> None:
    story = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    page = f"<html><body><h1>Tỉnh kiểm tra tiến độ cầu Bến Mới</h1><div>{story}</div>"

    found = extract(page, "https://x.vn/1.htm")

    assert found.body == BODY
    assert 0.8 < found.confidence < 1
    assert confidence(replace(found, body=BODY[:90], title="Chợ nổi"), PROSE) < 0.4
