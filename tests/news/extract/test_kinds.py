"""Articles are told from listings, walls, missing pages and the rest, by the page alone."""

from __future__ import annotations

import pytest

from news.article import Kind
from news.errors import Reason
from news.extract import extract

URL = "https://xaphuochung.gov.vn/bai/noi-dung"
MENU = (
    '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/gioi-thieu">Giới thiệu</a></li>'
    '<li><a href="/tin-tuc">Tin tức</a></li><li><a href="/lien-he">Liên hệ</a></li></ul>'
)
FOOT = '<div id="footer">Bản quyền thuộc UBND xã Phước Hưng. Chịu trách nhiệm: Chủ tịch UBND xã</div>'
PROSE = (
    "Sáng nay, công an xã phối hợp với tổ công nghệ số cộng đồng đến từng hộ dân để hướng dẫn cách nhận biết thủ đoạn.",
    "Theo công an xã, từ đầu năm đến nay trên địa bàn xảy ra bốn vụ lừa đảo qua mạng, thiệt hại hơn 300 triệu đồng.",
    "Người dân cần bình tĩnh, không bấm vào đường dẫn lạ và báo ngay cho công an xã qua số điện thoại đường dây nóng.",
)
HEADLINES = (
    "Xã Phước Hưng đón bằng công nhận đạt chuẩn nông thôn mới", "Khởi công tuyến đường liên ấp dài bốn cây số",
    "Hội Phụ nữ trao mười mái ấm tình thương", "Trạm Y tế tổ chức khám sàng lọc cho người cao tuổi",
    "Đoàn viên thanh niên ra quân trồng cây đầu xuân", "Tập huấn kỹ thuật nuôi tôm theo hướng hữu cơ",
    "Bàn giao công trình nước sạch cho ấp Bà Mỹ", "Kỳ họp thứ chín Hội đồng nhân dân xã", "Lễ giao nhận quân năm nay",
    "Hội thi giáo viên dạy giỏi cấp trường",
)  # fmt: skip


def page(title: str, body: str, *, date: str = "<div>12/04/2025 08:15</div>", head: str = "", tag: str = "h1") -> str:
    return (
        f"<html><head><title>{title} - Xã Phước Hưng</title>{head}</head><body>{MENU}<div class='main'>"
        f"<{tag}>{title}</{tag}>{date}<div class='noi-dung'>{body}</div></div>{FOOT}</body></html>"
    )


def prose(count: int = 3) -> str:
    return "".join(f"<p>{line}</p>" for line in PROSE[:count])


def cards(layout: str, count: int = 10) -> str:
    return "".join(
        layout.format(url=f"/bai/{n}", head=head, text=PROSE[n % 3], date=f"{n + 1:02d}/04/2025")
        for n, head in enumerate(HEADLINES[:count])
    )


ARTICLES = {
    "an article about captchas": page("Cảnh báo captcha giả mạo chiếm tài khoản ngân hàng", prose(2)),
    "a notice about blocked cards": page("Gần 400 sim rác bị chặn trong đợt ra quân", prose(1)),
    "an undated article about captchas": page("Cảnh báo captcha giả mạo chiếm tài khoản", prose(2), date=""),
    "an article about error 404": page("Vì sao trang dịch vụ công báo lỗi 404 sáng nay", prose(2)),
    "a short article on nobody found": page("Không tìm thấy nạn nhân thứ hai trong vụ lật ghe", prose(1)),
    "a short article on something deleted": page("Hơn 1.200 tài khoản giả đã bị xóa", prose(1)),
    "a notice on logging in": page("Đăng nhập VNeID bằng khuôn mặt từ ngày 01/7", prose(1)),
    "a notice on contact numbers": page("Liên hệ đường dây nóng khi phát hiện cháy rừng", prose(1)),
    "a notice of two sentences": page(
        "Thông báo nghỉ lễ", "<p>Trụ sở nghỉ lễ từ 30/4. Bộ phận một cửa trực sáng 03/5.</p>"
    ),
    "an undated notice": page("Thông báo tạm ngừng cấp nước tại ấp Bà Mỹ và ấp Phước Thọ", prose(1), date=""),
    "an article with ten headlines after it": page("Hướng dẫn nhận biết lừa đảo qua mạng", prose())
    .replace(FOOT, f"<div><h4>Tin khác</h4>{cards('<h3><a href={url}>{head}</a></h3>')}</div>{FOOT}"),
    "an article with headlines inside its box": page(
        "Hướng dẫn nhận biết lừa đảo qua mạng",
        prose() + "<ul>" + cards("<li><a href={url}>{head}</a> ({date})</li>", 6) + "</ul>",
    ),
    "an article with subheadings that are links": page(
        "Năm cách bảo vệ tài khoản",
        "".join(f"<h3><a name=m{n}>Cách {n}: kiểm tra địa chỉ</a></h3>{prose(1)}" for n in range(6)),
    ),
    "a gallery": page(
        "Ngày hội đua ghe ngo trên sông Hậu",
        "".join(
            f'<figure><img src="/a/{n}.jpg" width="800"><figcaption>Ghe số {n} về đích</figcaption></figure>'
            for n in range(6)
        ),
    ),
    "a video": page(
        "Lễ hội cúng biển Mỹ Long",
        '<video src="/v/le-hoi.mp4" controls></video><p>Lễ hội cúng biển được ngư dân gìn giữ hơn một trăm năm.</p>',
        head='<meta property="og:type" content="video.other">',
    ),
}  # fmt: skip

