"""The list of feeds, as a reader imports it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import listparser
import pytest
from lxml import etree

from news.errors import InvalidValue
from news.publish import Origin, opml
from news.publish.opml import Outline

GOLDEN = Path(__file__).parent / "golden" / "feeds.opml"
SITES = (
    Origin("moh", "Bộ Y tế", "https://moh.gov.vn/", "ministry"),
    Origin("hanoi", "Hà Nội", "https://hanoi.gov.vn/", "province", "Hà Nội"),
    Origin("bo-tc", 'Bộ "Tài chính" & <thuế>', "https://mof.gov.vn/", "ministry"),
)
WORDS = {"": "Tất cả", "kind": "Theo loại", "territory": "Theo địa phương", "site": "Theo trang"}


def catalogue() -> bytes:
    names = {site.id: site.name for site in SITES}
    outlines = opml.catalogue(
        SITES,
        lambda filter, value: (f"https://tin.vn/feeds/atom.xml?{filter}={value.replace(' ', '+')}", "https://tin.vn/"),
        lambda filter, value: names.get(value, value) if value else WORDS[filter],
    )
    return opml.render("Bantin", outlines, owner="Bantin", modified=datetime(2026, 3, 1, tzinfo=UTC))


def test_the_list_is_the_one_that_was_agreed_on() -> None:
    assert catalogue().decode() == GOLDEN.read_text(encoding="utf-8")


def test_a_reader_finds_every_feed_in_its_folder() -> None:
    parsed = listparser.parse(catalogue())

    assert not parsed.bozo
    assert parsed.meta.title == "Bantin"
    assert all(outline.get("text") for outline in etree.fromstring(catalogue()).iter("outline"))
    found = {feed.url.partition("?")[2]: (feed.title, feed.categories) for feed in parsed.feeds}
    assert found["="] == ("Tất cả", [])
    assert found["kind=ministry"] == ("ministry", [["Theo loại"]])
    assert found["site=bo-tc"] == ('Bộ "Tài chính" & <thuế>', [["Theo trang"]])
    assert list(found) == [
        "=", "kind=ministry", "kind=province", "territory=H%C3%A0+N%E1%BB%99i",
        "site=bo-tc", "site=moh", "site=hanoi",
    ], "everything first, then each folder by name"  # fmt: skip


def test_a_list_without_feeds_is_a_list() -> None:
    assert not listparser.parse(opml.render("Trống", ())).bozo


@pytest.mark.parametrize("name", ["]]>", "\x00a\ud800", "<script>", "a\nb", "\u202e😀"])
def test_no_name_can_break_the_list(name: str) -> None:
    parsed = listparser.parse(opml.render(name, [Outline(name, "https://x.vn/f")]))

    assert not parsed.bozo
    assert [feed.url for feed in parsed.feeds] == ["https://x.vn/f"]


def test_an_outline_that_nobody_could_follow_is_refused() -> None:
    for wrong in ({"text": "a", "feed_url": "javascript:alert(1)"}, {"text": "\x00"}, {"text": "a", "page_url": "/"}):
        with pytest.raises(InvalidValue):
            Outline(**wrong)
