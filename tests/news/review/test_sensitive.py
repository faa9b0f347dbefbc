"""A correction of what readers were told is told from one of how it was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from news.article import Article
from news.review.sensitive import sensitive

BODY = (
    "Sáng 5/3, Sở Y tế tỉnh Nghệ An tổ chức hội nghị. Ông Nguyễn Văn Bình chủ trì, có 126 đại biểu tham dự.\n"
    "Hội nghị bàn về công tác tiêm chủng mở rộng, rút ngắn thời gian chờ của người dân tại các trạm y tế xã.\n"
    "Các đại biểu thống nhất sẽ tiêm xong trước mùa mưa, ưu tiên vùng sâu, vùng xa và trẻ em dưới hai tuổi.\n"
    "Kết luận hội nghị, lãnh đạo sở yêu cầu các đơn vị phối hợp chặt chẽ, không để ai bị bỏ lại phía sau."
)
WHEN = datetime(2025, 3, 5, tzinfo=UTC)


def article(body: str = BODY, **values: Any) -> Article:
    return Article("https://a.vn/1", "a", **{"title": "Hội nghị tiêm chủng", "body": body, "published": WHEN, **values})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("126 đại biểu", "162 đại biểu"),
        ("Sáng 5/3", "Sáng 6/3"),
        ("Nguyễn Văn Bình", "Nguyễn Văn Minh"),
        ("Ông Nguyễn Văn Bình chủ trì, có", "Có"),
        ("sẽ tiêm xong", "sẽ không tiêm xong"),
        ("không để ai", "để ai"),
        ("Nghệ An", "Hà Tĩnh"),
        (BODY.split("\n")[0] + "\n", ""),
        ("\nKết luận", "\nĐính chính: bài trước có sai sót, mong bạn đọc lượng thứ.\nKết luận"),
    ],
)
def test_another_figure_day_name_or_not_is_sensitive(before: str, after: str) -> None:
    assert sensitive(article(), article(BODY.replace(before, after)))


def test_another_heading_or_date_is_sensitive_and_so_is_a_text_written_anew() -> None:
    assert sensitive(article(), article(title="Hội nghị tiêm chủng mở rộng"))
    assert sensitive(article(), article(published=datetime(2025, 3, 6, tzinfo=UTC)))
    anew = "một hai ba bốn năm sáu bảy tám chín mười " * 8
    assert sensitive(article("xanh đỏ tím vàng nâu đen trắng hồng cam " * 8), article(anew))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rút ngắn", "nhằm rút ngắn"),
        ("chặt chẽ", "chặt  chẽ"),
        ("Các đại biểu", "Đại biểu"),
        ("\nKết luận", "\nHội nghị còn nghe ông Trần Văn Nam báo cáo 12 nội dung.\nKết luận"),
        ("phía sau.", "phía sau.\nLượt xem: 1.234"),
    ],
)
def test_other_words_for_the_same_and_what_is_only_added_is_not(before: str, after: str) -> None:
    assert not sensitive(article(), article(BODY.replace(before, after)))
    assert not sensitive(article(), article(title="HỘI NGHỊ TIÊM CHỦNG"))
