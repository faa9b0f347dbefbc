"""A copy is a copy however it was edited, and two editions of one form are two."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM, Article
from news.dedupe.likeness import Likeness, Relation, Text, compare
from tests.news.dedupe.articles import DAY, NEWS, OTHER, notice

TURNED = {Relation.QUOTES: Relation.QUOTED, Relation.QUOTED: Relation.QUOTES}
PARAGRAPHS = NEWS.body.split("\n")


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def edited(**parts: str) -> Text:
    return replace(NEWS, **parts)  # type: ignore[arg-type]


def both_ways(one: Text, other: Text) -> Likeness:
    found, back = compare(one, other), compare(other, one)
    assert back.relation is TURNED.get(found.relation, found.relation)
    assert (back.jaccard, back.contained, back.reason) == (found.jaccard, found.contained, found.reason)
    return found


@pytest.mark.parametrize(
    "copy",
    [
        edited(title="Ghe hàng về bến mới", lead="Ban quản lý chợ vừa cho hay việc dời bến đã xong."),
        edited(body="\n".join([*PARAGRAPHS[:2], OTHER.body.split("\n")[0], *PARAGRAPHS[2:]])),
        edited(body="\n".join(PARAGRAPHS[:4])),
        edited(body="\n".join(PARAGRAPHS[::-1])),
        Text(bare(NEWS.title), bare(NEWS.lead), bare(NEWS.body), DAY),
        edited(body=NEWS.body.replace("ghe", "gje").replace("quản", "qản").replace("nước", "nưóc")),
        edited(body=f"Lượt xem: 123\nChia sẻ\n{NEWS.body}\nTin liên quan\nBình luận (4)"),
        edited(body="\n".join([*PARAGRAPHS[:2], OTHER.body.split("\n")[2], *PARAGRAPHS[3:]])),
    ],
    ids=["lead", "added", "dropped", "order", "diacritics", "typos", "boilerplate", "rewritten"],
)
def test_an_edited_copy_is_the_same_article(copy: Text) -> None:
    assert both_ways(NEWS, copy).relation is Relation.NEAR


def test_one_corrected_figure_in_long_news_leaves_it_the_same_article() -> None:
    tail = "\nBến dài 240 m, có 3 cầu phao, 18 cột đèn; vốn 7,5 tỷ đồng, 95 buổi làm với 64 người thợ, 11 sà lan."
    one = edited(body=NEWS.body + tail)
    assert both_ways(one, replace(one, body=one.body.replace("18 cột", "28 cột"))).relation is Relation.NEAR


def test_nothing_but_the_day_of_the_market_differs() -> None:
    one = edited(body=f"{NEWS.body}\nPhiên chợ tới họp ngày 12 tháng 4.")
    assert both_ways(one, replace(one, body=one.body.replace("ngày 12", "ngày 26"))).relation is Relation.UNSURE


def test_case_spaces_and_punctuation_do_not_make_another_article() -> None:
    other = Text(NEWS.title.upper(), f"  {NEWS.lead} ", NEWS.body.replace(",", " –").replace("\n", " "), DAY)
    found = both_ways(NEWS, other)
    assert (found.relation, found.jaccard, found.contained) == (Relation.SAME, 1, 1)


def test_an_article_inside_a_longer_one_is_quoted() -> None:
    around = "\n".join(OTHER.body.replace("thầy", name) for name in ("thầy", "cô", "già", "bác"))
    longer = replace(OTHER, body=f"{OTHER.body}\n{NEWS.body}\n{around}")
    assert compare(longer, NEWS).relation is Relation.QUOTES
    assert both_ways(NEWS, longer).relation is Relation.QUOTED


def test_two_articles_with_one_headline_have_nothing_to_do_with_each_other() -> None:
    assert both_ways(NEWS, replace(OTHER, title=NEWS.title)).relation is Relation.OTHER


def test_two_articles_that_quote_one_passage_are_not_merged() -> None:
    passage = PARAGRAPHS[2]
    assert both_ways(NEWS, replace(OTHER, body=f"{OTHER.body}\n{passage}")).relation in (
        Relation.OTHER, Relation.UNSURE,
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        notice(number=13), notice(day="24/3/2025"), notice(place="thôn Thượng"), notice(hour="14 giờ 30 phút"),
        notice(14, "24/3/2025", "xóm Mới", "9 giờ"),
    ],
    ids=["number", "day", "place", "hour", "all"],
)  # fmt: skip
def test_two_notices_of_one_form_are_two(other: Text) -> None:
    found = both_ways(notice(), other)
    assert found.relation in (Relation.ALIKE, Relation.UNSURE)
    assert "form" in found.reason or "headline" in found.reason


def test_a_form_that_no_rule_knows_is_told_by_its_figures() -> None:
    one, other = (replace(text, title="Nước sạch về thôn") for text in (notice(), notice(day="24/4/2025")))
    found = both_ways(one, other)
    assert found.relation in (Relation.ALIKE, Relation.UNSURE)
    assert "figures" in found.reason


def test_another_figure_in_the_headline_is_another_edition() -> None:
    one, other = (replace(NEWS, title=f"Chợ nổi Vàm Xáng: {count} ghe đã dời bến") for count in (112, 98))
    found = both_ways(one, other)
    assert found.relation is Relation.ALIKE
    assert "112" in found.reason


def test_letters_that_share_their_letterhead_alone_are_two() -> None:
    head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    foot = "\nNơi nhận:\n- Như trên;\n- Các phòng, ban;\n- Lưu: VT, VP.\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n(Đã ký)"
    short = [replace(text, body=f"{head}{text.body[:160]}{foot}") for text in (NEWS, OTHER)]
    assert both_ways(*short).relation is Relation.OTHER


@pytest.mark.parametrize(
    ("days", "words", "relation"),
    [
        (0, "", Relation.SAME),
        (7, "", Relation.ALIKE),
        (0, " thay đổi", Relation.ALIKE),
    ],
)
def test_of_a_short_text_every_word_and_the_day_count(days: int, words: str, relation: Relation) -> None:
    one = Text("Lịch tiếp công dân", "", "Chủ tịch xã tiếp công dân tại trụ sở vào sáng thứ năm, từ tám giờ.", DAY)
    other = replace(one, body=one.body + words, published=DAY + timedelta(days))
    assert both_ways(one, other).relation is relation


def test_the_day_of_a_text_is_that_in_vietnam() -> None:
    late = datetime(2025, 3, 5, 23, 30, tzinfo=VIETNAM)
    assert Text.of(Article("https://x.vn/a", "x", title="T", lead="L", body="B", published=late)) == Text(
        "T", "L", "B", DAY
    )
    assert Text.of(Article("https://x.vn/a", "x")).published is None


def test_twenty_thousand_words_are_compared_in_bounded_time() -> None:
    rng = Random(1)
    words = NEWS.body.split()
    one, other = (Text("", "", " ".join(rng.choices(words[:size], k=20_000))) for size in (40, 45))
    start = time.process_time()
    compare(one, other)
    compare(Text("", "", "một " * 20_000), Text("", "", "một hai " * 10_000))
    assert time.process_time() - start < 3


VIETNAMESE = st.text(st.sampled_from(" \n.,;:-()0123456789/aăâbcdđeêghiklmnoôơpqrstuưvxyáàạảãếềộĐÂ"), max_size=300)
TEXTS = st.builds(Text, VIETNAMESE, VIETNAMESE, VIETNAMESE)
PIECES = st.lists(
    st.sampled_from([*PARAGRAPHS, *OTHER.body.split("\n"), notice().body, notice(9, "1/2").body]), max_size=7
)
MADE = st.builds(
    Text, st.sampled_from([NEWS.title, notice().title, notice(9).title]), st.just(""), PIECES.map("\n".join)
)


@given(TEXTS | MADE, TEXTS | MADE)
def test_it_does_not_matter_which_of_two_texts_comes_first(one: Text, other: Text) -> None:
    found = both_ways(one, other)
    assert 0 <= found.jaccard <= found.contained <= 1
    assert found.reason


@given(TEXTS | MADE)
def test_every_text_is_the_same_as_itself(text: Text) -> None:
    assert compare(text, text).relation is Relation.SAME


@given(MADE, MADE, st.sampled_from(["upper", "lower", "NFD", "spaces", "punctuation"]))
def test_how_a_text_is_set_never_changes_the_verdict(one: Text, other: Text, how: str) -> None:
    def set_anew(part: str) -> str:
        if how == "NFD":
            return unicodedata.normalize("NFD", part)
        if how == "spaces":
            return part.replace(" ", " \u00a0\n")
        if how == "punctuation":
            return part.replace(". ", " ... ").replace(",", "")
        return part.upper() if how == "upper" else part.lower()

    again = Text(*map(set_anew, (other.title, other.lead, other.body)))
    assert compare(one, again).relation is compare(one, other).relation


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_is_too_odd_to_be_compared(one: str, other: str) -> None:
    found = compare(Text(one, other, one), Text("", one, other))
    assert 0 <= found.jaccard <= found.contained <= 1
    assert found.reason
