"""A portal to read for: its site file, and a source of each kind."""

from __future__ import annotations

import pytest

from news.site import Site


@pytest.fixture
def site() -> Site:
    return Site.parse(
        {
            "id": "lamha",
            "name": "Tỉnh Lam Hà",
            "kind": "province",
            "hosts": ["lamha.gov.vn"],
            "home": "https://lamha.gov.vn/",
            "deny_urls": ["/quang-cao/"],
            "source": [
                {"kind": "feed", "url": "https://lamha.gov.vn/rss", "section": "Tin tức"},
                {"kind": "sitemap", "url": "https://lamha.gov.vn/sitemap.xml"},
                {"kind": "listing", "url": "https://lamha.gov.vn/tin-tuc", "section": "Tin trong tỉnh"},
            ],
        }
    )
