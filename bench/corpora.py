"""Folders of pages with the text that a person found on them, and the sample portals' own articles, as one shape."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import lxml.html
from lxml import etree

import config
from bench.scoring import local
from demo.portal import Portal
from demo.server import BASE_PORT, HOST
from demo.specs import portal_specs
from demo.wire import Request, Response
from demo.writer import all_articles
from news.article import Precision
from news.clean.text import squeeze
from news.errors import BantinError
from news.site import Site
from spiders.catalog import load_catalog

# What stands on more of a portal's article pages than this, and is in no article's text, belongs to the template.
_TEMPLATE_SHARE = 0.5
_LEAK_CHARS = 8
_NAMES = re.compile(rb'((?:class|id|itemprop|itemtype)=")([^"]*)"')
_HIDING = {b"hidden", b"hide", b"d-none", b"sr-only", b"visually-hidden"}
_WIDGETS = (
    "Phản hồi", "Các tin khác", "Lượt xem", "Tìm theo ngày", "(Di chuột", "Hôm nay:", "Tất cả:", ".jpg", "Bình chọn",
    "Ý kiến thăm dò", "Bạn quan tâm đến chuyên mục", "In bài viết", "Tin liên quan", "Giấy phép số",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """What a person found on a page. A field that is None was not looked for; an empty one is not on the page.

    Without `lead`, `body` is all of the text. `leak` are strings of the page that are none of the article's text.
    """

    body: str
    lead: str | None = None
    title: str | None = None
    published: datetime | None = None
    precision: Precision = Precision.MINUTE
    author: str | None = None
    source: str | None = None
    leak: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.lead}\n{self.body}" if self.lead else self.body


@dataclass(frozen=True, slots=True)
class Case:
    """A page to extract. `truth` is None where the page is a listing, which holds no article."""

    id: str
    url: str
    html: bytes | str
    truth: Truth | None
    content_type: str = ""
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pages of one origin. `form` is vn, aeb, demo or unknown: it says which figures the corpus has targets for."""

    name: str
    form: str
    cases: tuple[Case, ...] = field(repr=False)

    def thinned(self, most: int) -> Corpus:
        """At most so many pages, evenly spread."""
        step = max(1, -(-len(self.cases) // most))
        return Corpus(self.name, self.form, self.cases[::step])


def read_corpus(folder: Path) -> Corpus:
    """The corpus of a folder in either format of docs/benchmarks.md. Raises BantinError where it is none."""
    name = folder.resolve().name
    try:
        if (folder / "gold.jsonl").exists():
            return Corpus(name, "vn", (*_annotated(folder), *_listings(folder)))
        if (folder / "pages.jsonl.gz").exists():
            return Corpus(name, "aeb", tuple(_aeb(folder / "pages.jsonl.gz")))
    except (OSError, KeyError, ValueError) as error:
        raise BantinError(
            f"The corpus {folder} cannot be read: {error!r}.", "docs/benchmarks.md has its format."
        ) from None
    raise BantinError(
        f"{folder} holds neither gold.jsonl nor pages.jsonl.gz.", "docs/benchmarks.md says what a corpus folder holds."
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from (json.loads(line) for line in text.split("\n") if line.strip())


def _page(folder: Path, row: Mapping[str, Any]) -> bytes:
    return gzip.decompress((folder / row["file"]).read_bytes())


def _annotated(folder: Path) -> Iterator[Case]:
    for row in _lines(folder / "gold.jsonl"):
        published = row.get("published") or ""
        truth = Truth(
            row["body"],
            row.get("lead") or "",
            row["title"],
            local(datetime.fromisoformat(published)) if published else None,
            Precision.MINUTE if "T" in published else Precision.DAY,
            author=row.get("author"),
            source=row.get("source"),
            leak=tuple(row.get("leak") or ()),
        )
        yield Case(row["file"], row["url"], _page(folder, row), truth)


def _listings(folder: Path) -> Iterator[Case]:
    path = folder / "listings.jsonl"
    for row in _lines(path) if path.exists() else ():
        yield Case(row["file"], row["url"], _page(folder, row), None)


def _aeb(path: Path) -> Iterator[Case]:
    for row in _lines(path):
        yield Case(row["id"], row["url"], row["html"], Truth(row["body"]))


def demo_corpora() -> tuple[Corpus, Corpus]:
    """Every article and listing of the sample portals: with their site files, and as portals that nobody knows."""
    folder = config.load({}).sites_dir
    sites = load_catalog(folder).sites
    articles = all_articles()
    cases: list[Case] = []
    for place, spec in enumerate(portal_specs()):
        portal = Portal(spec, articles[spec.id], f"{HOST}:{BASE_PORT + place}")
        cases += _portal(portal, sites[spec.id])
    unknown = tuple(Case(c.id, c.url, disguise(c.html), c.truth, c.content_type) for c in cases)
    return Corpus("demo", "demo", tuple(cases)), Corpus("demo, disguised", "unknown", unknown)


def disguise(html: bytes | str) -> bytes:
    """The page with meaningless class names and ids, so that no selector and no mark of a CMS family fits it.

    Names by which every CMS hides what readers do not see stay: without its style sheet nobody could know that.
    """
    data = html if isinstance(html, bytes) else html.encode()
    return _NAMES.sub(lambda m: m[1] + b" ".join(map(_meaningless, m[2].split())) + b'"', data)


def _meaningless(name: bytes) -> bytes:
    return name if name in _HIDING else b"n%08x" % crc32(name)


def _portal(portal: Portal, site: Site) -> Iterator[Case]:
    pages = [portal.respond(Request("GET", article.path, {})) for article in portal.articles]
    template = _template_lines(pages, portal)
    for article, page in zip(portal.articles, pages, strict=True):
        text = "\n".join((article.title, article.lead, *article.body))
        leak = [*template, *article.captions, *_WIDGETS]
        truth = Truth(
            "\n".join(article.body), article.lead, article.title, article.published, article.precision,
            article.author, article.source, tuple(words for words in leak if words not in text),
        )  # fmt: skip
        yield Case(article.key, portal.url(article), page.body, truth, page.content_type, site)
    for source in site.sources:
        if source.kind == "listing":
            page = portal.respond(Request("GET", source.url.split(portal.netloc, 1)[1], {}))
            yield Case(source.url, source.url, page.body, None, page.content_type, site)


def _template_lines(pages: Sequence[Response], portal: Portal) -> list[str]:
    """The lines that stand on most article pages of a portal: its menus, boxes and footers."""
    counts: Counter[str] = Counter()
    for page in pages:
        tree = lxml.html.fromstring(page.body.decode(portal.spec.encoding))
        etree.strip_elements(tree, "script", "style", with_tail=False)
        seen = (squeeze(str(text)) for text in tree.itertext())
        counts.update({text for text in seen if len(text) >= _LEAK_CHARS})
    return [text for text, count in counts.items() if count > _TEMPLATE_SHARE * len(pages)]
