"""How the pages of a list are counted, from what a page links."""

from __future__ import annotations

import pytest

from news.discover.links import links_of, parsed
from spiders.propose.paging import Paging, guesses, paging_of

LIST = "https://x.vn/tin"


def paging(links: dict[str, str], url: str = LIST) -> Paging | None:
    anchors = (f'<a href="{address}">{text}</a> ' for text, address in links.items())
    root = parsed(f"<p>{''.join(anchors)}</p>".encode())
    assert root is not None
    return paging_of(links_of(root, url), url)


@pytest.mark.parametrize(
    ("links", "template", "first"),
    [
        ({"1": "/tin", "2": "/tin?page=2", "3": "/tin?page=3"}, "/tin?page={n}", 1),
        ({"2": "/tin?PageIndex=2"}, "/tin?PageIndex={n}", 1),
        ({"2": "/tin/trang-2.htm", "3": "/tin/trang-3.htm"}, "/tin/trang-{n}.htm", 1),
        ({"2": "/tin/page/2/", "10": "/tin/page/10/"}, "/tin/page/{n}/", 1),
        ({"2": "/tin-page1", "3": "/tin-page2"}, "/tin-page{n}", 0),
        ({"2": "/tin?_c=2&page=2", "3": "/tin?_c=2&page=3"}, "/tin?_c=2&page={n}", 1),
        ({"2": "/tin?_c=2&page=2"}, "/tin?_c=2&page={n}", 1),
        ({"2": "/Home/TabId/2/Default.aspx?PageNo=2"}, "/Home/TabId/2/Default.aspx?PageNo={n}", 1),
        ({"2": "/tin?p_p_id=101_INSTANCE_x&cur=2&delta=20", "3": "/tin?p_p_id=101_INSTANCE_x&cur=3&delta=20"},
         "/tin?p_p_id=101_INSTANCE_x&cur={n}&delta=20", 1),
        ({"1": "/tin-p1", "2": "/tin-p2", "3": "/tin-p3"}, "/tin-p{n}", 1),
    ],
)  # fmt: skip
def test_numbered_links_show_the_address_of_every_page(links: dict[str, str], template: str, first: int) -> None:
    assert paging(links) == Paging(f"https://x.vn{template}", first)


@pytest.mark.parametrize(
    "links",
    [
        {},
        {"Tiếp": "/tin?page=2"},
        {"2": "javascript:__doPostBack('pager','2')"},
        {"2": "/chi-tiet/khac", "3": "/chi-tiet/nua"},
        {"2024": "/luu-tru/2024", "2025": "/luu-tru/2025"},
        {"2": "https://other.vn/tin?page=2"},
        {"5": "/tin/ngay-5-3-2025.htm", "6": "/tin/ngay-6-3-2025.htm"},
        {"5": "/luu-tru/2025/3/5", "6": "/luu-tru/2025/3/6"},
        {"5": "/luu-tru/2025/5", "6": "/luu-tru/2025/6"},
        {"5": "/tin/ngay-05-03-2025.htm", "6": "/tin/ngay-06-03-2025.htm"},
    ],
)
def test_what_shows_no_numbers_of_pages_is_not_guessed_at(links: dict[str, str]) -> None:
    assert paging(links) is None


def test_pages_are_counted_from_the_first_number() -> None:
    assert Paging("https://x.vn/tin-page{n}", 0).page(2) == "https://x.vn/tin-page1"
    assert Paging("https://x.vn/tin?p={n}").page(2) == "https://x.vn/tin?p=2"


def test_guesses_keep_the_ending_and_the_parameters() -> None:
    assert Paging("https://x.vn/tin/trang-{n}.htm") in guesses("https://x.vn/tin.htm")
    assert Paging("https://x.vn/danh-muc?_c=1&page={n}") in guesses("https://x.vn/danh-muc?_c=1")
    assert Paging("https://x.vn/tin/page/{n}/") in guesses("https://x.vn/tin/")
    assert guesses("https://x.vn/{tin}") == []
