"""What is wrong with what an operator asks, in Vietnamese: by the English sentences of news.cron, news.schedule,
news.control, web.console.controls and oversight.steering, which are what the API and the command line say."""

from __future__ import annotations

import re

_FIELDS = {
    "every_minutes": "Cách nhau (phút)",
    "at_least_minutes": "Ít nhất cách (phút)",
    "jitter_seconds": "Lệch ngẫu nhiên (giây)",
    "since": "Từ ngày",
    "until": "Đến ngày",
}
_CRON = 'Ghi phút, giờ, ngày, tháng, thứ, như "*/15 6-22 * * mon-fri"; 0 và 7 là Chủ nhật.'
_WINDOW = 'Ghi như "Mon-Fri 06:00-22:00", "Sat,Sun 08:00-20:00" hoặc "06:00-22:00".'
# The English sentence, with what varies in {}, and what is said for it: the problem, and what to do.
_SENTENCES = (
    ("{field} = {} is too small.", "{field} = {} là quá nhỏ.", "Cho một số lớn hơn."),
    ("{field} = {} is too much.", "{field} = {} là quá lớn.", "Cho một số nhỏ hơn."),
    ("{field} = {} is no whole number.", "{field} = {} không phải số nguyên.", "Ghi một số, không có dấu phẩy."),
    (
        "{field} = {} is more than every_minutes.",
        "{field} = {} lớn hơn Cách nhau (phút).",
        "Giảm số này, hoặc tăng Cách nhau (phút).",
    ),
    ("{field} = {} is no moment.", "{field} = {} không phải thời điểm.", "Ghi cả ngày và giờ."),
    ("{field} = {} is no day.", "{field} = {} không phải một ngày.", "Ghi ngày, như 2026-03-01."),
    ("timezone = {} is unknown.", "Không có múi giờ {}.", "Dùng tên trong cơ sở dữ liệu tz, như Asia/Ho_Chi_Minh."),
    ("mode = {} is unknown.", "Không có cách xếp lịch {}.", "Chọn một trong những cách ở trên."),
    ("cron is empty.", "Chưa có biểu thức cron.", 'Ghi một biểu thức, như "0 6,11,17 * * *".'),
    ("cron = {} is not used.", "Lịch này không dùng cron = {}.", "Chọn Giờ cố định (cron), hoặc xóa biểu thức."),
    ("cron = {} has {} fields, not five.", "cron = {} có {} phần, không phải năm.", _CRON),
    ("cron = {} names a day that no month has.", "cron = {} nêu một ngày không tháng nào có.", "Sửa ngày hoặc tháng."),
    ("cron = {} has {}, which is no field of a crontab.", "cron = {} có {}, không phải cách ghi của crontab.", _CRON),
    ("cron = {} counts backwards in {}.", "cron = {} đếm ngược ở {}.", "Ghi hai khoảng, cách nhau bằng dấu phẩy."),
    ("cron = {} has {}, which is not from {} to {}.", "cron = {} có {}, không nằm trong khoảng {} đến {}.", _CRON),
    ("{} in windows is no time of the week.", "Khung giờ {} không đọc được.", _WINDOW),
    ("{} in windows has hours that no day has.", "Khung giờ {} có giờ không ngày nào có.", _WINDOW),
    ("{} in windows names a day that no week has.", "Khung giờ {} có thứ không tuần nào có.", _WINDOW),
    ("That is too long.", "Quá dài.", "Ghi lý do ngắn hơn, nhiều nhất 500 chữ."),
    (
        "A back-fill needs the days it is to look at.",
        "Lấy bài cũ cần biết khoảng ngày.",
        "Chọn Từ ngày, và Đến ngày không sớm hơn.",
    ),
    ("{} is not on schedule.", "Trang {} không có trong lịch.", ""),
    ("There is no run {}.", "Không có lượt chạy {}.", ""),
    (
        "It was begun by hand ({}): end it there, with Ctrl-C.",
        "Lượt này do người chạy ({}): dừng ở đó, bằng Ctrl-C.",
        "",
    ),
    ("It does not go on.", "Không đọc tiếp được.", ""),
    ("It failed: {}. The scheduler's log says how.", "Không làm được: {}. Nhật ký của bộ lập lịch nói rõ hơn.", ""),
)


def in_vietnamese(problem: str) -> tuple[str, str] | None:
    """The problem and its remedy; None of one that no operator can cause at the console."""
    for pattern, said, remedy in _PATTERNS:
        if match := pattern.fullmatch(problem):
            field, *values = match.groups() if "field" in match.groupdict() else ("", *match.groups())
            return said.format(*values, field=_FIELDS.get(field, field)), remedy
    return None


def _pattern(sentence: str) -> re.Pattern[str]:
    named = re.escape(sentence).replace(r"\{field\}", r"(?P<field>\w+)")
    return re.compile(named.replace(r"\{\}", "(.*?)"), re.DOTALL)


_PATTERNS = [(_pattern(sentence), said, remedy) for sentence, said, remedy in _SENTENCES]
