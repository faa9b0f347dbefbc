"""Whatever bytes a source sends, discovery answers; and it never announces what cannot be fetched."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news.discover import Discovery, discover
from news.site import Site, Source, SourceKind, UrlRules
from news.urls import identity

_SCRAPS = st.sampled_from(
    [
        b"<rss><channel>", b"<item>", b"</item>", b"<link>", b"</link>", b"http://[bad",
        b"https://lamha.gov.vn/a-1.html",
        b"<urlset>", b"<url><loc>", b"</loc></url>", b"<sitemapindex><sitemap><loc>", b"<a href='", b"'>", b"</a>",
        b"<base href='//'>", b"<title>&#0;&#xffffff;&nbsp;&", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"\x1f\x8b\x08", b"\xff\xfe", b"<pubDate>32/13/2025 99:99</pubDate>", b"<lastmod>2025-02-30</lastmod>", b"\x00",
        b"<html><body>", b"?page=2'>2</a>", b"<entry xml:base='::'>", b"<updated>0000-00-00T00:00:00+99:99</updated>",
        b"<p:b:c>", b"javascript:", b"\xc3\x28", b"<nav>", b"?month=3&year=2199'>&raquo;</a>",
        b"<link rel=alternate type='",
        b"application/rss+xml' href='", b"</html>", b"<button>Xem th\xc3\xaam</button>", b"/a/a/a/a/b-12345.html'>",
    ]
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=400), st.lists(st.one_of(_SCRAPS, st.binary(max_size=8)), max_size=25).map(b"".join)
)


def _read(body: bytes, source: Source, site: Site) -> Discovery:
    return discover(body, source.url, source, site)


def test_a_source_names_an_article_once_by_the_rules_of_its_site(site: Site) -> None:
    """And what the site's file keeps is kept in the addresses that are to be fetched."""
    urls = [
        f"https://lamha.gov.vn/tin-{n}00.html?trk={trk}&rand={n}{trk}{r}"
        for n in (1, 2)
        for trk in (1, 2)
        for r in (3, 4)
    ]
    body = "".join(f"<url><loc>{url.replace('&', '&amp;')}</loc></url>" for url in urls)
    source = next(source for source in site.sources if source.kind is SourceKind.SITEMAP)
    kept = replace(site, urls=UrlRules(ignore=("rand",), keep=("trk",)))
    assert [lead.url for lead in _read(f"<urlset>{body}</urlset>".encode(), source, kept).leads] == urls[::2]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, which=st.integers(0, 4))
def test_no_bytes_make_discovery_raise(site: Site, body: bytes, which: int) -> None:
    more = Source(SourceKind.HOME, site.home), Source(SourceKind.ARCHIVE, "https://lamha.gov.vn/ngay/{d}.htm")
    found = _read(body, (*site.sources, *more)[which], site)
    assert all(lead.url.startswith(("http://", "https://")) for lead in found.leads)
    keys = [identity(lead.url) for lead in found.leads]
    assert len(set(keys)) == len(keys)
    addresses = (*found.next_pages, *found.sections, *found.feeds, *found.traps)
    assert all(url.startswith(("http://", "https://")) for url in addresses)
    assert not (found.problem and found.leads)
