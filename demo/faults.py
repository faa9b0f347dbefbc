"""Bad manners as data: what a portal may do to an answer instead of sending it as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from demo.wire import Request, Response
from news.errors import BantinError

_WAF = """<!DOCTYPE html><html><head><title>Attention Required!</title></head><body><h1>Truy cập bị từ chối</h1>
<p>Yêu cầu của bạn đã bị hệ thống tường lửa ứng dụng web chặn lại. Mã sự kiện: 8134729912340011.</p>
<p>The requested URL was rejected. Please consult with your administrator. Your support ID is: 8134729912340011</p>
</body></html>""".encode()
NOT_FOUND = "Không tìm thấy trang"
_NOT_FOUND_PAGE = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{NOT_FOUND}</title></head><body>
<div class="error"><h1>{NOT_FOUND}</h1><p>Trang bạn yêu cầu không tồn tại hoặc đã bị gỡ bỏ.</p>
<a href="/">Về trang chủ</a></div></body></html>""".encode()
_MAINTENANCE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Hệ thống đang bảo trì</title></head>
<body><img src="/logo.png" alt=""><h1>Hệ thống đang bảo trì</h1><p>Cổng thông tin điện tử đang được nâng cấp, dự kiến
trở lại lúc 18:00. Mong quý vị thông cảm và vui lòng quay lại sau.</p></body></html>""".encode()
_HUGE = 30_000_000
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"


@dataclass
class Fault:
    """A fault on every request whose target matches `pattern`, at most `times` times where that is given."""

    pattern: re.Pattern[str]
    name: str
    times: int | None = None

    def strikes(self, target: str) -> bool:
        if self.times == 0 or not self.pattern.search(target):
            return False
        if self.times is not None:
            self.times -= 1
        return True


def make_fault(pattern: str, name: str, times: int | None = None) -> Fault:
    if name not in FAULTS:
        raise BantinError(f"There is no fault {name!r}.", f"Use one of {', '.join(sorted(FAULTS))}.")
    return Fault(re.compile(pattern), name, times)


def _half(answer: Response) -> bytes:
    return answer.body[: len(answer.body) // 2]


def _with_nuls(answer: Response) -> bytes:
    step = 97
    return b"\x00".join(answer.body[at : at + step] for at in range(0, len(answer.body), step))


def _huge(answer: Response) -> bytes:
    filler = b"<p>" + b"Noi dung lap lai cua trang qua lon. " * 40 + b"</p>\n"
    return answer.body + filler * ((_HUGE - len(answer.body)) // len(filler) + 1)


def _here(request: Request) -> str:
    return request.target.encode("ascii", "ignore").decode()


# The answer as it would have been, and the request, to the answer as it is sent.
FAULTS: Mapping[str, Callable[[Response, Request], Response]] = {
    "hang": lambda a, r: replace(a, hang=3600.0),
    "500": lambda a, r: Response(500, b"<html><body><h1>Server Error in '/' Application.</h1></body></html>"),
    "503": lambda a, r: Response(503, b"", headers=(("Retry-After", "1"),)),
    "404": lambda a, r: Response(404, _NOT_FOUND_PAGE),
    "410": lambda a, r: Response(410, _NOT_FOUND_PAGE),
    "not-found-200": lambda a, r: Response(200, _NOT_FOUND_PAGE),
    # Honest: the length is that of the half page; a browser sees no fault. Dishonest: the connection ends too soon.
    "truncated": lambda a, r: replace(a, body=_half(a)),
    "cut-off": lambda a, r: replace(a, body=_half(a), claimed=len(a.body), cut=True),
    "empty": lambda a, r: replace(a, body=b""),
    "blank": lambda a, r: replace(a, body=b"<html><head></head><body></body></html>"),
    "nul-bytes": lambda a, r: replace(a, body=_with_nuls(a)),
    "wrong-charset": lambda a, r: replace(a, content_type="text/html; charset=iso-8859-1"),
    "unknown-charset": lambda a, r: replace(a, content_type="text/html; charset=x-tcvn-none"),
    "huge": lambda a, r: replace(a, body=_huge(a)),
    "binary-as-html": lambda a, r: replace(a, body=_PNG + bytes(range(256)) * 400),
    "redirect-loop": lambda a, r: Response(302, headers=(("Location", _here(r)),)),
    "redirect-away": lambda a, r: Response(302, headers=(("Location", "http://192.0.2.1/dang-nhap"),)),
    "redirect-home": lambda a, r: Response(302, headers=(("Location", "/"),)),
    "maintenance-200": lambda a, r: Response(200, _MAINTENANCE),
    "maintenance-503": lambda a, r: Response(503, _MAINTENANCE),
    "waf-403": lambda a, r: Response(403, _WAF),
    "waf-200": lambda a, r: Response(200, _WAF),
    "slow-drip": lambda a, r: replace(a, drip=200),
    "no-type": lambda a, r: replace(a, content_type=""),
    "reset": lambda a, r: Response(200, b"", claimed=1000, cut=True),
}
