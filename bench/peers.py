"""The extractors that are measured, each in a process of its own: ours, and those of `pip install 'bantin[peers]'`.

Every one is called as its documentation says, with nothing that would fetch from the network.
"""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from multiprocessing.connection import Connection
from typing import Any

from w3lib.encoding import html_to_unicode

from bench.corpora import Case
from news.article import Kind
from news.extract import extract

OURS = "bantin"
# The peer whose speed and text the issue of extraction is held against: its text alone, without its metadata.
RIVAL = "trafilatura"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor made of a page. A field that is None is one which the extractor does not give.

    `cpu` and `wall` are seconds. `error` is the exception that it ended with, if it did.
    """

    text: str = ""
    body: str | None = None
    lead: str | None = None
    title: str | None = None
    published: datetime | str | None = None
    author: str | None = None
    source: str | None = None
    is_article: bool = True
    confidence: float | None = None
    how: str = ""
    cpu: float = 0.0
    wall: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """An extractor: `load` imports it and returns what is timed, `reading` puts what that gave into our words."""

    name: str
    distribution: str
    load: Callable[[], Callable[[Case], Any]]
    reading: Callable[[Any], Reading]


def _ours() -> Callable[[Case], Any]:
    return lambda case: extract(case.html, case.url, site=case.site, content_type=case.content_type)


def _our_reading(article: Any) -> Reading:
    text = f"{article.lead}\n{article.body}" if article.lead else article.body
    return Reading(
        text, article.body, article.lead, article.title, article.published, article.author, article.source,
        article.kind is Kind.ARTICLE, article.confidence,
        article.evidence.get("kind") or article.evidence.get("body", ""),
    )  # fmt: skip


def _trafilatura(**options: Any) -> Callable[[], Callable[[Case], Any]]:
    def load() -> Callable[[Case], Any]:
        trafilatura = import_module("trafilatura")
        return lambda case: trafilatura.extract(case.html, include_comments=False, **options)

    return load


def _trafilatura_with_metadata() -> Callable[[Case], Any]:
    trafilatura = import_module("trafilatura")
    return lambda case: trafilatura.bare_extraction(case.html, url=case.url, include_comments=False, with_metadata=True)


def _trafilatura_reading(document: Any) -> Reading:
    if document is None:
        return Reading(is_article=False)
    author = (document.author or "").replace("; ", ";")
    return Reading(document.text or "", title=document.title or "", published=document.date or "", author=author)


def _news_please() -> Callable[[Case], Any]:
    news_please = import_module("newsplease").NewsPlease
    return lambda case: news_please.from_html(_text(case), url=case.url, fetch_images=False)


def _news_please_reading(article: Any) -> Reading:
    authors = "; ".join(article.authors or ())
    return Reading(article.maintext or "", title=article.title or "", published=article.date_publish, author=authors)


def _newspaper() -> Callable[[Case], Any]:
    newspaper = import_module("newspaper")
    return lambda case: newspaper.article(case.url, input_html=_text(case), fetch_images=False)


def _newspaper_reading(article: Any) -> Reading:
    authors = "; ".join(article.authors or ())
    return Reading(article.text or "", title=article.title or "", published=article.publish_date, author=authors)


def _readability() -> Callable[[Case], Any]:
    document, html = import_module("readability").Document, import_module("lxml.html")

    def read(case: Case) -> Any:
        found = document(_text(case))
        tree = html.fromstring(found.summary(html_partial=True))
        for block in tree.iter("p", "div", "li", "td", "br", "h1", "h2", "h3", "h4", "blockquote", "figcaption"):
            block.tail = "\n" + (block.tail or "")
        return tree.text_content(), found.short_title()

    return read


def _resiliparse() -> Callable[[Case], Any]:
    plain = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda case: plain(_text(case), main_content=True)


def _text(case: Case) -> str:
    """The page for a peer that takes no bytes."""
    if isinstance(case.html, str):
        return case.html
    return html_to_unicode(case.content_type or None, case.html, auto_detect_fun=lambda _: "utf-8")[1]


def _text_reading(text: Any) -> Reading:
    return Reading(text or "", is_article=bool(text))


PEERS = {
    peer.name: peer
    for peer in (
        Peer(OURS, "bantin", _ours, _our_reading),
        Peer(RIVAL, "trafilatura", _trafilatura(), _text_reading),
        Peer("trafilatura precision", "trafilatura", _trafilatura(favor_precision=True), _text_reading),
        Peer("trafilatura fast", "trafilatura", _trafilatura(fast=True), _text_reading),
        Peer("trafilatura + metadata", "trafilatura", _trafilatura_with_metadata, _trafilatura_reading),
        Peer("news-please", "news-please", _news_please, _news_please_reading),
        Peer("newspaper4k", "newspaper4k", _newspaper, _newspaper_reading),
        Peer("readability-lxml", "readability-lxml", _readability, lambda r: Reading(r[0], title=r[1])),
        Peer("resiliparse", "resiliparse", _resiliparse, _text_reading),
    )
}


class Extractor:
    """A peer in a fresh process, from `with Extractor(name) as e` to its end. It works only while `read` waits for it,
    so that extractors which take turns have the core for themselves. Raises ImportError where it is not installed."""

    def __init__(self, name: str) -> None:
        self.peer = PEERS[name]
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self.peer.name, theirs), daemon=True)
        self._process.start()
        theirs.close()
        problem = self._pipe.recv()
        if problem:
            self.close()
            raise ImportError(problem)

    def read(self, cases: Iterable[Case]) -> list[Reading]:
        """The readings of the pages, in order. A page of which the process dies costs that page only."""
        return [self._read(case) for case in cases]

    def _read(self, case: Case) -> Reading:
        try:
            self._pipe.send(case)
            reading = self._pipe.recv()
        except (EOFError, OSError):
            self.close()
            died = f"the process died with exit code {self._process.exitcode}"
            self._start()
            return Reading(is_article=False, error=died)
        assert isinstance(reading, Reading)
        return reading

    def close(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join()
        self._pipe.close()

    def __enter__(self) -> Extractor:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def version_of(peer: Peer) -> str:
    return version(peer.distribution)


def _serve(name: str, pipe: Connection) -> None:
    warnings.simplefilter("ignore")  # peers warn of their own dependencies; this is no test of them
    peer = PEERS[name]
    try:
        read = peer.load()
    except ImportError as error:
        pipe.send(str(error) or repr(error))
        return
    pipe.send("")
    while (case := pipe.recv()) is not None:
        pipe.send(_timed(peer, read, case))


def _timed(peer: Peer, read: Callable[[Case], Any], case: Case) -> Reading:
    cpu, wall = time.process_time(), time.perf_counter()
    problem, found = "", None
    try:
        found = read(case)
    except Exception as error:  # a peer may fail in any way; that is a result
        problem = repr(error)[:200]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    reading = Reading(is_article=False) if problem else peer.reading(found)
    return replace(reading, cpu=cpu, wall=wall, error=problem)
