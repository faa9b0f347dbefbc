"""Cards of other articles inside the text are told by their shape, not by a class."""

from __future__ import annotations

import lxml.html
import pytest

from news.extract.linear import placed
from news.extract.teasers import teasers

URL = "https://tanlap.gov.vn/tin/khai-mac-le-hoi-123.html"
PROSE = "Lễ hội năm nay diễn ra trong ba ngày với sự tham gia của hơn hai nghìn người dân các thôn, bản trong xã."


def card(title: str, href: str, teaser: str = "Một câu dẫn ngắn về bài này.") -> str:
    return f'<div class="x"><h4><a href="{href}">{title}</a></h4><p>{teaser}</p><em>12/03/2025</em></div>'


def kept(body: str) -> list[str]:
    container = lxml.html.fromstring(f"<div><p>{PROSE}</p>{body}<p>{PROSE}</p></div>")
    found = placed(container, URL, markup=True)
    gone = teasers(found, container, URL)
    return [block.text for i, (block, _) in enumerate(found) if i not in gone and block.text != PROSE]


def test_cards_beside_each_other_go_with_their_teasers_and_dates() -> None:
    cards = card("Xã Tân Lập đón bằng công nhận", "/tin/a-1.html") + card(
        "Họp giao ban công tác tháng ba", "/tin/b-2.html"
    )
    assert kept(f"<div>{cards}</div>") == []


def test_one_linked_headline_may_be_the_articles_own() -> None:
    assert kept(card("Xã Tân Lập đón bằng công nhận", "/tin/a-1.html"))[0] == "Xã Tân Lập đón bằng công nhận"


@pytest.mark.parametrize("href", ["https://shop.example.com/a", "https://vanban.chinhphu.vn/b"])
def test_what_the_author_shows_elsewhere_stays(href: str) -> None:
    cards = card("Bộ sách về lễ hội các dân tộc", href) + card("Bản đồ du lịch cộng đồng của tỉnh", href)
    assert len(kept(f"<div>{cards}</div>")) == 6


def test_a_section_with_much_to_say_below_its_linked_heading_is_no_card() -> None:
    long = PROSE * 4
    cards = card("Thôn Một giữ nghề dệt thổ cẩm", "/a-1.html", long) + card(
        "Thôn Hai trồng lại rừng sa mộc", "/b.html", long
    )
    assert long in kept(f"<div>{cards}</div>")


def test_one_card_below_a_heading_of_other_news_goes_too() -> None:
    assert kept(f"<div><h5>Tin liên quan</h5>{card('Xã Tân Lập đón bằng công nhận', '/a-1.html')}</div>") == []
