"""Families are data: their selectors can be read, and their marks are their own."""

from __future__ import annotations

import pytest
from cssselect import HTMLTranslator

from news.extract.families import families, recognise
from news.extract.tree import names_of, parse

ROWS = [
    (family.name, css)
    for family in families().values()
    for row in family.selectors
    for css in (*row.drop, *(css for named in row.fields.values() for css in named))
]


def known(body: str, declared: str = "") -> str:
    """The name of the family that a page with this body shows."""
    html = f"<html><body>{body}</body></html>"
    tree = parse(html).tree
    assert tree is not None
    family = recognise(html, names_of(tree), declared)
    return family.name if family else ""


@pytest.mark.parametrize(("name", "css"), ROWS)
def test_every_selector_of_a_family_can_be_read(name: str, css: str) -> None:
    assert HTMLTranslator().css_to_xpath(css.partition(" @ ")[0])


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://truong.edu.vn/wp-content/uploads/2025/01/a.jpg">',
        '<a href="https://bo.gov.vn/webcenter/portal/bo/pages_r/tin">Bộ</a>',
        '<a href="https://soyte.gov.vn/web/guest/trang-chu?p_p_id=101_INSTANCE_x">Sở Y tế</a>',
        '<a href="https://so.gov.vn/Portals/0/Docs/cv.pdf">Công văn</a>',
        "<p>Trang dùng WordPress, Joomla hay SharePoint đều phải cập nhật bản vá.</p>",
    ],
)
def test_a_link_to_a_portal_is_no_mark_of_its_family(html: str) -> None:
    assert known(html) == ""


def test_a_portals_own_template_is_tried_before_the_cms_that_it_is_built_upon() -> None:
    ranks = [family.rank for family in families().values()]
    assert ranks == sorted(ranks)
    assert known('<meta name="GENERATOR" content="Microsoft SharePoint"><div class="tandan-view"></div>') == "tandan"
    assert known('<div id="p_p_id_tin_WAR_vnpteportalnewsportlet_"></div>') == "liferay-vnpt"


def test_what_a_site_declares_stands_whatever_the_page_shows() -> None:
    assert known('<meta name="generator" content="WordPress 6">', "nukeviet") == "nukeviet"
