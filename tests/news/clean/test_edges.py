"""Buttons and labels in wordings that no rule knows go where they stand outside of the article, and only there."""

from __future__ import annotations

from news.article import Block
from news.clean.boilerplate import strike_lines

FIRST = "Sáng 12/6, huyện đoàn tổ chức lễ ra quân chiến dịch tình nguyện với hơn ba trăm đoàn viên tham gia."
LAST = "Bí thư Huyện đoàn đề nghị các đội đặt an toàn của đoàn viên lên hàng đầu trong suốt mùa hè này."


def _line(text: str, links: float = 0.0, kind: str = "paragraph", *style: str) -> Block:
    return Block(kind, text, links=links, style=frozenset(style))


def _kept(*blocks: Block) -> list[str]:
    return [block.text for block in strike_lines(blocks)[0]]


def test_what_stands_among_buttons_behind_the_last_paragraph_goes() -> None:
    tail = [_line("Lượt xem: 55"), _line("Kho tiện ích"), _line("Hoàng Oanh 95", 1.0), _line("Tuyệt quá!")]
    kept, removed = strike_lines([_line(FIRST), _line(LAST), *tail])
    assert [block.text for block in kept] == [FIRST, LAST]
    assert [r.rule for r in removed] == ["lines:view-count", "edges:behind", "edges:behind", "edges:behind"]


def test_what_stands_among_buttons_before_the_first_paragraph_goes() -> None:
    assert _kept(_line("Trang chủ", 1.0), _line("Đọc cho tôi nghe"), _line("12/06/2025 08:15"), _line(FIRST)) == [FIRST]


def test_a_link_behind_the_last_paragraph_that_leads_somewhere_stays() -> None:
    shown = Block("paragraph", "Đăng ký dự thi", '<a href="https://thi.example/">Đăng ký dự thi</a>', links=1.0)
    assert _kept(_line(FIRST), _line(LAST), shown, _line("Cỡ chữ to", 1.0)) == [FIRST, LAST, shown.text]


def test_a_short_last_sentence_and_a_heading_before_the_first_paragraph_stay() -> None:
    head, end = _line("1. Không khí ngày ra quân", 0.0, "heading"), _line("Lễ ra quân thành công tốt đẹp./.")
    assert _kept(_line("12/06/2025 08:15"), head, _line(FIRST), end, _line("In bài viết")) == [
        head.text,
        FIRST,
        end.text,
    ]


def test_lists_tables_and_credits_at_the_end_stay() -> None:
    rows = [_line("Xã Đông | 12", 0.0, "row"), _line("Xã Tây | 15", 0.0, "row")]
    items = [_line("Áo xanh", 0.0, "item"), _line("Mũ tai bèo", 0.0, "item")]
    credit = _line("Tác giả: Thu Hà")
    assert _kept(_line(FIRST), *items, *rows, _line("In bài viết"), credit) == [
        FIRST,
        *(block.text for block in [*items, *rows, credit]),
    ]


def test_several_bare_buttons_at_the_very_end_go_and_a_signature_stays() -> None:
    assert _kept(_line(FIRST), _line(LAST), _line("Có ích"), _line("Chưa có ích"), _line("Giọng Huế")) == [FIRST, LAST]
    signed = [_line("KT. CHỦ TỊCH"), _line("PHÓ CHỦ TỊCH")]
    assert _kept(_line(FIRST), _line(LAST), *signed) == [FIRST, LAST, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_a_list_of_links_ends_an_article_whatever_its_heading_says() -> None:
    link = Block("paragraph", "Bàn giao nhà cho gia đình chính sách", '<a href="/b">Bàn giao</a>', links=1.0)
    tail = [_line("Gửi tới đồng nghiệp"), _line("Bạn nên biết"), link, _line("Có 44 người đang ghé xem")]
    assert _kept(_line(FIRST), _line(LAST), *tail) == [FIRST, LAST, link.text]


def test_a_paragraph_behind_a_box_or_a_counter_stays() -> None:
    blocks = [_line(FIRST), _line("Quảng cáo"), _line("Bài đáng xem"), _line("Lượt xem: 5"), _line(LAST)]
    assert _kept(*blocks) == [FIRST, "Bài đáng xem", LAST]
