"""What a site file declared, kept and compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from news.declared import changes, declared
from news.site import Politeness, Selectors, Site

TABLE: dict[str, Any] = {
    "id": "lamha", "name": "Tỉnh Lam Hà", "kind": "province", "hosts": ["lamha.vn"], "home": "https://lamha.vn/",
    "source": [{"kind": "feed", "url": "https://lamha.vn/rss"}, {"kind": "listing", "url": "https://lamha.vn/tin"}],
    "selectors": [{"title": ["h1", "h2"]}],
}  # fmt: skip
SITE = Site.parse(TABLE)


def test_the_same_site_is_declared_alike() -> None:
    assert declared(SITE) == declared(Site.parse(dict(reversed(TABLE.items()))))
    assert changes(declared(SITE), declared(SITE)) == ()


def test_a_change_names_the_key_with_before_and_after() -> None:
    slower = replace(SITE, politeness=Politeness(delay=3))
    assert changes(declared(SITE), declared(slower)) == (("politeness.delay", 1.0, 3),)

    other = replace(SITE, selectors=(Selectors({"title": ("h1",)}),))
    assert changes(declared(SITE), declared(other)) == (("selectors[1].fields.title", ["h1", "h2"], ["h1"]),)


def test_a_source_is_known_by_its_address_not_its_place() -> None:
    without = replace(SITE, sources=SITE.sources[1:])

    found = changes(declared(SITE), declared(without))

    assert {change.key.partition("]")[0] for change in found} == {"sources[https://lamha.vn/rss"}
    assert all(change.after is None for change in found)


def test_a_site_that_is_new_or_gone_differs_in_every_key() -> None:
    new, gone = changes(None, declared(SITE)), changes(declared(SITE), None)

    assert ("id", None, "lamha") in new
    assert [(key, after, before) for key, before, after in gone] == list(new)
