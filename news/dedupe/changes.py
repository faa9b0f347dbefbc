"""What a reader would see changed between two readings of an article; a counter or a clock is none."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from news.article import VIETNAM, Article
from news.clean.text import fold, squeeze
from news.urls import identity

# What a reader of the article reads. A change in anything else (tags, related pictures, our own rules' remarks, the
# order of parameters) is no correction by the publisher.
READ = ("title", "lead", "body", "published", "author", "source", "attachments")

# A line of nothing but figures and these words has slipped through cleaning; that its figures moved is what EDGI's
# analysts waded through by the thousand. A counter has a word of the first kind. A clock has those of the second; as
# dates and hours are what corrections are about, it must show the moment of the fetch, or tell by a word of the third
# that it counts from there. "Tổng số: 126" and a row of a table that has only months and figures are neither.
_COUNTERS = frozenset([
    "lượt", "xem", "đọc", "truy", "tải", "trực", "tuyến", "online", "view", "views", "hit", "hits", "visits", "bình",
    "luận", "phản", "hồi", "thích", "chia", "sẻ", "đánh",
])  # fmt: skip
_CLOCKS = frozenset([
    "lúc", "ngày", "giờ", "phút", "giây", "thứ", "hai", "ba", "tư", "năm", "sáu", "bảy", "chủ", "nhật", "tháng",
    "tuần", "gmt", "am", "pm", "h",
])  # fmt: skip
_FROM_NOW = frozenset(["trước", "vừa", "xong", "hôm", "nay", "qua", "này", "cập"])
_BESIDE = frozenset([
    "số", "lần", "người", "cập", "về", "đã", "được", "có", "đang", "tổng", "cộng", "mới", "nhất", "giá", "phiếu",
])  # fmt: skip
_WIDGET = _COUNTERS | _CLOCKS | _FROM_NOW | _BESIDE
_FIGURES = re.compile(r"\d+")
# A page that prints its own clock where the date belongs shows, at each fetch, the minute of that fetch.
_CLOCK = timedelta(minutes=5)
_Times = tuple[datetime, datetime] | None


def changes(new: Article, old: Article, *, fetched: _Times = None) -> list[str]:
    """The fields a reader would see changed. `fetched` says when the two were (new, old), to tell a clock by."""
    found = [name for name in READ if getattr(new, name) != getattr(old, name)]
    return [name for name in found if not _is_noise(name, new, old, fetched)]


def _is_noise(name: str, new: Article, old: Article, fetched: _Times) -> bool:
    if name == "attachments":
        # The same files under other session numbers, or in another order.
        return {(identity(a.url), a.title) for a in new.attachments} == {
            (identity(a.url), a.title) for a in old.attachments
        }
    if name == "published":
        return fetched is not None and _is_clock(new.published, fetched[0]) and _is_clock(old.published, fetched[1])
    before, after = getattr(old, name), getattr(new, name)
    if name == "body":
        now, then = fetched or (None, None)
        return said(after, now) == said(before, then)
    return squeeze(before) == squeeze(after)


def _is_clock(stated: datetime | None, fetched: datetime) -> bool:
    return stated is not None and abs(stated - fetched) < _CLOCK


def said(text: str, fetched: datetime | None = None) -> list[str]:
    """The lines of a body without counters, and without clocks that show when it was `fetched`; spaces put right."""
    return [squeeze(line) for line in text.split("\n") if line.strip() and not _is_widget(squeeze(line), fetched)]


def _is_widget(line: str, fetched: datetime | None) -> bool:
    """Whether a line is a counter, or a clock as a page shows it that was fetched then."""
    words = set(_FIGURES.sub(" ", fold(line)).split())
    if not words <= _WIDGET:
        return False
    if words & _COUNTERS:
        return True
    if "|" in line and not words & _CLOCKS:
        return False
    return bool(words & _FROM_NOW) or not (words or _is_moment(line)) or bool(fetched and _shows(line, fetched))


def _is_moment(line: str) -> bool:
    """Whether figures alone are a date or a time, not a number."""
    return len(_FIGURES.findall(line)) > 1


def _shows(line: str, fetched: datetime) -> bool:
    """Whether the figures of a line are those of a moment: its day, or where no day is told its hour."""
    figures = [int(found) for found in _FIGURES.findall(line)]
    local = fetched.astimezone(VIETNAM)
    if len(figures) < 3 and local.year not in figures:
        return local.hour in figures or local.hour % 12 in figures
    return {local.day, local.month} <= set(figures)
