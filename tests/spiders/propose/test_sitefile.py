"""A site written as a file is the same site when the file is read."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from news.site import Site, SiteKind, Source, SourceKind
from spiders.propose.sitefile import toml_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
NAME = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip)
PATTERN = st.sampled_from([r"-\d+\.html$", r"/chi-tiet\?id=\d+", "it's", 'a"b', r"(?i)/tin'\d", "/tin"])
SOURCE = st.builds(
    Source,
    kind=st.sampled_from([SourceKind.FEED, SourceKind.SITEMAP, SourceKind.LISTING]),
    url=st.sampled_from(["https://x.vn/rss", 'https://x.vn/"a"', "https://x.vn/tin?a=b&c=1"]),
    section=TEXT | st.just(""),
    paging=st.sampled_from(["", "https://x.vn/tin?p={n}"]),
    first=st.integers(0, 2),
    max_pages=st.integers(1, 60),
)


@given(
    name=NAME,
    territory=NAME | st.just(""),
    patterns=st.lists(PATTERN, max_size=6),
    sources=st.lists(SOURCE, max_size=3),
    private=st.booleans(),
)
def test_the_file_declares_the_site(
    name: str, territory: str, patterns: list[str], sources: list[Source], private: bool
) -> None:
    site = Site(
        id="lamha", name=name, kind=SiteKind.PROVINCE, hosts=("x.vn", "127.0.0.1:80"), home="https://x.vn/",
        territory=territory, sources=tuple(sources), article_urls=tuple(patterns), deny_urls=tuple(patterns[:1]),
        family="tandan", allow_private_network=private, verified=False,
    )  # fmt: skip

    assert Site.parse(tomllib.loads(toml_of(site, ["a note"]))) == site


def test_what_a_page_calls_itself_cannot_break_out_of_its_line() -> None:
    name = 'Báo "X" \\nverified = true #'
    site = Site(id="x", name=name, kind=SiteKind.PRESS, hosts=("x.vn",), home="https://x.vn/", verified=False)

    read = tomllib.loads(toml_of(site, ["one\nverified = true"]))

    assert (read["name"], read["verified"]) == (name, False)
