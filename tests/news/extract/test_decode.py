"""A page is read in the charset it really has, whatever it declares; what is no text is told apart with a reason."""

from __future__ import annotations

import unicodedata
from html.entities import codepoint2name

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import Article, Kind
from news.errors import Reason
from news.extract import extract
from news.extract.decode import decode
from news.extract.limits import MOST_BYTES

TEXT = "Hội nghị tổng kết công tác năm 2019 của Bộ Khoa học và Công nghệ, đồng chí Chủ tịch phát biểu."
PAGE = f"<html><head><title>{TEXT}</title></head><body><p>{TEXT}</p></body></html>"


def windows_1258(text: str) -> bytes:
    """As old Vietnamese pages are written: base letters with combining tone marks."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        out.append(base + tone)
    return "".join(out).encode("cp1258")


def as_windows_1252(data: bytes) -> str:
    """UTF-8 read as windows-1252, as a careless import does; its five empty places come out as controls."""
    return "".join(bytes([b]).decode("cp1252" if b not in b"\x81\x8d\x8f\x90\x9d" else "latin-1") for b in data)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (PAGE.encode(), "text/html; charset=utf-8"),
        (PAGE.encode(), ""),
        (PAGE.encode(), "text/html; charset=iso-8859-1"),
        (PAGE.encode(), "text/html; charset=windows-1258"),
        (b"\xef\xbb\xbf" + PAGE.encode(), "text/html; charset=windows-1252"),
        (PAGE.encode("utf-16"), "text/html"),
        (PAGE.encode("utf-16-le"), "text/html; charset=utf-8"),
        (PAGE.encode(), "text/html; charset=utf-16"),
        (windows_1258(PAGE), "text/html; charset=windows-1258"),
        (windows_1258(PAGE), "text/html; charset=windows-1252"),
        (unicodedata.normalize("NFD", PAGE).encode(), "text/html; charset=utf-8"),
        (windows_1258(PAGE), "text/html; charset=utf-8"),
        (windows_1258(PAGE), ""),
        (PAGE.encode().replace(b"<body>", b"<body><i>Th\xc3\xb4ng b\xc3</i>"), "text/html; charset=utf-8"),
        (windows_1258(PAGE.replace("<head>", '<head><meta charset="windows-1258">')), "text/html"),
        (PAGE.encode("utf-16-be"), ""),
        (PAGE.encode("utf-16-le")[:-1], "text/html; charset=windows-1252"),
        (PAGE.encode("utf-16").replace(b"<\x00p\x00", b"<\x00p\x00\x00\xd8"), ""),
        (PAGE.encode(), "text/html; charset=utf-7"),
        (PAGE.encode(), "text/html; charset=khong-co"),
        (as_windows_1252(PAGE.encode()).encode(), "text/html; charset=utf-8"),
    ],
)
def test_a_page_is_read_right_whatever_it_declares(data: bytes, content_type: str) -> None:
    found = decode(data, content_type)
    assert found.reason is None
    assert found.text.count(TEXT) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \r\n ", Reason.EMPTY),
        (b"%PDF-1.7 ...", Reason.BINARY),
        (b"\x89PNG\r\n\x1a\n....", Reason.BINARY),
        (bytes(range(256)) * 40, Reason.BINARY),
        (PAGE.encode().replace(b"<p>", b"<p>\x00\x00"), Reason.BINARY),
        (PAGE.encode().decode("cp1252", "replace").encode(), Reason.UNDECODABLE),
        (PAGE.encode().replace(b"\xc3", b"\xef\xbf\xbd"), Reason.UNDECODABLE),
        (PAGE.encode("utf-32"), Reason.BINARY),
        (b" " * MOST_BYTES + b"<p>", Reason.TOO_LARGE),
        (b"just words", Reason.NOT_HTML),
        (b'{"error": "no such page"}', Reason.NOT_HTML),
    ],
)
def test_what_is_no_page_is_told_apart(data: bytes, reason: Reason) -> None:
    assert decode(data, "text/html").reason is reason


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=nonsense"]))
def test_no_bytes_break_decoding(data: bytes, content_type: str) -> None:
    found = decode(data, content_type)
    assert unicodedata.is_normalized("NFC", found.text)
    assert "\x00" not in found.text


# The same three lines as typed with the fonts .VnTime and VNI-Times; "Nguyễn" is a name that both must keep.
OLD = (
    "Sáng 15/7, Sở Nội vụ tổ chức hội nghị sơ kết công tác cải cách hành chính, đại diện các xã, phường cùng dự.",
    "Theo báo cáo, tỷ lệ hồ sơ giải quyết đúng hạn của toàn tỉnh đạt 98,7%, cao hơn cùng kỳ năm trước.",
    "Ông Nguyễn Văn Bình đề nghị các đơn vị tiếp tục rà soát, đơn giản hóa thủ tục cho người dân.",
)
TCVN = (
    "S¸ng 15/7, Së Néi vô tæ chøc héi nghÞ s¬ kÕt c«ng t¸c c¶i c¸ch hµnh chÝnh, ®¹i diÖn c¸c x·, ph\xadêng cïng dù.",
    "Theo b¸o c¸o, tû lÖ hå s¬ gi¶i quyÕt ®óng h¹n cña toµn tØnh ®¹t 98,7%, cao h¬n cïng kú n¨m tr\xadíc.",
    "¤ng NguyÔn V¨n B×nh ®Ò nghÞ c¸c ®¬n vÞ tiÕp tôc rµ so¸t, ®¬n gi¶n hãa thñ tôc cho ng\xadêi d©n.",
)
VNI = (
    "Saùng 15/7, Sôû Noäi vuï toå chöùc hoäi nghò sô keát coâng taùc caûi caùch haønh chính, "
    "ñaïi dieän caùc xaõ, phöôøng cuøng döï.",
    "Theo baùo caùo, tyû leä hoà sô giaûi quyeát ñuùng haïn cuûa toaøn tænh ñaït 98,7%, cao hôn cuøng kyø naêm tröôùc.",
    "OÂng Nguyeãn Vaên Bình ñeà nghò caùc ñôn vò tieáp tuïc raø soaùt, ñôn giaûn hoùa thuû tuïc cho ngöôøi daân.",
)


def old_page(lines: tuple[str, ...], menu: str = "") -> str:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>Tin</title></head><body>{menu}<div>{text}</div></body></html>"


@pytest.mark.parametrize("lines", [TCVN, VNI])
@pytest.mark.parametrize("content_type", ["", "text/html; charset=windows-1252", "text/html; charset=utf-8"])
def test_text_of_the_time_before_unicode_is_made_unicode(lines: tuple[str, ...], content_type: str) -> None:
    found = decode(old_page(lines).encode("latin-1"), content_type)
    assert found == (old_page(OLD), found.encoding, None)


@pytest.mark.parametrize("lines", [TCVN, VNI])
@pytest.mark.parametrize("form", ["letters", "entities"])
def test_old_text_below_a_menu_in_unicode_is_made_unicode_and_the_menu_left(lines: tuple[str, ...], form: str) -> None:
    menu = "<ul><li>Giới thiệu</li><li>Tin tức</li><li>Café Hội Nông dân</li></ul>"
    text = old_page(lines)
    if form == "entities":
        text = "".join(f"&{codepoint2name[ord(c)]};" if ord(c) > 127 else c for c in text)
    found = decode(text.replace("<body>", f"<body>{menu}").encode(), "text/html; charset=utf-8")
    assert found.text == old_page(OLD, menu)


@pytest.mark.parametrize(
    "text",
    [
        "Le maïs et le Noël d'un naïf Français, où l'on goûte « l'ambiguë » à l'hôtel du château. " * 20,
        "Blåbærgrød på en ø, søndagsåben café; den toårige og Øresund, ideer på højt niveau. " * 20,
        "Ärzte für Öl, Übergröße, Straße, Füße, naïve Israël-Reise, 10 µm, 5 µs, Marke® und ©. " * 20,
        "Coração, pão, ação, São Paulo, põe, mãe, avô, você, à noite, análise, 1º e 2ª série. " * 20,
        TEXT * 20,
    ],
)
def test_no_other_language_is_taken_for_an_old_font(text: str) -> None:
    assert decode(f"<html><body><p>{text}</p></body></html>").text == f"<html><body><p>{text}</p></body></html>"


def test_boxes_in_another_charset_than_their_page_are_read() -> None:
    good = "".join(f"<p>{TEXT}</p>" for _ in range(3)).encode()
    found = decode(b"<html><body>" + good + windows_1258(f"<div>{TEXT}</div>") + b"</body></html>", "charset=utf-8")
    assert found.reason is None
    assert found.text.count(TEXT) == 4


def test_boxes_that_were_encoded_twice_are_read() -> None:
    twice = as_windows_1252(f"<div>{TEXT}</div>".encode())
    found = decode(f"<html><body><p>{TEXT}</p>{twice}</body></html>")
    assert found.reason is None
    assert found.text.count(TEXT) == 2


DIRTY_LINES = [
    "Sáng\u00a015/7,&nbsp;Sở&amp;nbsp;Nội vụ\u200b tổ ch\u00adức hội&#8203; ngh\ufeffị "
    "s&amp;#417; k&#7871;t công&amp;amp;nbsp;tác năm.",
    unicodedata.normalize("NFD", "Theo báo cáo, tỷ lệ hồ sơ giải quyết đúng hạn của toàn tỉnh đạt cao hơn năm trước."),
    "Giám đốc đề nghi&#803; các đơn vị tiếp tục rà soát \u201cđơn\u2009giản\u202fhóa\u201d thủ tục "
    "&amp;lt;một cửa&amp;gt; cho dân.",
]
CLEAN_LINES = [
    "Sáng 15/7, Sở Nội vụ tổ chức hội nghị sơ kết công tác năm.",
    "Theo báo cáo, tỷ lệ hồ sơ giải quyết đúng hạn của toàn tỉnh đạt cao hơn năm trước.",
    "Giám đốc đề nghị các đơn vị tiếp tục rà soát “đơn giản hóa” thủ tục <một cửa> cho dân.",
]


def dirty_article(title: str) -> Article:
    nfd = unicodedata.normalize("NFD", "Trần Thị Hồng Phượng")
    data = f'{{"@type": "NewsArticle", "author": {{"name": "{nfd}"}}, "articleSection": "Cải&nbsp;c\\u0061\\u0301ch"}}'
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title><meta property='og:title' content='{title}'>"
        f"<script type='application/ld+json'>{data}</script></head><body><div><h1>{title}</h1>"
        + "".join(f"<p>{line}</p>" for line in DIRTY_LINES)
        + f"<figure><img src=/a.jpg><figcaption>Hội\u200b nghị.&amp;nbsp;Ảnh: {nfd}</figcaption></figure>"
        + f"<p><a href='/a.pdf'>Kế&nbsp;hoạch\u00ad {nfd}</a></p></div></body></html>"
    )
    return extract(html, "https://sonoivu.gov.vn/tin/a-1234.html")


def test_an_article_is_in_nfc_with_plain_spaces_and_nothing_unseen_in_any_field() -> None:
    found = dirty_article("Sở Nô&#803;i vu&#803;&amp;nbsp;sơ\u200bkết công\u00a0tác cải cách")
    assert found.kind is Kind.ARTICLE
    assert found.title == "Sở Nội vụ sơkết công tác cải cách"
    assert found.body.split("\n") == CLEAN_LINES
    assert (found.author, found.section) == ("Trần Thị Hồng Phượng", "Cải cách")
    assert [image.caption for image in found.images] == ["Hội nghị. Ảnh: Trần Thị Hồng Phượng"]
    assert [file.title for file in found.attachments] == ["Kế hoạch Trần Thị Hồng Phượng"]
    words = repr([found.title, found.lead, found.body, found.html, found.images, found.attachments, found.author])
    assert unicodedata.is_normalized("NFC", words)
    assert not {c for c in words if c in "\u00a0\u00ad\u200b\u200c\u200d\ufeff"}
    assert "nbsp" not in words
