"""What the console says of runs, of what goes on, and of one address, in Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.language import Language
from news.telling import Chapter
from web.texts.names import Noun


@dataclass(frozen=True, slots=True)
class RunTexts:
    """Texts with {…} in them are filled in with str.format."""

    # the list
    runs_hint: str
    any_site: str
    any_state: str
    state: str
    site: str
    since: str
    until: str
    show: str
    older: str
    newest: str
    no_runs: str
    took: str

    # one run
    run: str
    error: str
    of_site: str
    began: str
    ended: str
    lasted: str
    memory: str
    megabytes: str
    kind: str
    kinds: Mapping[str, str]
    listed: str
    articles: str
    confidence: str
    numbers: str
    reasons: str
    reasons_hint: str
    no_reasons: str
    reason: str
    count: str
    says: str
    do: str
    which: str
    sources: str
    no_sources: str
    source: str
    became: str
    stop: str
    stop_sure: str
    stopping: str
    log: str
    log_hint: str
    level: str
    levels: Mapping[str, str]
    words: str
    download: str
    no_log: str
    no_lines: str
    all_lines: str
    lines: Noun
    follows: str

    # addresses that gave nothing
    barren: str
    barren_none: str
    address: str
    met: str
    detail: str
    story: str

    # what goes on
    live_hint: str
    summary: str
    running: Noun
    waiting: Noun
    idle: str
    acts: str
    workers: str
    turn: str
    hold: str
    held: str
    now: str
    none_running: str
    rate: str
    left: str
    left_of: str
    last_url: str
    since_begin: str
    waits: str
    none_waits: str
    waits_since: str
    next: str
    none_next: str
    asked: str
    lately: str

    # one address
    why_hint: str
    asked_for: str
    tell: str
    chapters: Mapping[Chapter, str]
    nothing_to_do: str
    to_run: str
    to_desk: str
    to_article: str
    to_site: str
    to_page: str
    wrong: str


VIETNAMESE = RunTexts(
    runs_hint="Mỗi lượt thu thập, mới nhất ở trên: kết quả, và lý do của mọi thứ không thành bài.",
    any_site="Mọi trang",
    any_state="Mọi kết quả",
    state="Kết quả",
    site="Trang",
    since="Từ ngày",
    until="Đến hết ngày",
    show="Lọc",
    older="Cũ hơn",
    newest="Mới nhất",
    no_runs="Không có lượt chạy nào như vậy.",
    took="Kéo dài",
    run="Lượt chạy",
    error="Bantin ghi lại (tiếng Anh)",
    of_site="của trang",
    began="Bắt đầu",
    ended="Kết thúc",
    lasted="Kéo dài",
    memory="Bộ nhớ cao nhất",
    megabytes="{count} MB",
    kind="Loại",
    kinds={"plain": "theo lịch hoặc theo yêu cầu", "dry": "chạy thử, không lưu", "backfill": "chạy bù"},
    listed="Địa chỉ được nguồn tin nêu",
    articles="Trang là bài viết",
    confidence="Độ tin cậy trung bình",
    numbers="Con số",
    reasons="Những gì không thành bài",
    reasons_hint="Mỗi địa chỉ không cho bài đều có lý do; không có gì mất đi mà không được đếm.",
    no_reasons="Mọi thứ đều thành bài.",
    reason="Lý do",
    count="Số",
    says="Nghĩa là",
    do="Nên làm",
    which="Xem các địa chỉ",
    sources="Nguồn tin",
    no_sources="Chưa đọc nguồn tin nào.",
    source="Nguồn tin",
    became="Kết quả",
    stop="Ngắt lượt chạy",
    stop_sure="Ngắt lượt chạy này? Những gì đã thu thập vẫn được giữ, lượt sau làm tiếp.",
    stopping="Đã yêu cầu ngắt; lượt chạy dừng trong hai giây.",
    log="Nhật ký",
    log_hint="Giữ 2.000 dòng mới nhất của mỗi lượt chạy.",
    level="Mức",
    levels={"INFO": "Tất cả", "WARNING": "Cảnh báo trở lên", "ERROR": "Chỉ lỗi"},
    words="Có chữ",
    download="Tải về (.txt)",
    no_log="Không giữ nhật ký của lượt chạy này.",
    no_lines="Không có dòng nào như vậy.",
    all_lines="Hiện tất cả những dòng còn giữ",
    lines=("dòng", "dòng"),
    follows="Đang ghi tiếp.",
    barren="Địa chỉ không thành bài",
    barren_none="Không còn địa chỉ nào của trang có lý do này.",
    address="Địa chỉ",
    met="Tìm thấy",
    detail="Chi tiết",
    story="Vì sao?",
    live_hint="Tự cập nhật mỗi giây.",
    summary="{running}, {waiting}.",
    running=("lượt đang chạy", "lượt đang chạy"),
    waiting=("lượt chờ tới phiên", "lượt chờ tới phiên"),
    idle="Không có lượt nào đang chạy.",
    acts="Bộ lập lịch đang làm việc: tiến trình {pid} trên {host}, liên lạc {age} giây trước.",
    workers="{busy}/{workers} luồng bận",
    turn="phiên {turn}",
    hold="Tạm ngừng cập nhật",
    held="Đang tạm ngừng cập nhật.",
    now="Đang chạy",
    none_running="Hiện không có lượt nào đang chạy.",
    rate="trang/phút",
    left="Thời gian còn lại",
    left_of="còn {left} trên {limit}",
    last_url="Vừa tải",
    since_begin="được {time}",
    waits="Chờ tới phiên",
    none_waits="Không có lượt nào phải chờ.",
    waits_since="chờ từ {when}",
    next="Sắp đến lượt",
    none_next="Chưa có trang nào trong lịch.",
    asked="Yêu cầu chưa xong",
    lately="Vừa xong",
    why_hint="Dán một địa chỉ, hoặc mã bài: Bantin kể lại từng bước, từ nguồn tin đến bạn đọc. Không tải gì từ mạng.",
    asked_for="Địa chỉ, hoặc mã bài",
    tell="Kể lại",
    chapters={
        Chapter.SITE: "Trang",
        Chapter.SOURCE: "Nguồn tin",
        Chapter.FETCH: "Tải về và xét",
        Chapter.ARTICLE: "Bài viết",
        Chapter.READER: "Bạn đọc",
        Chapter.DO: "Nên làm gì",
    },
    nothing_to_do="Không cần làm gì.",
    to_run="Xem lượt chạy gần nhất",
    to_desk="Mở tại bàn biên tập",
    to_article="Mở trang của bài",
    to_site="Mở trang nguồn",
    to_page="Mở trang gốc",
    wrong="Không phải địa chỉ web, cũng không phải mã bài.",
)
ENGLISH = RunTexts(
    runs_hint="Every crawl, newest first: what became of it, and why anything gave no article.",
    any_site="All sites",
    any_state="However they ended",
    state="Result",
    site="Site",
    since="From",
    until="To the end of",
    show="Filter",
    older="Older",
    newest="Newest",
    no_runs="There is no such run.",
    took="Took",
    run="Run",
    error="What Bantin noted",
    of_site="of",
    began="Began",
    ended="Ended",
    lasted="Took",
    memory="Peak memory",
    megabytes="{count} MB",
    kind="Kind",
    kinds={"plain": "on schedule, or asked for", "dry": "a trial, nothing stored", "backfill": "a back-fill"},
    listed="Addresses that sources named",
    articles="Pages that were articles",
    confidence="Mean confidence",
    numbers="Figures",
    reasons="What gave no article",
    reasons_hint="Every address that gives no article has a reason; nothing vanishes uncounted.",
    no_reasons="Everything became an article.",
    reason="Reason",
    count="Count",
    says="It means",
    do="What to do",
    which="Show the addresses",
    sources="Sources",
    no_sources="No source was read yet.",
    source="Source",
    became="Result",
    stop="Stop the run",
    stop_sure="Stop this run? What it has stored stays, and the next one goes on.",
    stopping="It was asked to stop, and ends within two seconds.",
    log="Log",
    log_hint="The newest 2,000 lines of each run are kept.",
    level="Level",
    levels={"INFO": "All", "WARNING": "Warnings and worse", "ERROR": "Errors alone"},
    words="With the words",
    download="Download (.txt)",
    no_log="No log of this run is kept.",
    no_lines="There is no such line.",
    all_lines="Show all lines that are kept",
    lines=("line", "lines"),
    follows="It goes on.",
    barren="Addresses that gave no article",
    barren_none="No address of the site has this reason any more.",
    address="Address",
    met="Found",
    detail="Detail",
    story="Why?",
    live_hint="Up to date by itself, every second.",
    summary="{running}, {waiting}.",
    running=("run under way", "runs under way"),
    waiting=("run waits", "runs wait"),
    idle="No run is under way.",
    acts="The scheduler is at work: process {pid} of {host}, heard of {age} s ago.",
    workers="{busy} of {workers} workers busy",
    turn="turn {turn}",
    hold="Hold still",
    held="It is held still.",
    now="Under way",
    none_running="No run is under way.",
    rate="pages/min",
    left="Time left",
    left_of="{left} of {limit} left",
    last_url="Came last",
    since_begin="for {time}",
    waits="Waiting for a worker",
    none_waits="No run has to wait.",
    waits_since="waiting since {when}",
    next="Due next",
    none_next="No site is on schedule.",
    asked="Asked, and not done",
    lately="Just over",
    why_hint="Paste an address, or the id of an article: every step from its source to the reader. Nothing is fetched.",
    asked_for="Address, or id of an article",
    tell="Tell",
    chapters={
        Chapter.SITE: "The site",
        Chapter.SOURCE: "Its source",
        Chapter.FETCH: "Fetched and judged",
        Chapter.ARTICLE: "The article",
        Chapter.READER: "Readers",
        Chapter.DO: "What to do",
    },
    nothing_to_do="Nothing.",
    to_run="Its last run",
    to_desk="Open at the desk",
    to_article="Open the article's page",
    to_site="Open the site",
    to_page="Open the original page",
    wrong="It is no web address and no id of an article.",
)
RUN_TEXTS = {Language.VIETNAMESE: VIETNAMESE, Language.ENGLISH: ENGLISH}
