"""What the desk says where an article is edited, moved between stories, noted and handed on, in Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.language import Language
from news.review.editing import Fault
from web.texts.names import Noun


@dataclass(frozen=True, slots=True)
class EditingTexts:
    """Texts with {…} in them are filled in with str.format."""

    edit: str
    fields: Mapping[str, str]
    hints: Mapping[str, str]
    faults: Mapping[Fault, str]
    date_example: str
    wrong: str
    letters: Noun
    words: Noun
    save: str
    leave: str
    keys: str
    draft: str
    draft_of: str
    draft_older: str
    draft_kept: str
    discard: str
    discard_sure: str
    saving: str
    unsaved: str
    elsewhere: str
    expired: str
    offline: str
    recovered: str
    leaving: str
    saved: str
    nothing_changed: str
    beside: str

    source_changed: str
    source_hint: str
    take: str
    take_done: str
    keep: str
    keep_hint: str

    conflict: str
    conflict_hint: str
    only_state: str
    began: str
    began_lost: str
    now: str
    now_by: str
    publisher_now: str
    mine: str
    mine_over: str
    mine_over_hint: str
    take_theirs: str
    take_theirs_sure: str
    go_on: str
    unreadable: str

    editing: str
    viewing: str
    and_: str

    story: str
    story_hint: str
    alone: str
    main: str
    make_main: str
    make_main_done: str
    split: str
    split_done: str
    merge: str
    merge_hint: str
    merge_done: str
    search: str
    search_hint: str
    alike: str
    found: str
    found_none: str
    this: str
    close: str

    notes: str
    no_notes: str
    note: str
    note_hint: str
    add_note: str
    note_done: str
    assign: str
    assign_button: str
    assigned_to: str
    nobody: str
    me: str
    assign_done: str
    unassigned: str


_VIETNAMESE = EditingTexts(
    edit="Sửa bài",
    fields={
        "title": "Tiêu đề", "lead": "Sapo", "body": "Nội dung", "published": "Ngày đăng", "author": "Tác giả",
        "source": "Nguồn", "tags": "Từ khóa",
    },
    hints={
        "body": "Mỗi đoạn một dòng. Dòng bắt đầu bằng “- ” là mục liệt kê; “ | ” ngăn các ô của một hàng trong bảng. "
        "Ảnh, liên kết và bảng ở những đoạn không sửa được giữ nguyên.",
        "published": "Giờ Việt Nam, ví dụ {example}. Để trống nếu không rõ.",
        "tags": "Cách nhau bằng dấu phẩy.",
    },
    faults={
        Fault.EMPTY: "Không được để trống.",
        Fault.TOO_LONG: "Dài quá.",
        Fault.UNREADABLE: "Không đọc được ngày này. Viết như {example}.",
        Fault.NO_YEAR: "Thiếu năm, hoặc năm chưa đủ bốn chữ số. Viết như {example}.",
        Fault.NO_SUCH_DAY: "Lịch không có ngày này. Viết như {example}.",
        Fault.NO_SUCH_TIME: "Không có giờ này. Viết như {example}.",
    },
    date_example="24/11/2026 08:30",
    wrong="Chưa lưu được, có ô cần sửa lại.",
    letters=("ký tự", "ký tự"),
    words=("từ", "từ"),
    save="Lưu",
    leave="Thoát, giữ bản nháp",
    keys="Ctrl + S lưu, Esc thoát",
    draft="Đã lưu nháp lúc {when}",
    draft_of="Đây là bản nháp của bạn lúc {when}.",
    draft_older="Bài đã đổi sau khi bạn bắt đầu bản nháp này. Khi lưu, bạn sẽ thấy cả hai bản rồi chọn.",
    draft_kept="Bản nháp được giữ 30 ngày.",
    discard="Bỏ bản nháp",
    discard_sure="Bỏ bản nháp này? Những gì bạn đã gõ sẽ mất.",
    saving="Đang lưu nháp…",
    unsaved="Chưa lưu nháp",
    elsewhere="Bạn cũng đang sửa bài này ở cửa sổ khác, lúc {when}. Gõ tiếp ở đây thì bản này là bản nháp.",
    expired="Phiên đã hết hạn. Chữ bạn gõ vẫn còn ở đây và sẽ được lưu khi bạn đăng nhập lại.",
    offline="Mất kết nối. Chữ bạn gõ được giữ trong trình duyệt, sẽ lưu khi có mạng.",
    recovered="Đã lấy lại những gì bạn gõ mà chưa kịp lưu.",
    leaving="Bài này còn chữ chưa lưu.",
    saved="Đã sửa",
    nothing_changed="Không có gì thay đổi.",
    beside="Bản hiện nay",
    source_changed="Nguồn đã sửa bài",
    source_hint="Từ khi biên tập viên sửa, nơi đăng đã viết khác đi như sau.",
    take="Lấy bản của nguồn",
    take_done="Đã lấy bản của nguồn",
    keep="Giữ bản của biên tập viên",
    keep_hint="Duyệt bài này là giữ bản của biên tập viên; sửa bài cũng vậy.",
    conflict="Bài đã đổi trong lúc bạn sửa",
    conflict_hint="Chưa lưu gì cả, và không mất gì: bản của bạn được giữ làm bản nháp. Hãy so hai bản rồi chọn.",
    only_state="Chữ của bài vẫn như lúc bạn bắt đầu, chỉ trạng thái hoặc câu chuyện của bài đã đổi. Nay là: {status}.",
    began="Bản lúc bạn bắt đầu",
    began_lost="Bản lúc bạn bắt đầu không còn được giữ, nên hai bản được so với nhau.",
    now="Bản hiện nay",
    now_by="Bản hiện nay, do {who} sửa lúc {when}",
    publisher_now="Bản mới của nguồn",
    mine="Bản của bạn",
    mine_over="Lưu bản của tôi",
    mine_over_hint="Những ô bạn không sửa sẽ theo bản hiện nay: {fields}.",
    take_theirs="Lấy bản hiện nay",
    take_theirs_sure="Bỏ bản của bạn và lấy bản hiện nay?",
    go_on="Sửa tiếp, xem bản hiện nay bên cạnh",
    unreadable="Bản của bạn còn ô chưa đúng; hãy sửa tiếp trước khi lưu.",
    editing="{who} đang sửa bài này",
    viewing="{who} đang xem",
    and_="và",
    story="Câu chuyện của bài",
    story_hint="Các bài cùng đưa một tin. Độc giả thấy bài chính, các bài khác ở dưới.",
    alone="Bài này đang đứng một mình.",
    main="bài chính",
    make_main="Chọn làm bài chính",
    make_main_done="Đã chọn làm bài chính",
    split="Tách ra",
    split_done="Đã tách khỏi câu chuyện",
    merge="Gộp vào",
    merge_hint="Đưa bài này và các bài cùng tin với nó vào một câu chuyện khác.",
    merge_done="Đã gộp với",
    search="Tìm bài để gộp",
    search_hint="Từ khóa, mã bài hoặc địa chỉ trang",
    alike="Giống bài này",
    found="Tìm thấy",
    found_none="Không tìm thấy bài nào.",
    this="bài này",
    close="Đóng",
    notes="Ghi chú",
    no_notes="Chưa có ghi chú nào.",
    note="Ghi chú mới",
    note_hint="Chỉ người làm việc ở bàn biên tập đọc được.",
    add_note="Ghi lại",
    note_done="Đã ghi chú.",
    assign="Giao bài này cho",
    assign_button="Giao",
    assigned_to="Đang giao cho {who}",
    nobody="Không ai",
    me="tôi",
    assign_done="Đã giao cho {who}.",
    unassigned="Đã thôi giao.",
)  # fmt: skip

_ENGLISH = EditingTexts(
    edit="Edit",
    fields={
        "title": "Title", "lead": "Lead", "body": "Text", "published": "Published", "author": "Author",
        "source": "Source", "tags": "Tags",
    },
    hints={
        "body": "A line for each paragraph. A line that begins with “- ” is an item of a list; “ | ” stands between "
        "the cells of a row. Pictures, links and tables of paragraphs you do not change are kept.",
        "published": "Vietnam time, like {example}. Leave it empty where it is not known.",
        "tags": "With commas between them.",
    },
    faults={
        Fault.EMPTY: "This cannot be empty.",
        Fault.TOO_LONG: "This is too long.",
        Fault.UNREADABLE: "This is no date that can be read. Write it like {example}.",
        Fault.NO_YEAR: "The year is missing, or has fewer than four digits. Write it like {example}.",
        Fault.NO_SUCH_DAY: "The calendar has no such day. Write it like {example}.",
        Fault.NO_SUCH_TIME: "There is no such time. Write it like {example}.",
    },
    date_example="24/11/2026 08:30",
    wrong="Not saved yet: some fields need correcting.",
    letters=("character", "characters"),
    words=("word", "words"),
    save="Save",
    leave="Leave, keep the draft",
    keys="Ctrl + S saves, Esc leaves",
    draft="Draft saved at {when}",
    draft_of="This is your draft of {when}.",
    draft_older="The article has changed since you began this draft. When you save, you see both and choose.",
    draft_kept="The draft is kept for 30 days.",
    discard="Discard the draft",
    discard_sure="Discard this draft? What you typed will be gone.",
    saving="Saving the draft…",
    unsaved="Draft not saved",
    elsewhere="You are editing this in another window too, last at {when}. Type on here to make this the draft.",
    expired="Your session has ended. What you typed is still here, and is saved when you sign in again.",
    offline="No connection. What you typed is kept in the browser, and is saved when there is one.",
    recovered="What you had typed and not saved has been brought back.",
    leaving="There is text here that is not saved.",
    saved="Edited",
    nothing_changed="Nothing has changed.",
    beside="As it is now",
    source_changed="The publisher has changed this article",
    source_hint="Since an editor edited it, its publisher has written this otherwise.",
    take="Take the publisher's text",
    take_done="Took the publisher's text",
    keep="Keep the editor's text",
    keep_hint="To approve the article is to keep the editor's text; so is to edit it.",
    conflict="The article has changed while you edited it",
    conflict_hint="Nothing is saved and nothing is lost: your text is kept as a draft. Compare the two, and choose.",
    only_state="The text is as it was when you began; only its state or story has changed. It is now: {status}.",
    began="As it was when you began",
    began_lost="The text from which you began is no longer kept, so the two are compared with each other.",
    now="As it is now",
    now_by="As it is now, changed by {who} at {when}",
    publisher_now="The publisher's new text",
    mine="Yours",
    mine_over="Save mine",
    mine_over_hint="Fields that you did not change follow the text as it is now: {fields}.",
    take_theirs="Take it as it is now",
    take_theirs_sure="Discard your text and take the article as it is now?",
    go_on="Go on editing, with the other beside",
    unreadable="Some fields of yours are not right yet; go on editing before you save.",
    editing="{who} is editing this",
    viewing="{who} is looking at this",
    and_="and",
    story="The article's story",
    story_hint="Articles that tell the same news. Readers see the main one, with the others below.",
    alone="This article stands alone.",
    main="main article",
    make_main="Make it the main one",
    make_main_done="Main article now",
    split="Split off",
    split_done="Split from its story",
    merge="Merge into",
    merge_hint="Puts this article, and those that tell the same, into another story.",
    merge_done="Merged with",
    search="Find an article to merge with",
    search_hint="Words, an id or the address of a page",
    alike="Like this one",
    found="Found",
    found_none="Nothing was found.",
    this="this one",
    close="Close",
    notes="Notes",
    no_notes="There are no notes yet.",
    note="New note",
    note_hint="Only those who work at the desk can read it.",
    add_note="Add",
    note_done="Noted.",
    assign="Assign this to",
    assign_button="Assign",
    assigned_to="Assigned to {who}",
    nobody="Nobody",
    me="me",
    assign_done="Assigned to {who}.",
    unassigned="Assigned to nobody now.",
)  # fmt: skip

EDITING: Mapping[Language, EditingTexts] = {Language.VIETNAMESE: _VIETNAMESE, Language.ENGLISH: _ENGLISH}
