"""A correction is told from a counter that moved: what a reader would see changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM, Article, Attachment, Image, Removed
from news.dedupe import changes

THEN = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)  # 10:20 in Vietnam
NOW = datetime(2025, 3, 6, 8, 41, tzinfo=UTC)  # 15:41
TEXT = "Sáng 5/3, Sở Nội vụ tổ chức hội nghị.\nHội nghị có sự tham dự của 126 đại biểu."
ARTICLE = Article(
    "https://sonoivu.gov.vn/tin-1.html",
    "sonoivu",
    title="Hội nghị triển khai cải cách hành chính",
    lead="Hội nghị do Sở Nội vụ tổ chức.",
    body=TEXT,
    published=datetime(2025, 3, 5, 9, 0, tzinfo=VIETNAM),
    author="Lê Anh",
    source="Báo Nhân Dân",
    attachments=(
        Attachment("https://sonoivu.gov.vn/tai-ve/ke-hoach.pdf", "Kế hoạch", "application/pdf"),
        Attachment("https://sonoivu.gov.vn/tai-ve/bieu.docx", "Biểu", ""),
    ),
)


def changed(**fields: Any) -> list[str]:
    return changes(replace(ARTICLE, **fields), ARTICLE, fetched=(NOW, THEN))


def body_changed(before: str, after: str) -> bool:
    """Whether a line of the body that reads otherwise is a change."""
    old, new = (replace(ARTICLE, body=f"{TEXT}\n{line}" if line else TEXT) for line in (before, after))
    return changes(new, old, fetched=(NOW, THEN)) == ["body"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Số lượt xem: 126", "Số lượt xem: 127"),
        ("Đã xem: 1.126", "Đã xem: 2.004"),
        ("Đang truy cập: 12 | Hôm nay: 2033 | Tổng: 8346375", "Đang truy cập: 9 | Hôm nay: 11 | Tổng: 8346999"),
        ("Lượt xem | 12", "Lượt xem | 13"),
        ("- Đang trực tuyến: 17", "- Đang trực tuyến: 4"),
        ("", "12 bình luận"),
        ("3 phút trước", "1 ngày trước"),
        ("Thứ Tư, ngày 5 tháng 3 năm 2025 | 10:20 GMT+7", "Thứ Năm, ngày 6 tháng 3 năm 2025 | 15:41 GMT+7"),
        ("05/03/2025 10:20:31", "06/03/2025 15:41:02"),
        ("10:20", "15:41"),
        ("8346375", "8346399"),
        ("Cập nhật lúc 09:15 ngày 05/03/2025", "Cập nhật lúc 14:10 ngày 05/03/2025"),
    ],
)  # fmt: skip
def test_a_counter_or_a_clock_that_moved_is_no_change(before: str, after: str) -> None:
    assert not body_changed(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hội nghị có 126 đại biểu.", "Hội nghị có 127 đại biểu."),
        ("Tổng số: 126 người", "Tổng số: 127 người"),
        ("Tháng 1 | 35", "Tháng 1 | 36"),
        ("126 | 35 | 12", "126 | 35 | 13"),
        ("Tổng cộng | 1.126", "Tổng cộng | 1.162"),
        ("Xã Tân Lập | 35 | 12", "Xã Tân Lập | 35 | 21"),
        ("Ngày 15 tháng 3 năm 2025", "Ngày 16 tháng 3 năm 2025"),
        ("Năm 2024", "Năm 2025"),
        ("15/03/2025", "16/03/2025"),
        ("8 giờ 30", "9 giờ 00"),
        ("Thời gian: 8 giờ 00, ngày 15/3/2025", "Thời gian: 8 giờ 00, ngày 16/3/2025"),
        ("", "Ông Lê Văn Hạnh được bầu làm Chủ tịch."),
        ("Ông Lê Văn Hạnh được bầu làm Chủ tịch.", ""),
    ],
)
def test_a_corrected_figure_date_or_cell_is_a_change(before: str, after: str) -> None:
    assert body_changed(before, after)


def test_a_row_of_a_table_that_came_to_stand_elsewhere_is_a_change() -> None:
    assert changed(body="\n".join(reversed(TEXT.split("\n")))) == ["body"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": "Hội nghị sơ kết cải cách hành chính"}, ["title"]),
        ({"title": "Hội nghị   triển khai cải\u00a0cách hành chính"}, []),
        ({"lead": ""}, ["lead"]),
        ({"author": "Lê Ánh"}, ["author"]),
        ({"source": "TTXVN"}, ["source"]),
        ({"published": ARTICLE.published and ARTICLE.published + timedelta(days=1)}, ["published"]),
        ({"published": None}, ["published"]),
        ({"title": "Khác", "body": "Khác hẳn."}, ["title", "body"]),
        ({"body": TEXT.replace("\n", " \n\n ")}, []),
        ({"tags": ("mới",), "images": (Image("https://x.vn/a.jpg", "", ""),), "confidence": 0.5}, []),
        ({"removed": (Removed("Chia sẻ", "widget"),), "evidence": {"title": "meta"}, "html": "<p>x</p>"}, []),
    ],
)  # fmt: skip
def test_what_a_reader_reads_is_told_by_its_field_and_nothing_else_is(fields: dict[str, Any], told: list[str]) -> None:
    assert changed(**fields) == told


def test_a_page_that_prints_its_own_clock_for_a_date_does_not_change_with_it() -> None:
    old, new = replace(ARTICLE, published=THEN), replace(ARTICLE, published=NOW)
    assert changes(new, old, fetched=(NOW, THEN)) == []
    assert changes(new, old, fetched=(NOW + timedelta(hours=1), THEN)) == ["published"]
    assert changes(new, old) == ["published"]


def test_files_under_another_session_number_or_in_another_order_are_the_same_files() -> None:
    plan, form = ARTICLE.attachments
    moved = replace_url(plan, plan.url + "?jsessionid=8F2A")
    assert changed(attachments=(form, moved)) == []
    assert changed(attachments=(plan,)) == ["attachments"]
    assert changed(attachments=(plan, replace_url(form, "https://sonoivu.gov.vn/tai-ve/bieu-2.docx"))) == [
        "attachments"
    ]


def replace_url(attachment: Attachment, url: str) -> Attachment:
    return attachment._replace(url=url)


LINES = st.lists(st.sampled_from([*TEXT.split("\n"), "Ba", "Tháng 1 | 2", "Số lượt xem: 3", "12"]), max_size=6)


@given(LINES)
def test_what_did_not_change_has_no_changes_whatever_its_spaces(lines: list[str]) -> None:
    old = replace(ARTICLE, body="\n".join(lines))
    spaced = replace(ARTICLE, body="\n\n".join(f" {line.replace(' ', '  ')} " for line in lines))
    assert changes(old, old) == changes(spaced, old) == []


@given(LINES, LINES)
def test_a_change_is_seen_from_either_side(one: list[str], other: list[str]) -> None:
    a, b = (replace(ARTICLE, body="\n".join(lines)) for lines in (one, other))
    assert changes(a, b) == changes(b, a)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 5))
def test_a_counter_may_stand_anywhere_and_show_anything(before: int, after: int, where: int) -> None:
    lines = [f"Đoạn {n} của bài." for n in range(5)]
    old, new = (
        replace(ARTICLE, body="\n".join([*lines[:where], f"Lượt xem: {figure}", *lines[where:]]))
        for figure in (before, after)
    )
    assert changes(new, old) == []


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["Dự hội nghị có {} đại biểu.", "Kinh phí | {}"]))
def test_a_figure_of_the_text_never_changes_unseen(before: int, after: int, line: str) -> None:
    old, new = (replace(ARTICLE, body=f"{TEXT}\n{line.format(figure)}") for figure in (before, after))
    assert (changes(new, old) == ["body"]) is (before != after)
