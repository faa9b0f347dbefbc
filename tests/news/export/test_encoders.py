"""Exports say what the articles say, whatever they hold, to readers that know nothing of Bantin."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from news.article import (
    VIETNAM,
    Article,
    Attachment,
    Document,
    Edit,
    Image,
    Lead,
    Page,
    Precision,
    Related,
    Removed,
    Status,
    StoredArticle,
    Via,
)
from news.errors import InvalidValue
from news.export import FORMATS, Options, Row, format_of, named
from news.export.columns import COLUMNS, Plain
from news.export.parquet import GROUP, ParquetMissing, merge
from news.export.warc import LEAD, announced

csv.field_size_limit(sys.maxsize)
WHEN = datetime(2026, 3, 1, 9, 51, 7, 123456, tzinfo=VIETNAM)
HOSTILE = (
    "", " ", "\n", "\r\n", 'a "b", c;\td', "x\0y", "x\ud800y", "\U0001f600", "=1+1", "+84 24", "-5", "@SUM(A1)", "\t=1",
    "'=1", "＝1", "\u2028\u2029\x85", "]]>", "\u202eabc", "\ufeff", "\x1b[0m", "{}", "null", "é", "=cmd|'/c calc'!A0",
)  # fmt: skip


def stored(id: str = "a1", text: str = "Sở Y tế ban hành kế hoạch.", **changes: Any) -> StoredArticle:
    article = Article(
        url="https://soyte.gov.vn/1", site="soyte", section=text, title=text, lead=text, body=f"{text}\n- {text}",
        html=f"<p>{text}</p>", published=WHEN, published_precision=Precision.SECOND, author=text,
        images=(Image("https://soyte.gov.vn/a.jpg", text, text),),
        attachments=(Attachment("https://x.vn/a.pdf", text),),
        documents=(Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22), text), Document("1/QĐ")), tags=(text, "y tế"),
        evidence={"title": text}, removed=(Removed(text, "lines:share"),), confidence=0.93,
    )  # fmt: skip
    article = replace(article, **changes)
    edit = Edit("lan", WHEN.astimezone(UTC), source=article, waiting=replace(article, title="Mới"))
    related = (Related("a2", "quotes", 0.5),)
    return StoredArticle(
        id, article, ("k",), ("https://x.vn/b",), "f", "s1", Status.PUBLISHED, 2, WHEN, WHEN, related, edit
    )


def rows(*articles: StoredArticle) -> list[Row]:
    gone = Row("a0", Status.RETRACTED, "8~a0", None)
    return [*(Row(one.id, one.status, f"9~{one.id}", one) for one in articles), gone]


def encoded(name: str, given: list[Row], **options: Any) -> bytes:
    encoder = FORMATS[name].encoder(Options("12", WHEN, **options))
    parts = [
        encoder.begin(),
        *(encoder.add(given[n : n + 2]) for n in range(0, len(given), 2)),
        encoder.end(len(given)),
    ]
    return b"".join(parts)


def cleaned(value: Any, *, nul: bool = False) -> Any:
    """What becomes of the one thing that UTF-8 cannot hold, and in CSV of NUL."""
    if isinstance(value, str):
        text = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text.replace("\0", "\ufffd") if nul else text
    if isinstance(value, dict):
        return {name: cleaned(item, nul=nul) for name, item in value.items()}
    return [cleaned(item, nul=nul) for item in value] if isinstance(value, (list, tuple)) else value


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_ndjson_gives_every_article_back_whatever_it_holds() -> None:
    articles = [stored(f"a{n}", text) for n, text in enumerate(HOSTILE)]
    given = rows(*articles)

    lines = encoded("ndjson", given).decode().splitlines()  # no other end of a line than \n, also by Unicode's rules

    assert [json.loads(line) for line in lines] == [cleaned(row.to_json()) for row in given]
    assert json.loads(lines[0])["title"] == articles[0].to_json()["title"]
    assert json.loads(lines[-1]) == {"id": "a0", "status": "retracted", "deleted": True, "cursor": "8~a0"}


def test_a_stream_of_ndjson_says_at_its_end_that_it_is_whole() -> None:
    last = encoded("ndjson", rows(stored()), streamed=True).splitlines()[-1]

    assert json.loads(last) == {"end": True, "count": 2, "cursor": "12"}


def test_csv_gives_every_article_back_whatever_it_holds() -> None:
    given = rows(*[stored(f"a{n}", text) for n, text in enumerate(HOSTILE)])

    found = read_csv(encoded("csv", given, formulas=True))

    assert list(found[0]) == [column.name for column in COLUMNS]
    for row, cells in zip(given, found, strict=True):
        wanted = cleaned(row.to_json())
        for column in COLUMNS:
            value, cell = wanted.get(column.name), cells[column.name]
            if column.type in (Plain.TEXT, Plain.TIME):
                assert cell == cleaned(value or "", nul=True), column
            else:
                assert cell == "" if value is None else json.loads(cell) == value, column


@pytest.mark.parametrize("text", HOSTILE)
def test_a_spreadsheet_finds_no_formula_and_one_apostrophe_less_is_the_text(text: str) -> None:
    cells = read_csv(encoded("csv", rows(stored("a1", text))))[0]

    for name in ("title", "section", "author", "body"):
        assert not cells[name].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
        plain = cells[name][1:] if cells[name].startswith("'") else cells[name]
        assert plain == cleaned(stored("a1", text).to_json()[name], nul=True)


def test_csv_has_a_byte_order_mark_only_where_it_is_asked_for() -> None:
    assert encoded("csv", rows(), bom=True).startswith(b"\xef\xbb\xbfid,url,")
    assert encoded("csv", rows()).startswith(b"id,url,")
    assert encoded("csv", rows(stored())).count(b"\r\n") == 3


def test_parquet_gives_every_article_back_with_lists_structs_and_moments() -> None:
    given = rows(*[stored(f"a{n}", text) for n, text in enumerate(HOSTILE)])

    table = pq.read_table(io.BytesIO(encoded("parquet", given)))

    assert table.column_names == [column.name for column in COLUMNS]
    assert table.schema.metadata[b"bantin.cursor"] == b"12"
    found = table.to_pylist()
    for row, values in zip(given, found, strict=True):
        wanted = cleaned(row.to_json())
        assert {name: value for name, value in values.items() if name not in wanted and value is not None} == {}
        for name in ("title", "body", "images", "tags", "removed", "related", "confidence", "version", "deleted"):
            assert values[name] == wanted.get(name), name
    assert found[0]["published"] == WHEN
    assert found[0]["documents"][0]["issued"] == date(2024, 12, 22)
    assert dict(found[9]["evidence"]) == {"title": HOSTILE[9]}
    assert found[9]["edit"]["waiting"]["title"] == "Mới"
    assert found[9]["edit"]["source"]["published"] == WHEN


def test_parquet_holds_the_ends_of_time() -> None:
    ends = [datetime.min.replace(tzinfo=timezone(timedelta(hours=7))), datetime.max.replace(tzinfo=UTC)]

    table = pq.read_table(io.BytesIO(encoded("parquet", rows(*[stored(published=end) for end in ends]))))

    assert [when.year for when in table["published"].to_pylist()[:2]] == [1, 9999]


def test_parts_of_parquet_put_together_are_one_file_in_row_groups() -> None:
    parts = [encoded("parquet", rows(stored(f"a{n}"))) for n in range(3)]
    whole = io.BytesIO()

    merge(parts, whole, "99")

    file = pq.ParquetFile(io.BytesIO(whole.getvalue()))
    assert file.num_row_groups == 3
    assert file.schema_arrow.metadata[b"bantin.cursor"] == b"99"
    assert file.read().column("id").to_pylist() == ["a0", "a0", "a1", "a0", "a2", "a0"]


def test_parquet_is_given_row_group_by_row_group() -> None:
    encoder = FORMATS["parquet"].encoder(Options("1"))
    gone = [Row(f"a{n}", Status.RETRACTED, "1", None) for n in range(GROUP)]

    pieces = [encoder.begin(), encoder.add(gone[:-1]), encoder.add(gone[-1:]), encoder.end(GROUP)]

    assert pieces[1] == b""
    assert len(pieces[2]) > 1000
    assert pq.read_table(io.BytesIO(b"".join(pieces)))["id"].to_pylist() == [row.id for row in gone]


def test_without_pyarrow_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(ParquetMissing, match=r"pip install 'bantin\[parquet\]'"):
        FORMATS["parquet"].encoder(Options("1"))


PAGE = Page(
    "https://soyte.gov.vn/1", "<p>Tiêm chủng".encode("utf-16"), WHEN, content_type="text/html; charset=utf-16",
    etag='"x"', requested="https://soyte.gov.vn/1?from=rss", last_modified="Sun, 01 Mar 2026 02:51:07 GMT",
    lead=Lead("https://soyte.gov.vn/1", Via.FEED, "Tiêm\u2028chủng \ud800", WHEN, None, "Y tế"),
)  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_holds_the_pages_as_they_came_with_digests_that_are_right(packed: bool, tmp_path: Path) -> None:
    nasty = replace(PAGE, content_type="text/html\r\nX-Evil: 1", etag="é\ud800", url="https://x.vn/é \r\nWARC-Type: y")
    given = [Row("a1", Status.PUBLISHED, "1", stored(), PAGE), Row("a2", Status.PUBLISHED, "1", stored(), None),
             Row("a3", Status.PUBLISHED, "1", stored(), nasty)]  # fmt: skip
    path = tmp_path / "x.warc"
    path.write_bytes(encoded("warc", given, packed=packed))

    checker = Checker(type("Given", (), {"inputs": [str(path)], "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0
    with path.open("rb") as file:
        found = [(record, record.content_stream().read()) for record in ArchiveIterator(file)]
    (info, about), (first, body), (second, same) = found
    assert (info.rec_type, first.rec_type, second.rec_type) == ("warcinfo", "response", "response")
    assert b"bantin-cursor: 12" in about
    assert body == same == PAGE.body
    headers, http = first.rec_headers, first.http_headers
    assert headers.get_header("WARC-Target-URI") == PAGE.url
    assert datetime.fromisoformat(headers.get_header("WARC-Date")) == WHEN
    assert headers.get_header("WARC-Payload-Digest")
    assert http.get_header("Content-Type") == PAGE.content_type
    assert announced({LEAD: headers.get_header(LEAD)}, PAGE.url) == PAGE.lead
    assert second.http_headers.get_header("X-Evil") is None
    assert second.rec_headers.get_header("WARC-Target-URI") == "https://x.vn/%C3%A9%20%20WARC-Type:%20y"
    assert encoded("warc", given, packed=packed) == path.read_bytes(), "the same pages are the same archive"


@pytest.mark.parametrize("said", ["", "[", "[]", "{}", "1", '{"via": "x"}', '{"via": "feed", "title": 1}', "[" * 99999])
def test_an_announcement_that_cannot_be_read_is_none(said: str) -> None:
    assert announced({LEAD: said}, "https://x.vn/1") == Lead("https://x.vn/1", Via.IMPORT)


def test_a_file_is_written_as_its_name_says() -> None:
    names = {"a.ndjson": ("ndjson", ""), "a.JSONL.gz": ("ndjson", "gz"), "a.csv.zst": ("csv", "zst"),
             "a.warc": ("warc", ""), "a.warc.gz": ("warc", "gz"), "a.b.parquet": ("parquet", "")}  # fmt: skip
    assert {name: (kind.name if (kind := named(name)[0]) else None, named(name)[1]) for name in names} == names
    assert named("a.txt")[0] is named("csv")[0] is None
    with pytest.raises(InvalidValue):
        format_of("xlsx")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=12), min_size=1, max_size=4))
def test_no_text_breaks_a_row_of_any_table(texts: list[str]) -> None:
    given = rows(*[stored(f"a{n}", text) for n, text in enumerate(texts)])
    wanted = [cleaned(row.to_json()).get("title") for row in given]

    lines = encoded("ndjson", given).split(b"\n")[:-1]
    cells = [row["title"] for row in read_csv(encoded("csv", given, formulas=True))]

    assert [json.loads(line).get("title") for line in lines] == wanted
    assert cells == [(title or "").replace("\0", "\ufffd") for title in wanted]
    assert pq.read_table(io.BytesIO(encoded("parquet", given)), columns=["title"])["title"].to_pylist() == wanted
