"""The table of sites."""

from __future__ import annotations

import httpx
from lxml import html


def test_the_console_has_its_menu_and_its_place_in_the_masthead(operator: httpx.Client) -> None:
    page = html.fromstring(operator.get("/console").text)
    assert [link.text for link in page.cssselect(".menu a")] == ["Trang nguồn", "Lượt chạy", "Đang chạy", "Vì sao"]
    assert [link.text for link in page.cssselect(".workplace a[aria-current]")] == ["Vận hành"]
    assert page.cssselect("dialog#login form")
    assert "Running" in operator.get("/console?lang=en").text
