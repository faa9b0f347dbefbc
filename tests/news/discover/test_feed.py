"""Feeds as Vietnamese portals really send them."""

from __future__ import annotations

import gzip
import time
from datetime import datetime

import pytest

from news.article import VIETNAM, Lead, Via
from news.discover import Discovery, discover
from news.site import Site

ITEM = "<item><title>Hội nghị</title><link>https://lamha.gov.vn/hoi-nghi-1.html</link>{}</item>"


def read(site: Site, body: str | bytes) -> Discovery:
    data = body.encode() if isinstance(body, str) else body
    return discover(data, "https://lamha.gov.vn/rss", site.sources[0], site)


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'


def only(found: Discovery) -> Lead:
    assert found.problem == ""
    (lead,) = found.leads
    return lead


def test_an_entry_becomes_a_lead_with_all_that_the_feed_says(site: Site) -> None:
    found = read(site, rss(ITEM.format("<pubDate>Thu, 20 Feb 2025 08:05:00 +0700</pubDate>")))
    assert only(found) == Lead(
        url="https://lamha.gov.vn/hoi-nghi-1.html",
        via=Via.FEED,
        title="Hội nghị",
        published=datetime(2025, 2, 20, 8, 5, tzinfo=VIETNAM),
        section="Tin tức",
    )


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("Thu, 20 Feb 2025 08:05:00 GMT", datetime(2025, 2, 20, 15, 5, tzinfo=VIETNAM)),
        ("2025-02-20T08:05:00", datetime(2025, 2, 20, 8, 5, tzinfo=VIETNAM)),
        ("9/7/2018 9:59:00 AM", datetime(2018, 9, 7, 9, 59, tzinfo=VIETNAM)),
        ("2026-03-07T08:52:11.000 +07:00", datetime(2026, 3, 7, 8, 52, 11, tzinfo=VIETNAM)),
        ("hôm qua", None),
        ("", None),
        ("Fri, 99 Xyz 2025 25:61:00", None),
    ],
)
def test_a_date_without_zone_is_vietnamese_and_a_bad_one_is_none(site: Site, date: str, when: datetime | None) -> None:
    assert only(read(site, rss(ITEM.format(f"<pubDate>{date}</pubDate>")))).published == when


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Văn hóa & Du lịch", "Văn hóa & Du lịch"),
        ("Văn hóa &amp; Du lịch", "Văn hóa & Du lịch"),
        ("<![CDATA[Văn hóa & <b>Du lịch</b>]]>", "Văn hóa & Du lịch"),
        ("&lt;b&gt;Văn hóa&lt;/b&gt; &amp;amp; Du lịch", "Văn hóa & Du lịch"),
        ("V&#259;n hóa&nbsp;&ndash; Du l&#x1ecb;ch", "Văn hóa – Du lịch"),
        ("Văn <i>hóa</i>\n   Du lịch", "Văn hóa Du lịch"),
        ("AT&T và &unknown; thực thể", "AT&T và &unknown; thực thể"),
    ],
)
def test_a_title_is_read_as_words(site: Site, title: str, words: str) -> None:
    item = f"<item><title>{title}</title><link>https://lamha.gov.vn/a-1.html</link></item>"
    assert only(read(site, rss(item))).title == words


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<link>/tin/a-1.html</link>", "https://lamha.gov.vn/tin/a-1.html"),
        ("<link>//lamha.gov.vn/tin/a-1.html</link>", "https://lamha.gov.vn/tin/a-1.html"),
        ("<link><![CDATA[ https://lamha.gov.vn/x?a=1&id=2 ]]></link>", "https://lamha.gov.vn/x?a=1&id=2"),
        ("<link>https://lamha.gov.vn/x?a=1&id=2</link>", "https://lamha.gov.vn/x?a=1&id=2"),
        ("<link>https://lamha.gov.vn/a?utm_source=rss#top</link>", "https://lamha.gov.vn/a"),
        ("<guid>https://lamha.gov.vn/a-1.html</guid>", "https://lamha.gov.vn/a-1.html"),
        ("<link/><guid>https://lamha.gov.vn/a-1.html</guid>", "https://lamha.gov.vn/a-1.html"),
    ],
)
def test_a_link_is_found_where_the_feed_hides_it(site: Site, entry: str, url: str) -> None:
    assert only(read(site, rss(f"<item>{entry}</item>"))).url == url


