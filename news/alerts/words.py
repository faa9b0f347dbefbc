"""The words of alerts, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from news.health import HealthState, Value
from news.language import Language
from news.telling.explained import with_names

LIMITED = ("expected", "silent_days")
"""Figures beside which stands what they may come to, not what is usual."""
_CODED = ("errors", "lost_sources")  # texts that hold codes


class Words(NamedTuple):
    """`states` name a state in a sentence; `remedies` say what to do, with {site} for the site's id; `facts` name the
    figures of the evidence, those of pages in `pages`."""

    states: Mapping[HealthState, str]
    remedies: Mapping[HealthState, str]
    facts: Mapping[str, str]
    pages: Mapping[str, str]
    changed: str
    first: str
    passed: str
    flaps: str
    settled: str
    many: str
    over: str
    passed_by: str
    usual: str
    limit: str
    since: str
    more: str
    one: str
    title: str
    trial_title: str
    trial: str

    def label(self, name: str) -> str:
        """What a figure is called."""
        kind, _, how = name.partition(":")
        return self.pages[kind].format(how=how) if kind in self.pages else self.facts.get(name, name)

    def is_share(self, name: str) -> bool:
        """Whether a figure is a share of pages."""
        return name.partition(":")[0] in self.pages

    def beside(self, name: str, usual: str) -> str:
        """What is told beside a figure: what is usual, or what it may come to."""
        return (self.limit if name in LIMITED else self.usual).format(usual=usual)


def named(name: str, value: Value, language: Language) -> Value:
    """The value of a figure, with codes behind what they mean."""
    return with_names(value, language) if name in _CODED and isinstance(value, str) else value


_VIETNAMESE = Words(
    states={
        HealthState.HEALTHY: "bình thường",
        HealthState.LATE: "đọc trễ",
        HealthState.SILENT: "im ắng",
        HealthState.BROKEN: "không đọc được",
        HealthState.BLOCKED: "bị chặn",
        HealthState.REDESIGNED: "đổi giao diện",
        HealthState.PAUSED: "tạm dừng",
    },
    remedies={
        HealthState.LATE: "Bantin chưa đọc trang đúng giờ, lỗi không ở trang. Chạy `bantin doctor` rồi "
        "`bantin runs list`; nếu hay gặp, tăng BANTIN_WORKERS.",
        HealthState.SILENT: "Trang vẫn đọc được nhưng không có tin mới. Mở trang xem có đúng vậy; nếu đúng, ghi "
        "silent_days trong [expect] của tệp trang {site}.",
        HealthState.BROKEN: "Mở trang bằng trình duyệt, rồi chạy `bantin sites check {site}`. Bantin tự thử lại, thưa "
        "dần, và tự trở lại lịch khi đọc được.",
        HealthState.BLOCKED: "Tăng delay trong [politeness] của tệp trang {site}, hoặc xin đơn vị quản trị cho phép. "
        "Bantin tự thử lại, thưa dần.",
        HealthState.REDESIGNED: "Mở trang bằng trình duyệt. Nếu trang đang bảo trì thì chờ: Bantin tự thử lại. Nếu "
        "đã đổi giao diện, chạy `bantin sites check {site}` rồi sửa tệp trang. Nếu tin mới vẫn đúng như mong muốn: "
        "`bantin sites accept {site}`.",
        HealthState.PAUSED: "Đọc lại: `bantin sites resume {site}`.",
    },
    facts={
        "last_success": "lần đọc được gần nhất",
        "last_new": "tin mới nhất",
        "expected": "số tin đáng lẽ đã có",
        "silent_days": "số ngày không có tin",
        "failed_runs": "số lần đọc hỏng liên tiếp",
        "our_runs": "số lần hỏng do Bantin",
        "errors": "lỗi",
        "last_error": "lỗi gần nhất",
        "lost_sources": "nguồn tin không còn đọc được",
        "due": "đến hạn lúc",
        "paused_by": "người dừng",
        "paused_until": "dừng đến",
        "paused_for": "lý do",
        "asked_to_wait": "trang xin nghỉ (giây)",
        "confidence": "độ tin cậy của bài",
    },
    pages={
        "reached": "trang bài tải được",
        "let_in": "trang bài không bị chặn",
        "maintained": "trang bài ghi “đang bảo trì”",
        "article": "trang là bài viết",
        "sure": "bài trích chắc chắn",
        "title": "bài có tiêu đề",
        "lead": "bài có sapo",
        "published": "bài có ngày đăng",
        "author": "bài có tác giả",
        "source": "bài có nguồn",
        "body": "bài tìm được nội dung theo {how}",
    },
    changed="{name}: {after} (trước đó {before})",
    first="{name}: {after}",
    passed="{name}: đã {middle} từ {begin} đến {end}, nay {after}",
    flaps="{name}: chập chờn, đổi trạng thái {count} lần trong một ngày, hiện {after}. Sẽ báo lại khi ổn định.",
    settled="{name}: đã ổn định, {after}, sau {count} lần đổi trạng thái",
    many="{down} trang cùng đang hỏng: nhiều khả năng do mạng hoặc máy của mình. Chạy `bantin doctor`.",
    over=" Ngoài ra {count} trang hỏng rồi đã tự trở lại bình thường.",
    passed_by="{count} hỏng rồi đã trở lại",
    usual="thường {usual}",
    limit="báo khi quá {usual}",
    since="từ {since}",
    more="… và {count} trang nữa. Xem tất cả: `bantin health`.",
    one="Bantin: {name} {after}",
    title="Bantin: {count} trang thay đổi ({states})",
    trial_title="Bantin: thử cảnh báo",
    trial="Đây là tin thử. Nhận được tin này nghĩa là cảnh báo của Bantin sẽ đến nơi.",
)
_ENGLISH = Words(
    states={state: str(state) for state in HealthState},
    remedies={
        HealthState.LATE: "Bantin did not crawl it in time, which is no fault of the site. Run `bantin doctor`, then "
        "`bantin runs list`; raise BANTIN_WORKERS if it recurs.",
        HealthState.SILENT: "It can be read and publishes nothing. Open the site; if that is so, write silent_days "
        "into [expect] of the site file {site}.",
        HealthState.BROKEN: "Open the site in a browser, then run `bantin sites check {site}`. Bantin tries again by "
        "itself, ever more rarely, and returns to its schedule once it can be read.",
        HealthState.BLOCKED: "Raise delay in [politeness] of the site file {site}, or ask its owner for leave. Bantin "
        "tries again by itself, ever more rarely.",
        HealthState.REDESIGNED: "Open the site in a browser. If it is being maintained, wait: Bantin tries again by "
        "itself. If it was redesigned, run `bantin sites check {site}` and mend the site file. If its articles are "
        "still as they should be: `bantin sites accept {site}`.",
        HealthState.PAUSED: "To crawl it again: `bantin sites resume {site}`.",
    },
    facts={
        "last_success": "last read",
        "last_new": "newest article",
        "expected": "articles that were to be expected",
        "silent_days": "days without an article",
        "failed_runs": "crawls in vain in a row",
        "our_runs": "crawls that failed for our reasons",
        "errors": "errors",
        "last_error": "last error",
        "lost_sources": "sources that cannot be read any more",
        "due": "was due at",
        "paused_by": "paused by",
        "paused_until": "paused until",
        "paused_for": "why",
        "asked_to_wait": "asked to be left alone (seconds)",
        "confidence": "confidence of articles",
    },
    pages={
        "reached": "article pages that could be had",
        "let_in": "article pages that let us in",
        "maintained": "article pages that say “under maintenance”",
        "article": "pages that were articles",
        "sure": "articles that are trusted",
        "title": "articles with a title",
        "lead": "articles with a lead",
        "published": "articles with a date",
        "author": "articles with an author",
        "source": "articles with a source",
        "body": "articles whose text was found by {how}",
    },
    changed="{name}: {after} (was {before})",
    first="{name}: {after}",
    passed="{name}: was {middle} from {begin} to {end}, and is {after} again",
    flaps="{name}: comes and goes, {count} changes within a day, now {after}. You will hear again once it has settled.",
    settled="{name}: has settled, {after}, after {count} changes",
    many="{down} sites are down together: it is likely our own network or machine. Run `bantin doctor`.",
    over=" {count} more were, and are well again by themselves.",
    passed_by="{count} that came and went",
    usual="usually {usual}",
    limit="told from {usual} on",
    since="since {since}",
    more="… and {count} sites more. For all of them: `bantin health`.",
    one="Bantin: {name} is {after}",
    title="Bantin: {count} sites changed ({states})",
    trial_title="Bantin: a trial alert",
    trial="This is a trial. That it reached you means that Bantin's alerts will.",
)
WORDS: Mapping[Language, Words] = {Language.VIETNAMESE: _VIETNAMESE, Language.ENGLISH: _ENGLISH}
