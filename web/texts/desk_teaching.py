"""What the desk says about taught rules, in Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.language import Language
from news.review.pointing import Why
from news.review.renewals import RenewalState
from news.review.rules import RuleKind
from news.site import Selectors
from web.texts.names import Noun


@dataclass(frozen=True, slots=True)
class TeachTexts:
    """The texts in one language. {braces} are filled in."""

    teach: str
    gestures: str
    pick_hint: str
    picked: str  # {count}
    unpick: str
    drop: str
    keep: str
    is_field: str
    fields: Mapping[str, str]
    needs_pick: str

    proposals: str
    proposals_hint: str
    no_proposals: str
    no_proposals_hint: str
    value: str
    value_hint: str
    kinds: Mapping[RuleKind, str]  # {field}
    why: Mapping[Why, str]
    own: str
    show_effect: str

    effect: str
    effect_without: str
    looking: str
    looked: str  # {looked}, {of}
    changes: Noun
    harmless: Noun
    loses: Noun
    lost: str  # {why}
    nothing_changes: str
    wait_for_effect: str
    stopped: str
    unread: Noun
    carried: str  # {count}
    goes: str
    comes: str
    more_lines: Noun
    from_to: str
    empty: str
    consent: str
    consent_loses: str
    cancel: str

    taught: str
    taught_hint: str
    states: Mapping[RenewalState, str]
    progress: str  # {done}, {total}
    changed: Noun
    parked: Noun
    left: Noun
    again: str
    all_rules: str

    rules: str
    rules_hint: str
    no_rules: str
    no_rules_hint: str
    taught_by: str  # {name}, {when}
    on_article: str
    withdraw: str
    withdraw_ask: str
    withdrawn: str  # {when}
    exported: str  # {when}
    holds: str
    export: str
    export_hint: str
    only: str
    everything: str

    no_page: str
    own_page_lost: str  # {why}
    unknown_site: str
    slow_page: str

    @property
    def pointable(self) -> tuple[tuple[str, str], ...]:
        """The fields at which one may point, with their names."""
        return tuple((name, self.fields[name]) for name in Selectors.FIELDS)


TEACH_TEXTS: Mapping[Language, TeachTexts] = {
    Language.VIETNAMESE: TeachTexts(
        teach="Dạy cách đọc trang này",
        gestures="Phần đã chọn là gì?",
        pick_hint="Bấm vào đoạn chữ trong trang để chọn; giữ Shift để chọn cả khoảng. "
        "Bằng bàn phím: ↑ ↓ để đi, phím cách để chọn.",
        picked="Đã chọn {count} đoạn",
        unpick="Bỏ chọn",
        drop="Không thuộc bài",
        keep="Thuộc bài",
        is_field="Đây là…",
        fields={
            "title": "Tiêu đề", "lead": "Sapo", "body": "Nội dung", "published": "Ngày đăng", "author": "Tác giả",
            "source": "Nguồn", "section": "Chuyên mục", "tags": "Từ khóa", "modified": "Ngày sửa",
            "images": "Ảnh", "attachments": "Tệp đính kèm", "original": "Bài gốc", "kind": "Loại trang",
        },
        needs_pick="Hãy chọn một đoạn trong trang trước.",
        proposals="Chọn quy tắc cho trang nguồn này",
        proposals_hint="Quy tắc đầu tiên là hợp nhất. Kết quả trên các trang đã lưu hiện ngay bên dưới.",
        no_proposals="Không tìm được quy tắc nào cho đoạn này.",
        no_proposals_hint="Hãy chọn một đoạn lớn hơn hoặc nhỏ hơn, hay tự viết quy tắc.",
        value="Quy tắc",
        value_hint="Có thể sửa: bộ chọn CSS, hoặc lời của dòng với # thay cho mỗi số.",
        kinds={
            RuleKind.DROP: "Bỏ khối",
            RuleKind.DROP_LINE: "Bỏ dòng",
            RuleKind.KEEP: "Giữ khối",
            RuleKind.KEEP_LINE: "Giữ dòng",
            RuleKind.FIELD: "{field} nằm ở",
        },
        why={
            Why.BOX: "theo tên của chính khối",
            Why.PLACE: "theo chỗ của nó trong một khối có tên",
            Why.LINE: "theo lời của dòng, số nào cũng được",
            Why.WORDS: "theo đúng từng chữ của dòng",
        },
        own="Tự viết",
        show_effect="Xem kết quả",
        effect="Quy tắc này sẽ thay đổi gì",
        effect_without="Rút lại thì thay đổi gì",
        looking="Đang đọc lại các trang đã lưu…",
        looked="Đã xem {looked}/{of} trang",
        changes=("bài thay đổi", "bài thay đổi"),
        harmless=("trang giữ nguyên", "trang giữ nguyên"),
        loses=("bài sẽ mất", "bài sẽ mất"),
        lost="Trang này sẽ không còn là bài ({why}). Bài đã lưu vẫn giữ, nhưng bài mới như thế sẽ bị bỏ.",
        nothing_changes="Không trang nào trong số này thay đổi.",
        wait_for_effect="Có thể đồng ý khi đã xem hết.",
        stopped="Lần xem này đã dừng vì có lần xem khác.",
        unread=("trang không đọc được", "trang không đọc được"),
        carried="Cũng đổi trang mẫu của {count} quy tắc khác; các trang ấy sẽ được so theo kết quả mới.",
        goes="Bỏ",
        comes="Thêm",
        more_lines=("dòng nữa", "dòng nữa"),
        from_to="{before} → {after}",
        empty="(trống)",
        consent="Đồng ý, dạy quy tắc này",
        consent_loses="Vẫn dạy, dù có bài sẽ mất",
        cancel="Thôi",
        taught="Đã dạy. Quy tắc có hiệu lực từ lần thu thập này.",
        taught_hint="Các trang đã lưu đang được đọc lại; bài đã biên tập thì giữ nguyên, bản mới chờ bên cạnh.",
        states={
            RenewalState.WAITING: "Đang chờ đọc lại",
            RenewalState.RUNNING: "Đang đọc lại",
            RenewalState.DONE: "Đã đọc lại",
            RenewalState.FAILED: "Đọc lại không thành",
        },
        progress="{done}/{total} trang",
        changed=("bài đã đổi", "bài đã đổi"),
        parked=("bản chờ bên bài đã biên tập", "bản chờ bên bài đã biên tập"),
        left=("bài để nguyên", "bài để nguyên"),
        again="Thử lại",
        all_rules="Mọi quy tắc",
        rules="Quy tắc đã dạy",
        rules_hint="Những gì biên tập viên đã dạy cho từng trang nguồn, ngoài tệp khai báo của nó.",
        no_rules="Chưa có quy tắc nào.",
        no_rules_hint="Mở một bài, xem “Trang gốc”, chọn phần không thuộc bài, rồi dạy.",
        taught_by="{name} dạy lúc {when}",
        on_article="trên bài này",
        withdraw="Rút lại",
        withdraw_ask="Rút quy tắc này?",
        withdrawn="Đã rút lúc {when}",
        exported="Đã vào tệp của trang nguồn lúc {when}",
        holds="Đang có hiệu lực",
        export="Đưa vào tệp",
        export_hint="Người vận hành đưa các quy tắc này vào tệp của trang nguồn bằng:",
        only="Chỉ trang nguồn này",
        everything="Mọi trang nguồn",
        no_page="Trang của bài này không còn được lưu, nên không dạy trên nó được.",
        own_page_lost="Với quy tắc này, chính trang đang xem không còn là bài ({why}).",
        unknown_site="Trang nguồn {site} không có tệp khai báo, nên không dạy được.",
        slow_page="Trang này đọc quá lâu nên đã dừng.",
    ),
    Language.ENGLISH: TeachTexts(
        teach="Teach how this page is read",
        gestures="What is the selected part?",
        pick_hint="Click text in the page to select it, with Shift a whole range. "
        "By keyboard: ↑ ↓ to move, space to select.",
        picked="{count} selected",
        unpick="Clear",
        drop="Not part of the article",
        keep="Part of the article",
        is_field="This is the…",
        fields={
            "title": "Title", "lead": "Lead", "body": "Body", "published": "Date", "author": "Author",
            "source": "Source", "section": "Section", "tags": "Tags", "modified": "Date of change",
            "images": "Images", "attachments": "Attachments", "original": "Original", "kind": "Kind of page",
        },
        needs_pick="Select something in the page first.",
        proposals="Choose a rule for this site",
        proposals_hint="The first one fits best. What it does to the kept pages shows at once below.",
        no_proposals="No rule was found for this part.",
        no_proposals_hint="Select more or less of the page, or write the rule yourself.",
        value="Rule",
        value_hint="You may change it: a CSS selector, or the words of a line with # for each number.",
        kinds={
            RuleKind.DROP: "Drop the box",
            RuleKind.DROP_LINE: "Drop the line",
            RuleKind.KEEP: "Keep the box",
            RuleKind.KEEP_LINE: "Keep the line",
            RuleKind.FIELD: "{field} is at",
        },
        why={
            Why.BOX: "by the name of the box itself",
            Why.PLACE: "by its place in a box with a name",
            Why.LINE: "by the words of the line, whatever its numbers",
            Why.WORDS: "by the very words of the line",
        },
        own="Write it yourself",
        show_effect="Show the effect",
        effect="What this rule would change",
        effect_without="What changes without it",
        looking="Reading the kept pages again…",
        looked="{looked} of {of} pages looked at",
        changes=("article changes", "articles change"),
        harmless=("page stays the same", "pages stay the same"),
        loses=("article would be lost", "articles would be lost"),
        lost="This page would be no article any more ({why}). What is stored stays; new ones like it are left out.",
        nothing_changes="None of these pages changes.",
        wait_for_effect="You can consent when all were looked at.",
        stopped="This look was stopped by another one.",
        unread=("page could not be read", "pages could not be read"),
        carried="It also changes the sample pages of {count} other rules; they will be held to the new result.",
        goes="Goes",
        comes="Comes",
        more_lines=("more line", "more lines"),
        from_to="{before} → {after}",
        empty="(empty)",
        consent="Consent and teach this rule",
        consent_loses="Teach it although articles are lost",
        cancel="Cancel",
        taught="Taught. From now on pages are read by this rule.",
        taught_hint="The kept pages are being read again; edited articles stay, and the new reading waits beside them.",
        states={
            RenewalState.WAITING: "Waiting to be read again",
            RenewalState.RUNNING: "Being read again",
            RenewalState.DONE: "Read again",
            RenewalState.FAILED: "Could not be read again",
        },
        progress="{done} of {total} pages",
        changed=("article changed", "articles changed"),
        parked=("waits beside an edited article", "wait beside edited articles"),
        left=("article left as it is", "articles left as they are"),
        again="Try again",
        all_rules="All rules",
        rules="Taught rules",
        rules_hint="What editors taught each site, beside what its file declares.",
        no_rules="There are no rules yet.",
        no_rules_hint="Open an article, look at “Page”, select what is not part of it, and teach.",
        taught_by="Taught by {name} on {when}",
        on_article="on this article",
        withdraw="Withdraw",
        withdraw_ask="Withdraw this rule?",
        withdrawn="Withdrawn on {when}",
        exported="In the site's file since {when}",
        holds="Holds",
        export="Into the file",
        export_hint="An operator puts these rules into the site's file with:",
        only="Only this site",
        everything="All sites",
        no_page="The page of this article is not kept any more, so nothing can be taught on it.",
        own_page_lost="By this rule the very page you look at is no article any more ({why}).",
        unknown_site="The site {site} has no file, so it cannot be taught.",
        slow_page="This page takes too long to be read and was given up.",
    ),
}  # fmt: skip