@pytest.mark.parametrize(
    "entry",
    [
        "<title>Không liên kết</title>",
        '<guid isPermaLink="false">https://lamha.gov.vn/123</guid>',
        "<link>mailto:ubnd@lamha.gov.vn</link>",
        "<link>javascript:void(0)</link>",
        "<guid>123</guid>",
    ],
)
def test_an_entry_without_an_address_is_passed_over(site: Site, entry: str) -> None:
    found = read(site, rss(f"<item>{entry}</item>" + ITEM.format("")))
    assert [lead.url for lead in found.leads] == ["https://lamha.gov.vn/hoi-nghi-1.html"]


def test_atom_and_rdf_are_feeds_too(site: Site) -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;b&gt;Tin&lt;/b&gt;</title>
        <link rel="self" href="https://lamha.gov.vn/feed/1"/><link href="/tin-1.html"/>
        <published>2025-02-20T01:05:00Z</published><updated>2025-02-21T01:05:00Z</updated></entry></feed>"""
    lead = only(read(site, atom))
    assert (lead.url, lead.title) == ("https://lamha.gov.vn/tin-1.html", "Tin")
    assert lead.published == datetime(2025, 2, 20, 8, 5, tzinfo=VIETNAM)
    assert lead.modified == datetime(2025, 2, 21, 8, 5, tzinfo=VIETNAM)
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://lamha.gov.vn/tin-2.html"><title>Hai</title>
        <dc:date>2025-02-20T08:05:00+07:00</dc:date></item></rdf:RDF>"""
    assert only(read(site, rdf)).url == "https://lamha.gov.vn/tin-2.html"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "windows-1258", "no-such-charset"])
def test_the_bytes_decide_the_encoding_not_the_declaration(site: Site, encoding: str, declared: str) -> None:
    title = "Đơn vị ở tỉnh" if encoding != "cp1258" else "Đoàn Nguyên"
    head = f'<?xml version="1.0" encoding="{declared if encoding != "cp1258" else "windows-1258"}"?>'
    body = rss(f"<item><title>{title}</title><link>/a-1.html</link></item>", head).encode(encoding)
    assert only(read(site, body)).title == title


def test_rubbish_around_the_feed_and_an_undeclared_prefix_do_no_harm(site: Site) -> None:
    body = "\n\n<!-- cache -->\x00\x0b" + rss(ITEM.format("<dc:date>2025-02-20</dc:date>")) + "</rss>rubbish<p>"
    lead = only(read(site, body))
    assert lead.published == datetime(2025, 2, 20, tzinfo=VIETNAM)


def test_a_feed_cut_in_the_middle_gives_what_came(site: Site) -> None:
    items = "".join(f"<item><title>Tin {n}</title><link>/tin-{n}.html</link></item>" for n in range(20))
    found = read(site, rss(items)[:900])
    assert 5 < len(found.leads) < 20


def test_an_article_named_twice_is_one_lead_in_its_first_place(site: Site) -> None:
    items = (
        "<item><link>http://www.lamha.gov.vn/a-1.html</link></item><item><link>/b-2.html</link></item>"
        "<item><title>A</title><link>https://lamha.gov.vn/a-1.html?utm_medium=rss</link></item>"
    )
    found = read(site, rss(items))
    assert [(lead.url, lead.title) for lead in found.leads] == [
        ("http://www.lamha.gov.vn/a-1.html", "A"),
        ("https://lamha.gov.vn/b-2.html", ""),
    ]