LISTINGS = {
    "headings with teasers": page(
        "Tin tức", cards("<div class=item><h3><a href={url}>{head}</a></h3><p>{text}</p></div>"), date=""
    ),
    "a list with dates": page(
        "Tin hoạt động của xã", "<ul>" + cards("<li><a href={url}>{head}</a> ({date})</li>") + "</ul>", date=""
    ),
    "cards without headings": page(
        "Nông nghiệp", cards("<div class=o><a class=ten href={url}>{head}</a><i>{date}</i><p>{text}</p></div>"), date=""
    ),
    "rows of a table": page(
        "Thông báo",
        "<table>" + cards("<tr><td><a href={url}><b>{head}</b></a><br>{text}</td></tr>") + "</table>",
        date="",
    ),
    "a blog's archive": page(
        "Chuyên mục: Giáo dục",
        cards(
            "<article><h2 class=entry-title><a href={url}>{head}</a></h2>"
            "<div class=entry-content><p>{text}</p></div></article>"
        ),
        date="", head='<meta name="generator" content="WordPress 6.6">',
    ),
    "a tag with three articles": page(
        "Thẻ: nông thôn mới",
        cards("<div class=row><h4><a href={url}>{head}</a></h4><i>{date}</i><p>{text}</p></div>", 3),
        date="",
    ),
    "search results": page(
        "Kết quả tìm kiếm", "<form><input name=q></form><p>Tìm thấy 10 kết quả</p>"
        + cards("<p><a href={url}>{head}</a><br>{date} - {text}</p>"), date="",
    ),
    "a topic with an introduction": page(
        "Chuyên đề: Chuyển đổi số",
        f"<p>{PROSE[1]}</p>" + cards("<div><h3><a href={url}>{head}</a></h3><p>{text}</p></div>"),
        date="",
    ),
    "articles in linked data": page(
        "Kinh tế", cards("<div class=o><a href={url}>{head}</a><p>{text}</p></div>"), date="",
        head="".join(
            f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{h}",'
            '"datePublished":"2025-04-12"}</script>'
            for h in HEADLINES[:5]
        ),
    ),
}  # fmt: skip

