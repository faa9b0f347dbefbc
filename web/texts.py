"""What the pages say, in Vietnamese first. A text that one language lacks is a type error."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    VIETNAMESE = "vi"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    tagline: str
    latest: str
    all_sites: str
    sites: str
    older: str
    newest: str
    feed: str
    nothing: str
    nothing_hint: str
    original: str
    attachments: str
    documents: str
    pictures: str
    removed: str
    removed_hint: str
    record: str
    addresses: str
    first_seen: str
    fetched: str
    version: str
    confidence: str
    evidence: str
    undated: str
    updated: str
    other_language: str
    to_content: str
    not_found: str
    not_found_hint: str
    gone: str
    gone_hint: str
    locked: str
    locked_hint: str
    too_many: str
    too_many_hint: str
    invalid: str
    unavailable: str
    failed: str
    back: str
    weekdays: tuple[str, ...]


VIETNAMESE = Texts(
    tagline="Tin từ bộ, ngành, địa phương và báo chí nhà nước: chỉ có bài viết",
    latest="Tin mới nhất",
    all_sites="Tất cả",
    sites="Cơ quan",
    older="Tin cũ hơn",
    newest="Về tin mới nhất",
    feed="Nguồn tin Atom",
    nothing="Chưa có bài nào.",
    nothing_hint="Thu thập bằng lệnh bantin crawl, hoặc đợi lần chạy theo lịch tiếp theo.",
    original="Xem bài gốc",
    attachments="Tệp đính kèm",
    documents="Văn bản được nhắc đến",
    pictures="Hình ảnh",
    removed="Phần đã lược bỏ",
    removed_hint="Các dòng không thuộc bài viết, và quy tắc đã loại chúng.",
    record="Hồ sơ bài viết",
    addresses="Địa chỉ khác của bài",
    first_seen="Thấy lần đầu",
    fetched="Lấy về lúc",
    version="Phiên bản",
    confidence="Độ tin cậy",
    evidence="Căn cứ",
    undated="Không rõ ngày đăng",
    updated="cập nhật",
    other_language="English",
    to_content="Đến nội dung",
    not_found="Không tìm thấy",
    not_found_hint="Địa chỉ này không có gì, hoặc bài chưa được đăng.",
    gone="Bài đã được gỡ",
    gone_hint="Cơ quan đăng bài hoặc biên tập viên đã gỡ bài này.",
    locked="Cần có mã truy cập",
    locked_hint="Trang này chỉ dành cho người có mã truy cập còn hiệu lực. Xin hỏi người vận hành.",
    too_many="Quá nhiều yêu cầu",
    too_many_hint="Đã vượt giới hạn mỗi phút. Xin đợi một lát rồi thử lại.",
    invalid="Yêu cầu không hợp lệ",
    unavailable="Tạm thời không phục vụ được",
    failed="Có lỗi xảy ra",
    back="Về trang đầu",
    weekdays=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
)

ENGLISH = Texts(
    tagline="News of Vietnam's ministries, provinces and state press: the article and nothing else",
    latest="Latest news",
    all_sites="All",
    sites="Sites",
    older="Older",
    newest="Back to the latest",
    feed="Atom feed",
    nothing="There is no article yet.",
    nothing_hint="Gather some with bantin crawl, or wait for the next scheduled run.",
    original="Read the original",
    attachments="Attachments",
    documents="Documents it names",
    pictures="Pictures",
    removed="What was taken out",
    removed_hint="Lines that are not the article's, and the rule that struck each.",
    record="About this record",
    addresses="Other addresses of the article",
    first_seen="First seen",
    fetched="Fetched",
    version="Version",
    confidence="Confidence",
    evidence="Evidence",
    undated="No date given",
    updated="updated",
    other_language="Tiếng Việt",
    to_content="Skip to content",
    not_found="Not found",
    not_found_hint="There is nothing at this address, or the article is not published yet.",
    gone="Taken down",
    gone_hint="Its publisher or an editor took this article down.",
    locked="A token is needed",
    locked_hint="Only who has a valid token may read here. Ask the operator for one.",
    too_many="Too many requests",
    too_many_hint="The limit of this minute is reached. Wait a moment and try again.",
    invalid="This request is not valid",
    unavailable="Not available for the moment",
    failed="Something went wrong",
    back="To the front page",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)

TEXTS = {Language.VIETNAMESE: VIETNAMESE, Language.ENGLISH: ENGLISH}
