"""The article's place where no template is known: whole, though other things stand between its paragraphs."""

from __future__ import annotations

from news.article import Kind
from news.extract import extract

URL = "https://xatanlap.gov.vn/tin/ra-quan-trong-cay"
TITLE = "Xã Tân Lập ra quân trồng cây dịp đầu xuân"
LINES = [
    "Sáng 7/2, hơn hai trăm cán bộ và nhân dân xã Tân Lập ra quân trồng cây tại tám thôn trong xã.",
    "Trong buổi sáng, bà con đã trồng hơn hai nghìn cây lim xanh, giổi và keo dọc đường liên thôn.",
    "Xã giao cho các đoàn thể mỗi nơi chăm sóc một tuyến, bảo đảm tỷ lệ cây sống trên 95 phần trăm.",
]
OTHERS = "".join(
    f"<p><a href='/tin/{n}'>Bàn giao nhà tình nghĩa thứ {n} cho gia đình chính sách ở thôn Đoài</a></p>"
    for n in range(8)
)
COUNTER = "<div>Hôm nay</div><div>1.234</div><div>Tháng này</div><div>45.678</div><div>Tất cả</div><div>9.876</div>"


def body_of(markup: str) -> list[str]:
    article = extract(
        f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><div>{markup}</div></body></html>", URL
    )
    assert article.kind is Kind.ARTICLE
    return article.body.split("\n")


def test_paragraphs_beside_lists_of_other_news_stay_together() -> None:
    first, second, third = (f"<p>{line}</p>" for line in LINES)
    markup = f"<h1>{TITLE}</h1><div>7/2/2025 08:00</div>{first}{COUNTER}{second}<p>Tin liên quan</p>{OTHERS}{third}"
    assert body_of(f"{markup}<p>Các tin khác</p>{OTHERS}") == LINES


def test_two_boxes_of_one_article_stay_together() -> None:
    first, second, third = (f"<p>{line}</p>" for line in LINES)
    boxes = f"<div>{first}</div><div><p>Tin đọc nhiều</p>{OTHERS}</div><div>{second}{third}</div>"
    assert body_of(f"<h1>{TITLE}</h1><div>7/2/2025 08:00</div><div>{boxes}</div>") == LINES


def test_lines_parted_by_breaks_in_a_cell_full_of_lists_are_the_article() -> None:
    lines = "<br><br>".join(LINES)
    cell = f"<b>{TITLE}</b><br>(7/2/2025)<br>{lines}<hr><div>Tin đã đưa</div>{OTHERS}"
    menu = "<td><a href='/'>Trang chủ</a><br>Trang liên kết<br>Bộ đếm truy cập<br>Đang online: 9"
    assert body_of(f"<table><tr>{menu}<td>{cell}</table>") == LINES


def test_a_page_with_other_news_before_a_short_article_is_no_listing() -> None:
    first, second, third = (f"<p>{line}</p>" for line in LINES)
    assert body_of(f"<div>{OTHERS}</div><div><h1>{TITLE}</h1><div>7/2/2025 08:00</div>{first}{second}{third}</div>")


def test_the_headline_above_a_second_copy_goes_with_the_copy() -> None:
    text = "".join(f"<p>{line}</p>" for line in LINES)
    copy = f"<div><h2>{TITLE}</h2>{text}</div>"
    assert body_of(f"<h1>{TITLE}</h1><div>7/2/2025 08:00</div><div>{text}</div>{copy}") == LINES


def test_a_heading_behind_the_first_paragraph_is_not_the_headline() -> None:
    first, second, third = (f"<p>{line} {LINES[0]}</p>" for line in LINES)
    article = extract(
        f"<html><head><meta charset=utf-8><title>Chi tiết tin tức</title></head><body><div class=tieude>{TITLE}</div>"
        f"<div>7/2/2025</div><div>{first}<h3>Chăm sóc cây sau khi trồng</h3>{second}{third}</div></body></html>",
        URL,
    )
    assert article.title == TITLE
    assert "Chăm sóc cây sau khi trồng" in article.body
