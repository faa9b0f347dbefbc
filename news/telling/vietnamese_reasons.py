"""Why a URL gave nothing, what became of a source, how a run ended: explained in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

from news.errors import Reason
from news.report import Fate, RunState
from news.telling.names import Explained

_WAIT = "Không cần làm gì: lượt chạy sau tự thử lại."
_WATCH = "Nếu chỉ vài địa chỉ thì bình thường. Nếu nhiều, mở vài địa chỉ xem trang có đổi giao diện không."

REASONS: Mapping[Reason, Explained] = {
    Reason.ROBOTS: Explained(
        "robots.txt không cho phép", "Trang yêu cầu máy thu thập không vào địa chỉ này.",
        "Tôn trọng yêu cầu đó; nếu cần bài, hãy xin phép đơn vị chủ quản trang.",
    ),
    Reason.PRIVATE_ADDRESS: Explained(
        "địa chỉ mạng nội bộ", "Tên miền trỏ vào mạng riêng, và Bantin không kết nối vào đó.",
        "Nếu đúng là trang nội bộ của đơn vị, đặt allow_private_network = true trong tệp trang.",
    ),
    Reason.OFFSITE: Explained(
        "ngoài trang", "Địa chỉ thuộc máy chủ khác, không phải của trang này.",
        "Nếu máy chủ đó cũng là của trang, thêm nó vào hosts trong tệp trang.",
    ),
    Reason.DNS: Explained(
        "không tìm thấy tên miền", "Không hỏi được địa chỉ máy chủ của tên miền.",
        "Kiểm tra mạng và DNS của máy này; nếu tên miền đã đổi, sửa tệp trang.",
    ),
    Reason.TLS: Explained(
        "lỗi chứng chỉ bảo mật", "Kết nối https không xác minh được (chứng chỉ hết hạn, sai tên, hoặc thiếu).",
        "Xem `bantin sites check`; nếu trang dùng chứng chỉ riêng, khai báo [tls] trong tệp trang.",
    ),
    Reason.CONNECT: Explained(
        "không kết nối được", "Máy chủ không nhận kết nối, hoặc ngắt giữa chừng.",
        f"{_WAIT} Nếu kéo dài, thử mở trang bằng trình duyệt.",
    ),
    Reason.TIMEOUT: Explained(
        "quá thời gian chờ", "Máy chủ không trả lời kịp.", f"{_WAIT} Nếu kéo dài, giãn khoảng cách giữa các yêu cầu."
    ),
    Reason.HTTP_CLIENT: Explained(
        "lỗi HTTP 4xx", "Máy chủ từ chối yêu cầu (thường là 401, 403 hoặc 404 ở nơi không nên có).",
        "Mở địa chỉ bằng trình duyệt: nếu xem được, trang đang chặn máy thu thập.",
    ),
    Reason.HTTP_SERVER: Explained("lỗi HTTP 5xx", "Máy chủ của trang gặp lỗi.", _WAIT),
    Reason.BUSY: Explained(
        "máy chủ yêu cầu chờ", "Máy chủ trả lời rằng đang quá tải hoặc bị hỏi quá nhiều (429, 503).",
        "Bantin đã tự giãn ra. Nếu lặp lại, tăng khoảng cách giữa các yêu cầu trong [politeness].",
    ),
    Reason.GONE: Explained("không còn", "Trang đã bị gỡ hoặc không tồn tại (404, 410)."),
    Reason.REDIRECTS: Explained(
        "chuyển hướng quá nhiều", "Địa chỉ chuyển hướng vòng quanh, không tới đâu.",
        "Mở địa chỉ bằng trình duyệt để xem nó dẫn đi đâu; trang có thể đòi cookie.",
    ),
    Reason.TOO_LARGE: Explained(
        "quá lớn", "Trang vượt giới hạn dung lượng, thường là tệp tải về chứ không phải bài viết.",
        "Nếu là tệp, thêm mẫu của chúng vào deny_urls.",
    ),
    Reason.CUT_OFF: Explained("tải dở dang", "Kết nối bị ngắt khi chưa nhận hết trang.", _WAIT),
    Reason.DENIED_URL: Explained(
        "bị quy tắc từ chối", "Địa chỉ khớp deny_urls của tệp trang, hoặc là bản để in, gửi thư, lưu.",
        "Nếu đây là bài viết, sửa deny_urls.",
    ),
    Reason.BAD_URL: Explained("địa chỉ hỏng", "Nguồn tin nêu một thứ không phải địa chỉ web."),
    Reason.TOO_OLD: Explained(
        "cũ hơn mốc", "Bài đăng trước ngày mà lượt chạy được yêu cầu lấy.", "Muốn có, chạy bù cho những ngày đó."
    ),
    Reason.UNREADABLE: Explained(
        "nguồn tin không đọc được", "Nội dung nhận được không phải bảng tin, sơ đồ hay danh sách như đã khai báo.",
        "Mở nguồn tin bằng trình duyệt; nếu địa chỉ đã đổi, sửa [[source]] trong tệp trang.",
    ),
    Reason.TOO_NEW: Explained("mới hơn mốc", "Bài đăng sau ngày cuối mà lượt chạy bù được yêu cầu lấy."),
    Reason.TRAP: Explained(
        "bẫy vòng lặp", "Địa chỉ dẫn tới các trang vô tận: lịch, bộ lọc, đường dẫn tự lặp.",
        "Nếu là bài viết thật, thêm dạng địa chỉ vào article_urls.",
    ),
    Reason.DEPTH: Explained(
        "danh sách còn dài", "Nguồn tin còn nhiều trang phía sau hơn số trang một lượt chạy đọc.",
        "Muốn lấy phần cũ, chạy bù.",
    ),
    Reason.SCRIPTED: Explained(
        "phân trang bằng script", "Danh sách chỉ lật trang bằng script: chỉ trang đầu có địa chỉ.",
        "Tìm bảng tin hoặc sơ đồ của trang, hoặc bật trình duyệt cho trang.",
    ),
    Reason.VALIDATORS: Explained(
        "máy chủ báo sai", "Máy chủ nói trang không đổi trong khi đã đổi.",
        "Bantin đã tự ngừng tin máy chủ trong một thời gian.",
    ),
    Reason.BROWSER: Explained(
        "hết hạn mức trình duyệt", "Lượt chạy đã dùng hết số trang được mở bằng trình duyệt.",
        f"{_WAIT} Nếu thường xuyên, tăng hạn mức trình duyệt.",
    ),
    Reason.EMPTY: Explained("trang rỗng", "Máy chủ trả lời nhưng không có nội dung.", _WAIT),
    Reason.NOT_HTML: Explained(
        "không phải trang web", "Nội dung là tệp (PDF, ảnh, Word), không phải trang HTML.",
        "Nếu nhiều, thêm mẫu của các tệp đó vào deny_urls.",
    ),
    Reason.BINARY: Explained("dữ liệu nhị phân", "Máy chủ nói là trang web nhưng gửi dữ liệu không phải chữ.", _WAIT),
    Reason.UNDECODABLE: Explained("không đọc được chữ", "Không nhận ra bảng mã chữ của trang.", _WATCH),
    Reason.TRUNCATED: Explained("trang bị cụt", "Trang HTML kết thúc giữa chừng.", _WAIT),
    Reason.TOO_COMPLEX: Explained("trang quá phức tạp", "Trang lồng quá sâu hoặc quá lớn để đọc an toàn."),
    Reason.SOFT_404: Explained(
        "báo lỗi giả trang thường", "Trang ghi “không tìm thấy” nhưng máy chủ trả lời như bình thường.", _WAIT
    ),
    Reason.BLOCKED: Explained(
        "bị chặn", "Thay cho bài là trang chặn: mã xác nhận, tường lửa, yêu cầu đăng nhập.",
        "Giãn lịch chạy, và liên hệ đơn vị chủ quản để được phép thu thập.",
    ),
    Reason.MAINTENANCE: Explained(
        "đang bảo trì", "Thay cho các trang của mình, trang ghi rằng đang bảo trì.",
        f"{_WAIT} Không mất bài nào trong lúc đó.",
    ),
    Reason.LISTING: Explained("trang danh sách", "Trang chỉ liệt kê các bài khác."),
    Reason.NO_TITLE: Explained("không có tiêu đề", "Không tìm thấy tiêu đề của bài trên trang.", _WATCH),
    Reason.NO_TEXT: Explained(
        "không có nội dung", "Không tìm thấy phần chữ của bài: trang chỉ có ảnh, video, hoặc đã đổi giao diện.",
        f"{_WATCH} Có thể dạy lại trang tại bàn biên tập.",
    ),
    Reason.NOT_ARTICLE: Explained(
        "không phải bài viết", "Trang tải được nhưng không phải bài: chuyên mục, giới thiệu, tra cứu.",
        "Nếu là bài thật, xem lại article_urls của tệp trang.",
    ),
    Reason.FAILED: Explained(
        "lỗi khi đọc trang", "Trang làm bộ đọc của Bantin gặp lỗi; trang được giữ lại.",
        "Gửi địa chỉ và nhật ký của lượt chạy cho người bảo trì Bantin.",
    ),
}  # fmt: skip

FATES: Mapping[Fate, Explained] = {
    Fate.READ: Explained("đã đọc", "Nguồn tin nêu các địa chỉ bài viết."),
    Fate.UNCHANGED: Explained("không đổi", "Không có gì mới từ lần đọc trước."),
    Fate.BARE: Explained("trống, hợp lệ", "Nguồn tin hợp lệ nhưng hôm nay chưa có mục nào."),
    Fate.EMPTY: Explained(
        "không có bài", "Trang tải được nhưng không còn nêu bài nào, nơi đáng ra phải có.",
        "Trang có thể đã đổi giao diện: mở nguồn tin và sửa tệp trang.",
    ),
    Fate.GONE: Explained("không còn", "Nguồn tin trả lời 404 hoặc 410.", "Tìm địa chỉ mới và sửa tệp trang."),
    Fate.BLOCKED: Explained(
        "bị chặn", "Máy chủ từ chối, chặn, hoặc robots.txt không cho phép.",
        "Giãn lịch chạy, và liên hệ đơn vị chủ quản trang.",
    ),
    Fate.UNREADABLE: Explained(
        "không đọc được", "Nội dung không phải loại đã khai báo.", "Mở nguồn tin và sửa [[source]] trong tệp trang."
    ),
    Fate.FAILED: Explained(
        "không tải được", "Lỗi DNS, TLS, kết nối, quá thời gian, lỗi máy chủ, hoặc trang đang bảo trì.", _WAIT
    ),
}  # fmt: skip

RUNS: Mapping[RunState, Explained] = {
    RunState.RUNNING: Explained("đang chạy", "Lượt chạy đang diễn ra."),
    RunState.DONE: Explained("xong", "Lượt chạy đã kết thúc bình thường."),
    RunState.FAILED: Explained(
        "hỏng giữa chừng", "Lượt chạy tự dừng và nêu lý do.", "Đọc lý do và nhật ký ngay trên trang này."
    ),
    RunState.KILLED: Explained(
        "bị ngắt", "Có người dừng, quá thời gian cho phép, hoặc tiến trình bị hệ thống ngắt.",
        "Lượt chạy sau làm tiếp. Nếu do quá giờ, xem trang có chậm bất thường không.",
    ),
    RunState.LOST: Explained(
        "mất dấu", "Tiến trình của lượt chạy biến mất, thường do máy hoặc Bantin khởi động lại.",
        "Lượt chạy sau làm tiếp; không mất và không trùng bài nào.",
    ),
    RunState.SKIPPED: Explained(
        "không chạy", "Đến hạn nhưng không được bắt đầu.", "Nếu lặp lại: tăng BANTIN_WORKERS hoặc giãn lịch."
    ),
}  # fmt: skip
