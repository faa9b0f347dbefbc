"""A page that stands for all others while a site is maintained is told from news about maintenance."""

from __future__ import annotations

import pytest

from news.article import Kind
from news.errors import Reason
from news.extract import extract
from news.extract.maintenance import under_maintenance

URL = "https://xaphuochung.gov.vn/bai/noi-dung-1234.html"


def page(title: str, body: str, head: str = "") -> str:
    return f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"


SAID = {
    "plain": page("Bảo trì", "<h1>Hệ thống đang bảo trì</h1><p>Vui lòng quay lại sau.</p>"),
    "a portal by its name": page(
        "Cổng thông tin điện tử Sở Tài nguyên và Môi trường tỉnh Lam Hà",
        "<img src=/logo.png><p>Cổng thông tin điện tử Sở Tài nguyên và Môi trường tỉnh Lam Hà hiện đang được nâng cấp"
        " để phục vụ quý vị tốt hơn.</p><p>Dự kiến hoạt động trở lại lúc 18:00 ngày 12/04/2025.</p>",
    ),
    "until a moment": page(
        "Website đang được nâng cấp",
        "<h2>Website đang được nâng cấp</h2><div>Từ 22:00 12/04/2025</div><div>Đến 06:00 13/04/2025</div>"
        "<p>Chúng tôi đang tiến hành nâng cấp máy chủ để phục vụ tốt hơn. Rất mong quý vị thông cảm vì sự bất tiện này,"
        " và vui lòng quay lại sau ít phút. Mọi thắc mắc xin gửi về hòm thư của cơ quan.</p>",
    ),
    "two languages": page(
        "Under maintenance",
        "<h1>Trang web đang bảo trì</h1><p>Xin lỗi vì sự bất tiện.</p><h1>Website is under maintenance</h1>",
    ),
    "NukeViet": page(
        "Thông báo",
        "<p>Vì lý do kỹ thuật website tạm ngưng hoạt động. Thành thật xin lỗi các bạn vì sự bất tiện này!</p>"
    ),
    "Drupal": page("Under maintenance | Lam Hà", "<p>Lam Hà is currently under maintenance. We should be back.</p>"),
    "Joomla": page("Lam Hà", "<p>This site is down for maintenance.<br>Please check back again soon.</p>"),
    "WordPress": page("Maintenance", "<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>"),
    "its name and what it is at": page("Cổng TTĐT xã Phước Hưng - Đang bảo trì", "<p>Hotline: 0270 000 000</p>"),
    "no closing tags, a script": "<title>Lam Hà</title><script>var a='x'</script><h1>Hệ thống máy chủ đang bảo trì",
}  # fmt: skip

PROSE = (
    "<p>Trong thời gian trên, người dân và doanh nghiệp chủ động sắp xếp kế hoạch và theo dõi thông báo tiếp theo.</p>"
)
NEWS = {
    "a bridge": page(
        "Cầu Lam Hà đang bảo trì, xe tải đi đường vòng",
        f"<h1>Cầu Lam Hà đang bảo trì, xe tải đi đường vòng</h1>{PROSE}",
    ),
    "a bridge, in English": page(
        "Lam Ha bridge is under maintenance",
        "<h1>Lam Ha bridge is under maintenance</h1><p>Trucks have to take the road along the river until May.</p>",
    ),
    "the tax system": page(
        "Hệ thống thuế điện tử đang bảo trì",
        f"<h1>Hệ thống thuế điện tử đang bảo trì</h1><p>Cục Thuế tỉnh thông báo hệ thống thuế điện tử đang được nâng"
        f" cấp.</p>{PROSE}",
    ),
    "the site itself, later": page(
        "Thông báo bảo trì hệ thống",
        f"<h1>Thông báo bảo trì cổng dịch vụ công từ ngày 15/4</h1><div>12/04/2025 08:15</div><p>Hệ thống sẽ được bảo"
        f" trì từ 22 giờ ngày 15/4, mong quý vị thông cảm.</p>{PROSE}",
    ),
    "the site itself, with a date": page(
        "Hệ thống đang bảo trì",
        f"<h1>Hệ thống đang bảo trì</h1><div>Thứ bảy, 12/04/2025 08:15</div><p>Cổng thông tin điện tử tỉnh đang được"
        f" nâng cấp.</p>{PROSE}",
    ),
    "with a date for machines": page(
        "Website đang được nâng cấp", f"<h1>Website đang được nâng cấp</h1>{PROSE}",
        head='<meta property="article:published_time" content="2025-04-12T08:15:00+07:00">',
    ),
    "a long notice": page(
        "Website của tỉnh đang được nâng cấp",
        f"<h1>Website của tỉnh đang được nâng cấp</h1>{PROSE * 8}",
    ),
    "among the menus of a portal": page(
        "Website của tỉnh đang được nâng cấp",
        "".join(f"<a href=/muc-{n}>Mục {n}</a>" for n in range(20))
        + f"<h1>Website của tỉnh đang được nâng cấp</h1>{PROSE}",
    ),
    "a road": page(
        "Tạm dừng lưu thông để nâng cấp đường tỉnh 832",
        f"<h1>Tạm dừng lưu thông để nâng cấp đường tỉnh 832</h1>{PROSE}",
    ),
    "who keeps it up": page(
        "Đấu thầu gói bảo trì trang thiết bị y tế",
        f"<h1>Đấu thầu gói bảo trì trang thiết bị y tế</h1><p>Hệ thống lọc máu đang được nâng cấp.</p>{PROSE}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_site_that_says_that_it_is_maintained_is_believed(name: str) -> None:
    found = extract(SAID[name], URL)

    assert (found.kind, found.reason) == (Kind.BLOCKED, Reason.MAINTENANCE)
    assert under_maintenance(SAID[name].encode())


@pytest.mark.parametrize("name", NEWS)
def test_news_of_maintenance_are_news(name: str) -> None:
    found = extract(NEWS[name], URL)

    assert (found.kind, found.reason) == (Kind.ARTICLE, None)


@pytest.mark.parametrize(
    "page", [b"", b"\x00\xff\xfe", b"<rss><channel></channel></rss>", b"%PDF-1.4", "Đang bảo trì".encode("utf-16")]
)
def test_any_bytes_are_looked_at(page: bytes) -> None:
    assert not under_maintenance(page)