def test_a_generator_that_stamps_all_entries_alike_says_nothing_of_changes(site: Site) -> None:
    entry = '<entry><link href="/tin-{}.html"/><updated>2025-02-21T01:05:00Z</updated></entry>'
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
    same = read(site, feed.format("".join(entry.format(n) for n in range(3))))
    assert [lead.modified for lead in same.leads] == [None, None, None]
    assert only(read(site, feed.format(entry.format(1)))).modified is not None


def test_entities_are_never_expanded(site: Site) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 10 + '"><!ENTITY c "' + "&b;" * 10 + '">'
    for name, inner in zip("defghij", "cdefghi", strict=True):
        bomb += f'<!ENTITY {name} "' + f"&{inner};" * 10 + '">'
    began = time.monotonic()
    found = read(site, bomb + "]>" + rss("<item><title>&j;</title><link>/a-1.html</link></item>", ""))
    assert time.monotonic() - began < 1
    assert all(len(lead.title) < 100 for lead in found.leads)
    file = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = read(site, file + rss("<item><title>&x;</title><link>/a-1.html</link></item>", ""))
    assert all("root" not in lead.title for lead in found.leads)


@pytest.mark.parametrize(
    ("body", "problem"),
    [("", "empty"), ("<html><body>404</body></html>", "<html>"), ("%PDF-1.4", "no XML"), ("Lỗi máy chủ", "no XML")],
)
def test_what_is_no_feed_says_so(site: Site, body: str, problem: str) -> None:
    found = read(site, body)
    assert found.leads == ()
    assert problem in found.problem
    assert "https://lamha.gov.vn/rss" in found.problem


BROKEN = "<item><title>Văn hóa & Du lịch</title><link>/tin/a-1.html</link><pubDate>{}</pubDate></item>"


@pytest.mark.parametrize(
    "body",
    [
        rss(BROKEN.format("07/03/2026 08:05")).encode(),
        b"\xef\xbb\xbf\xef\xbb\xbf" + rss(BROKEN.format("07/03/2026 08:05")).encode(),
        b"\r\n \r\n" + rss(BROKEN.format("07-03-2026 08:05:00")).encode(),
        rss(BROKEN.format("7/3/2026 8:05"), '<?xml version="1.0" encoding="iso-8859-1"?>').encode(),
        rss(BROKEN.format("07/03/2026 08:05")).encode("utf-16"),
        gzip.compress(rss(BROKEN.format("07/03/2026 08:05")).encode()),
    ],
    ids=[
        "plain",
        "two marks",
        "blank lines first",
        "declared latin-1",
        "utf-16 declared utf-8",
        "packed without a header",
    ],
)
def test_feeds_broken_on_the_way_are_read_all_the_same(site: Site, body: bytes) -> None:
    lead = only(read(site, body))
    assert (lead.url, lead.title) == ("https://lamha.gov.vn/tin/a-1.html", "Văn hóa & Du lịch")
    assert lead.published == datetime(2026, 3, 7, 8, 5, tzinfo=VIETNAM)


def test_a_packed_feed_that_was_cut_off_gives_what_came(site: Site) -> None:
    items = "".join(
        f"<item><title>{n * 7919 % 10007}</title><link>/tin-{n * 104729 % 99991}.html</link></item>" for n in range(900)
    )
    packed = gzip.compress(rss(items).encode())
    found = read(site, packed[: len(packed) // 2])
    assert 100 < len(found.leads) < 900


def test_the_oldest_forms_of_rss_are_feeds(site: Site) -> None:
    items = "<item><title>Một</title><link>/tin-1.html</link></item>"
    old = f'<rss version="0.91"><channel><title>Tin</title>{items}</channel></rss>'
    netscape = f'<rdf:RDF xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/>{items}</rdf:RDF>'
    bare = f"<channel>{items}</channel>"
    for body in (old, netscape, bare):
        assert only(read(site, body)).url == "https://lamha.gov.vn/tin-1.html"


def test_a_page_of_html_in_the_place_of_a_feed_is_told(site: Site) -> None:
    found = read(site, "<!DOCTYPE html><html><body><a href='/a-1.html'>A</a></body></html>")
    assert found.leads == ()
    assert "is not a feed" in found.problem
