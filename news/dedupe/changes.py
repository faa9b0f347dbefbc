"""What a reader would see changed between two readings of an article; a counter or a clock is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from news.article import Article
from news.clean.text import fold, squeeze
from news.diff import ChangeKind, diff
from news.urls import identity

# What a reader of the article reads. A change in anything else (tags, related pictures, our own rules' remarks, the
# order of parameters) is no correction by the publisher.
READ = ("title", "lead", "body", "published", "author", "source", "attachments")

# The words that counters and clocks are made of. A line of nothing else and figures has slipped through cleaning; that
# its figures moved is what EDGI's analysts waded through by the thousand.
_WIDGET = frozenset([
    "số", "lượt", "lần", "người", "xem", "đọc", "truy", "cập", "tải", "về", "đã", "được", "có", "view", "views",
    "hit", "hits", "visits", "online", "đang", "trực", "tuyến", "tổng", "cộng", "nhật", "lúc", "ngày", "giờ",
    "phút", "giây", "trước", "thứ", "hai", "ba", "tư", "năm", "sáu", "bảy", "chủ", "tháng", "hôm", "nay", "qua",
    "tuần", "này", "gmt", "am", "pm", "vừa", "xong", "mới", "nhất", "bình", "luận", "phản", "hồi", "thích", "chia",
    "sẻ", "đánh", "giá", "phiếu", "h",
])  # fmt: skip
_FIGURES = re.compile(r"\d+")
# A page that prints its own clock where the date belongs shows, at each fetch, the minute of that fetch.
_CLOCK = timedelta(minutes=5)


def changes(new: Article, old: Article, *, fetched: tuple[datetime, datetime] | None = None) -> list[str]:
    """The fields a reader would see changed. `fetched` says when the two were (new, old), to tell a clock by."""
    found = [name for name in READ if getattr(new, name) != getattr(old, name)]
    return [name for name in found if not _is_noise(name, new, old, fetched)]


def _is_noise(name: str, new: Article, old: Article, fetched: tuple[datetime, datetime] | None) -> bool:
    if name == "attachments":
        # The same files under other session numbers, or in another order.
        return {(identity(a.url), a.title) for a in new.attachments} == {
            (identity(a.url), a.title) for a in old.attachments
        }
    if name == "published":
        return fetched is not None and _is_clock(new.published, fetched[0]) and _is_clock(old.published, fetched[1])
    before, after = getattr(old, name), getattr(new, name)
    if name == "body":
        return _same_but_widgets(before.split("\n"), after.split("\n"))
    return squeeze(before) == squeeze(after)


def _is_clock(stated: datetime | None, fetched: datetime) -> bool:
    return stated is not None and abs(stated - fetched) < _CLOCK


def _same_but_widgets(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether all that differs are spaces, and lines of counters and clocks."""
    tidied = ([squeeze(line) for line in text if line.strip()] for text in (old, new))
    return all(
        (change.kind is ChangeKind.CHANGED or _FIGURES.search(change.before + change.after))
        and _is_widget(change.before)
        and _is_widget(change.after)
        for change in diff(*tidied)
    )


def _is_widget(line: str) -> bool:
    return _WIDGET.issuperset(_FIGURES.sub(" ", fold(line)).split())
