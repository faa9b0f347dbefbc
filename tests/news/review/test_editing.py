"""What an editor types becomes the article, what was not touched stays, and HTML and body tell the same text."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM, Article, Block, Document, Image, Precision
from news.clean.lines import body_of
from news.clean.sanitize import sanitize, to_html
from news.clean.text import squeeze
from news.review.blocks import blocks_of, rebuilt
from news.review.editing import LONGEST, Fault, Form, Unreadable, edited

BLOCKS = (
    Block("paragraph", "Sáng 24/11, Sở Y tế họp.", 'Sáng 24/11, <a href="https://soyte.vn/">Sở Y tế</a> họp.'),
    Block("image", "", image=Image("https://soyte.vn/1.jpg?a=1&b=2", "Quang cảnh & hội nghị")),
    Block("heading", "Tiêm chủng"),
    Block("item", "Trẻ em dưới <b>5</b> tuổi", "Trẻ em dưới &lt;b&gt;5&lt;/b&gt; <strong>tuổi</strong>"),
    Block("item", "– Người già"),
    Block("row", "Xã | Số mũi", "<tr><th>Xã</th><th>Số mũi</th></tr>"),
    Block("row", "Tân An |  | 126", "<tr><td>Tân An</td><td></td><td>126</td></tr>"),
    Block("quote", "Không ai bị bỏ lại.", "Không ai <em>bị bỏ lại</em>."),
    Block("paragraph", "Theo Nghị quyết 57-NQ/TW."),
)
ARTICLE = Article(
    "https://soyte.vn/1",
    "soyte",
    title="Tiêm chủng  mở rộng",
    lead="Từ 24/11.",
    body=body_of(BLOCKS),
    html=to_html(BLOCKS),
    published=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
    published_precision=Precision.MINUTE,
    author="Lan",
    tags=("Y tế", "Hà Nội, thủ đô"),
    documents=(Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22)),),
    evidence={"title": "h1"},
    confidence=0.8,
)
FORM = Form.of(ARTICLE)


def retyped(**fields: str) -> Article:
    return edited(ARTICLE, replace(FORM, **fields))


def told(html: str) -> str:
    return body_of(blocks_of(html))


def test_a_form_that_is_saved_untouched_changes_nothing_even_where_a_browser_sent_its_line_ends() -> None:
    assert edited(ARTICLE, FORM) is ARTICLE
    assert retyped(body=FORM.body.replace("\n", "\r\n") + "\r\n ") is ARTICLE
    assert FORM.published == "24/11/2026 08:30"


def test_nothing_but_the_field_that_was_typed_changes() -> None:
    assert retyped(title="  Tiêm\u200b chủng\n mở rộng thêm ") == replace(
        ARTICLE, title="Tiêm chủng mở rộng thêm", documents=retyped(title="x").documents
    )
    assert retyped(source="TTXVN", author="") == replace(ARTICLE, source="TTXVN", author="")
    assert retyped(tags="Y tế, y tế,Trẻ em ,").tags == ("Y tế", "Trẻ em")


def test_a_changed_paragraph_leaves_the_others_their_links_pictures_tables_and_emphasis() -> None:
    new = retyped(body=FORM.body.replace("Theo Nghị quyết", "Thực hiện Nghị quyết"))
    assert new.html == ARTICLE.html.replace("Theo Nghị quyết", "Thực hiện Nghị quyết")
    assert new.body == ARTICLE.body.replace("Theo Nghị quyết", "Thực hiện Nghị quyết")


def test_a_corrected_line_stays_what_it_was_and_keeps_the_link_whose_words_are_left() -> None:
    new = retyped(
        body=FORM.body.replace("họp.", "họp bàn.").replace("Tiêm chủng", "Tiêm chủng sớm").replace("Số mũi", "Mũi")
        .replace("126", "127").replace("bị bỏ lại", "bị quên").replace("Người già", "Người già yếu")
    )  # fmt: skip
    for piece in (
        '<a href="https://soyte.vn/" rel="noopener noreferrer nofollow">Sở Y tế</a> họp bàn.',
        "<h3>Tiêm chủng sớm</h3>", "<th>Mũi</th>",
        "<td>Tân An</td><td></td><td>127</td>", "<blockquote><p>Không ai bị quên.</p></blockquote>",
        "Quang cảnh &amp; hội nghị</figcaption>", "https://soyte.vn/1.jpg?a=1&amp;b=2",
    ):  # fmt: skip
        assert piece in new.html, piece
    assert told(new.html) == new.body


def test_lines_of_the_house_become_lists_and_tables_and_what_went_is_gone() -> None:
    new = retyped(body="Mở đầu.\n\n- Một\n- Hai\n\nXã | Số\nA | 1\n\nHết <script>alert(1)</script> & hết.")
    assert new.body == "Mở đầu.\n- Một\n- Hai\nXã | Số\nA | 1\nHết <script>alert(1)</script> & hết."
    assert "<ul><li>Một</li><li>Hai</li></ul>" in new.html
    assert new.html.count("<tr>") == 2
    assert "Hết &lt;script&gt;alert(1)&lt;/script&gt; &amp; hết." in new.html
    assert new.html.count("<figure>") == 1, "pictures are no text, and stay"
    assert "Nghị quyết" not in new.html


def test_documents_are_those_that_the_new_text_names() -> None:
    new = retyped(body=FORM.body + "\n\nNghị định 13/2023/NĐ-CP ngày 17/4/2023.")
    assert [document.number for document in new.documents] == ["57-NQ/TW", "13/2023/NĐ-CP"]
    assert retyped(author="Minh").documents == ARTICLE.documents


@pytest.mark.parametrize(
    ("typed", "when", "precision"),
    [
        ("24/11/2026 08:30", datetime(2026, 11, 24, 8, 30), Precision.MINUTE),
        ("8h05 ngày 1/3/2026", datetime(2026, 3, 1, 8, 5), Precision.MINUTE),
        ("Thứ Ba, 24-11-2026, 20:30:15", datetime(2026, 11, 24, 20, 30, 15), Precision.SECOND),
        ("ngày 24 tháng 11 năm 2026", datetime(2026, 11, 24), Precision.DAY),
        ("2026-11-24", datetime(2026, 11, 24), Precision.DAY),
    ],
)
def test_dates_are_read_as_vietnamese_write_them(typed: str, when: datetime, precision: Precision) -> None:
    new = retyped(published=typed)
    assert (new.published, new.published_precision) == (when.replace(tzinfo=VIETNAM), precision)


def test_a_date_may_be_taken_away_and_is_shown_as_far_as_it_is_known() -> None:
    undated = retyped(published=" ")
    assert (undated.published, undated.published_precision) == (None, None)
    assert Form.of(undated).published == ""
    assert Form.of(replace(ARTICLE, published_precision=Precision.DAY)).published == "24/11/2026"
    assert Form.of(replace(ARTICLE, published_precision=Precision.SECOND)).published == "24/11/2026 08:30:00"


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("title", "\u200b ", Fault.EMPTY),
        ("title", "a" * (LONGEST["title"] + 1), Fault.TOO_LONG),
        ("tags", "a" * 101, Fault.TOO_LONG),
        ("published", "24/11 08:30", Fault.NO_YEAR),
        ("published", "24/11/26", Fault.NO_YEAR),
        ("published", "24 tháng 11", Fault.NO_YEAR),
        ("published", "31/02/2026", Fault.NO_SUCH_DAY),
        ("published", "24/13/2026", Fault.NO_SUCH_DAY),
        ("published", "24/11/2026 25:10", Fault.NO_SUCH_TIME),
        ("published", "24/11/2026 08:3", Fault.NO_SUCH_TIME),
        ("published", "24/11/2026 8", Fault.UNREADABLE),
        ("published", "hôm qua", Fault.UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_told_by_its_field(field: str, typed: str, fault: Fault) -> None:
    with pytest.raises(Unreadable) as raised:
        retyped(**{field: typed})
    assert raised.value.faults == {field: fault}


def test_all_faults_are_told_at_once_and_no_article_is_left_without_a_word() -> None:
    with pytest.raises(Unreadable) as raised:
        retyped(title="", published="mai")
    assert raised.value.faults == {"title": Fault.EMPTY, "published": Fault.UNREADABLE}
    with pytest.raises(Unreadable) as raised:
        retyped(lead="", body="\n\n")
    assert raised.value.faults == {"body": Fault.EMPTY}


def test_what_two_editors_typed_in_different_fields_stands_side_by_side() -> None:
    mine, theirs = replace(FORM, title="Của tôi", lead="Của tôi"), replace(FORM, lead="Của họ", tags="Y tế")
    assert mine.upon(FORM, theirs) == replace(FORM, title="Của tôi", lead="Của tôi", tags="Y tế")
    assert mine.changed(FORM) == ("title", "lead")


PIECES = st.sampled_from([*"aăđ <>&|-–.\"'\u0301\u200b\xa0\t", " | ", "- ", "sở ", "57-NQ/TW "])
TEXT = st.lists(PIECES, max_size=12).map("".join)
KINDS = st.sampled_from(["paragraph", "heading", "item", "quote", "row", "image", "caption"])


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    """Blocks as news.extract makes them: text squeezed, the markup of the same text."""
    made = []
    for kind, said in draw(st.lists(st.tuples(KINDS, st.lists(TEXT, min_size=1, max_size=3)), max_size=8)):
        cells = [squeeze(text) for text in said]
        escaped = [cell.replace("&", "&amp;").replace("<", "&lt;") for cell in cells]
        text = " | ".join(cells) if kind == "row" else squeeze(cells[0])
        if kind == "image":
            made.append(Block(kind, "", image=Image("https://a.vn/?a&b", text)))
        elif kind == "row" and any(cells):
            made.append(Block(kind, text, "<tr>" + "".join(f"<td>{cell}</td>" for cell in escaped) + "</tr>"))
        elif kind != "row" and text:
            made.append(Block(kind, text, f'<a href="https://a.vn/">{escaped[0]}</a>'))
    return made


@given(blocks())
def test_html_is_read_as_the_blocks_that_it_was_made_of(made: list[Block]) -> None:
    html = to_html(made)
    assert told(html) == body_of(made)
    assert to_html(blocks_of(html)).replace("\n", "") == html.replace("\n", "")


@given(blocks(), st.data())
def test_whatever_lines_are_typed_html_and_body_tell_the_same_and_pictures_stay(
    made: list[Block], data: st.DataObject
) -> None:
    article = replace(ARTICLE, body=body_of(made), html=to_html(made))
    known = st.sampled_from(article.body.split("\n"))
    typed = data.draw(st.lists(known | TEXT, max_size=8))
    new = edited(article, replace(Form.of(article), body="\n".join(typed)))

    assert told(new.html) == new.body
    assert sanitize(new.html) == new.html, "it has passed the allow-list"
    assert new.html.count("<img") == article.html.count("<img")
    assert _letters(new.body) == _letters("\n".join(typed)), "no word is lost"
    assert unicodedata.is_normalized("NFC", new.body)
    assert edited(new, Form.of(new)) is new
    # Typed once more it is the same again.
    assert rebuilt(new.html, Form.of(new).lines("body")) == (new.html, new.body)


def _letters(text: str) -> str:
    """A text without its spaces, and without the dashes that may begin an item."""
    return "".join(squeeze(text).translate(dict.fromkeys(map(ord, " -–"))).split())


@given(st.datetimes(datetime(1996, 1, 1), datetime(2098, 12, 31)), st.integers(-12, 14), st.sampled_from(Precision))
def test_a_date_that_is_shown_is_read_as_the_same(naive: datetime, hours: int, precision: Precision) -> None:
    when = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    whole = when.astimezone(VIETNAM).replace(second=0, microsecond=0)
    if precision is Precision.SECOND:
        whole = whole.replace(second=when.second)
    elif precision is Precision.DAY:
        whole = whole.replace(hour=0, minute=0)
    shown = Form.of(replace(ARTICLE, published=when, published_precision=precision)).published
    new = edited(replace(ARTICLE, published=None), replace(FORM, published=shown))
    assert (new.published, new.published_precision) == (whole, precision)