OTHERS = {
    "contact": (
        page(
            "Liên hệ",
            "<p>Ủy ban nhân dân xã, ấp Bà Mỹ. Điện thoại: 0270 000 000.</p><form>Họ tên<input></form>",
            date="",
        ),
        Reason.NOT_ARTICLE,
    ),
    "site map": (
        page(
            "Sơ đồ cổng",
            "<ul><li><a href=/a>Giới thiệu về địa phương</a></li><li><a href=/b>Tin</a></li></ul>",
            date="",
        ),
        Reason.NOT_ARTICLE,
    ),
    "an empty search": (
        page("Tìm kiếm", "<form><input name=q></form><p>Không tìm thấy kết quả nào phù hợp.</p>", date=""),
        Reason.NOT_ARTICLE,
    ),
    "introduction": (page("Giới thiệu chung", prose(), date=""), Reason.NOT_ARTICLE),
    "missing, in Vietnamese": (
        page("Không tìm thấy trang", "<p>Trang bạn yêu cầu không tồn tại hoặc đã bị xóa.</p>", date=""),
        Reason.SOFT_404,
    ),
    "missing, with the latest news": (
        page("Lỗi 404", "<p>Không tìm thấy nội dung.</p>" + cards("<p>{text}</p>", 4), date=""),
        Reason.SOFT_404,
    ),
    "missing, without a title": (
        "<html><body><p>Bài viết không tồn tại hoặc đã bị gỡ.</p><a href=/>Về trang chủ</a></body></html>",
        Reason.SOFT_404,
    ),
    "missing, of IIS": (
        "<html><head><title>404 - File or directory not found.</title></head><body><h1>Server Error</h1><h2>404 - File"
        " or directory not found.</h2><p>The resource you are looking for might have been removed.</p></body></html>",
        Reason.SOFT_404,
    ),
    "an error of ASP.NET": (
        "<html><head><title>Runtime Error</title></head><body><h1>Server Error in '/' Application.</h1><h2>Runtime"
        " Error</h2><p>Description: An application error occurred on the server. The current custom error settings for"
        " this application prevent the details of the application error from being viewed remotely.</p></body></html>",
        Reason.SOFT_404,
    ),
}

WALLS = {
    "Cloudflare": "<html><head><title>Just a moment...</title></head><body><h1>xaphuochung.gov.vn</h1><p>Checking if"
    " the site connection is secure. Enable JavaScript and cookies to continue.</p></body></html>",
    "Cloudflare's refusal": "<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you"
    " have been blocked</h1><h2>You are unable to access xaphuochung.gov.vn</h2><p>This website is using a security"
    " service to protect itself. The action you just performed triggered the security solution.</p></body></html>",
    "F5": "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with"
    " your administrator.<br>Your support ID is: 1234567890</body></html>",
    "a Vietnamese one": page(
        "Truy cập bị từ chối", "<p>Địa chỉ IP của bạn đã bị chặn do gửi quá nhiều yêu cầu.</p>", date=""
    ),
    "a captcha": page("Xác minh", "<p>Vui lòng nhập mã captcha để tiếp tục truy cập.</p><input name=captcha>", date=""),
    "a login": page("Đăng nhập hệ thống", "<form>Tên đăng nhập<input>Mật khẩu<input type=password></form>", date=""),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_one_whatever_it_is_about(name: str) -> None:
    found = extract(ARTICLES[name], URL)
    assert (found.kind, found.reason) == (Kind.ARTICLE, None)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_list_of_articles_is_a_listing(name: str) -> None:
    assert extract(LISTINGS[name], URL).kind is Kind.LISTING


@pytest.mark.parametrize("name", OTHERS)
def test_what_reports_nothing_is_neither(name: str) -> None:
    html, reason = OTHERS[name]
    found = extract(html, URL)
    assert (found.kind, found.reason) == (Kind.BLOCKED if reason is Reason.SOFT_404 else Kind.OTHER, reason)


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_before_the_page_is_seen(name: str) -> None:
    assert extract(WALLS[name], URL).kind is Kind.BLOCKED


def test_the_front_page_is_a_listing() -> None:
    assert extract(ARTICLES["an article about captchas"], "https://xaphuochung.gov.vn/").kind is Kind.LISTING


def test_a_register_of_documents_is_no_article() -> None:
    rows = "".join(
        f"<tr><td><a href='/van-ban/{n}'>{n}/KH-UBND</a></td><td>{text}</td></tr>" for n, text in enumerate(PROSE, 40)
    )
    table = f"<table><tr><th>Số ký hiệu</th><th>Trích yếu</th></tr>{rows}</table>"
    assert extract(page("Văn bản chỉ đạo điều hành", table, date=""), URL).kind is not Kind.ARTICLE


def test_what_a_search_found_is_no_article() -> None:
    found = "".join(
        f"<li><a href='/bai/{n}'>{head}</a> <em>{PROSE[n % 3]}</em></li>" for n, head in enumerate(HEADLINES)
    )
    assert extract(page("Tìm thấy 10 kết quả", f"<ol>{found}</ol>", date=""), URL).kind is not Kind.ARTICLE
