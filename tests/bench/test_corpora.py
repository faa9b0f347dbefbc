"""Corpus folders of both formats, and the sample portals, are read as the pages and truths that they hold."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest

from bench.corpora import demo_corpora, read_corpus
from bench.judging import mark, score
from bench.peers import PEERS, Extractor, Reading
from news.errors import BantinError

BODY = "Sáng 7/3, tỉnh khai trương trung tâm dữ liệu.\nTrung tâm phục vụ mười hai xã vùng cao."
PAGE = f"<html><body><h1>Khai trương</h1><p>Sapo.</p><p>{BODY}</p><p>Tin liên quan</p></body></html>"


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    gold = {
        "file": "1.html.gz", "url": "https://x.vn/1.htm", "title": "Khai trương", "author": "An Nhiên", "source": None,
        "published": "2026-03-07T08:01:53+07:00", "lead": "Sapo.", "body": BODY, "leak": ["Tin liên quan"],
    }  # fmt: skip
    (folder / "1.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "gold.jsonl").write_text(json.dumps(gold) + "\n\n", encoding="utf-8")
    (folder / "listings.jsonl").write_text('{"file": "1.html.gz", "url": "https://x.vn/"}\n', encoding="utf-8")
    return folder


def test_an_annotated_folder_has_articles_and_listings(annotated: Path) -> None:
    corpus = read_corpus(annotated)

    article, listing = corpus.cases
    assert (corpus.name, corpus.form) == ("press", "vn")
    assert article.html == PAGE.encode()
    assert article.truth is not None
    assert article.truth.text == f"Sapo.\n{BODY}"
    assert article.truth.published == datetime.fromisoformat("2026-03-07T08:01:53+07:00")
    assert (article.truth.author, article.truth.source) == ("An Nhiên", None)
    assert listing.truth is None


def test_a_folder_of_the_benchmark_has_texts_only(tmp_path: Path) -> None:
    row = {"id": "a1", "url": "https://x.com/", "html": PAGE, "body": BODY}
    (tmp_path / "pages.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))

    corpus = read_corpus(tmp_path)

    assert corpus.form == "aeb"
    assert [(case.id, case.html) for case in corpus.cases] == [("a1", PAGE)]
    assert corpus.cases[0].truth is not None
    assert corpus.cases[0].truth.lead is None


def test_what_is_no_corpus_is_refused_with_the_place_of_the_format(tmp_path: Path) -> None:
    with pytest.raises(BantinError, match="neither"):
        read_corpus(tmp_path)
    (tmp_path / "gold.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(BantinError, match="cannot be read") as refused:
        read_corpus(tmp_path)
    assert "docs/benchmarks.md" in refused.value.remedy


def test_what_was_not_looked_for_is_not_judged(annotated: Path) -> None:
    case, _listing = read_corpus(annotated).cases
    assert case.truth is not None
    reading = Reading(
        f"Sapo.\n{BODY}\nTin liên quan", BODY, "Sapo.", "Khai trương", "2026-03-07", "An Nhiên", "Báo khác"
    )

    marks = mark(case, case.truth, reading)

    assert marks.fields == {"title": True, "day": True, "minute": False, "author": True}
    assert marks.leaked == ("Tin liên quan",)
    assert marks.body is not None
    assert (marks.body.f1, marks.words.recall, marks.words.precision < 1) == (1, 1, True)


def test_the_score_of_a_round_counts_leaks_listings_and_errors(annotated: Path) -> None:
    corpus = read_corpus(annotated)
    found = Reading(f"Sapo.\n{BODY}\nTin liên quan", title="Khác", cpu=0.5)
    lost = Reading(is_article=False, error="ValueError()", cpu=0.5)

    total = score(corpus, [[found, lost], [found, lost]])

    assert (total.leak, total.field("title"), total.field("author"), total.rejected) == (1, 0, None, 1)
    assert (total.errors, total.pages_per_second, total.median_ms) == (1, 2, 500)


def test_the_sample_portals_know_their_boilerplate() -> None:
    known, disguised = demo_corpora()
    articles = [case for case in known.cases if case.truth]

    assert len(articles) >= 300
    assert all(case.site for case in known.cases)
    assert not any(case.site for case in disguised.cases)
    for case in articles:
        assert case.truth is not None
        assert len(case.truth.leak) > 10
        assert case.truth.title not in case.truth.leak
        assert not any(words in case.truth.text for words in case.truth.leak)


def test_an_extractor_reads_a_page_in_a_process_of_its_own() -> None:
    case = next(case for case in demo_corpora()[0].cases if case.truth)
    with Extractor("bantin") as extractor:
        [reading] = extractor.read([case])

    assert case.truth is not None
    assert reading.text == case.truth.text
    assert reading.cpu > 0
    assert set(PEERS) >= {"trafilatura", "trafilatura precision", "trafilatura fast", "news-please", "resiliparse"}
