"""One sample portal: its articles, its pages, and what it answers to a request."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from demo import feeds
from demo.faults import FAULTS, Fault, make_fault
from demo.pages import Item, Rendered, item, render
from demo.specs import PortalSpec
from demo.truth import DemoArticle, Part
from demo.wire import Request, Response
from demo.writer import Writer, compose, newest_first
from news.article import VIETNAM
from news.errors import BantinError

_FILES: Mapping[str, tuple[str, bytes]] = {
    "png": (
        "image/png",
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
            "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
        ),
    ),
    "css": ("text/css", b"body{}"),
    "js": ("application/javascript", b""),
    "pdf": ("application/pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
    "doc": ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x05\x06" + bytes(18)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x05\x06" + bytes(18)),
}
# How portals answer for an article that they took down: faults of demo.faults. The politest are the rarest.
TAKEN_DOWN = ("410", "404", "not-found-200", "redirect-home")
_PICTURES = {"jpg", "jpeg", "gif", "png"}


@dataclass(frozen=True, slots=True)
class Known:
    """What an address leads to: `build` makes the page when first asked for, `views` is where its count starts."""

    build: Callable[[], Rendered]
    views: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """All addresses of a portal between two changes; replaced whole, so that the server's thread needs no lock."""

    pages: dict[str, Known]
    machine: dict[str, tuple[str, bytes]]
    gone: dict[str, str]  # how each address of what was taken down answers
    changed: datetime
    cache: dict[str, Rendered] = field(default_factory=dict)


class Portal:
    """Answers for one portal. All methods may be called from any thread."""

    def __init__(self, spec: PortalSpec, articles: tuple[DemoArticle, ...], netloc: str) -> None:
        self.spec = spec
        self.netloc = netloc
        self.base = f"http://{netloc}"
        self.requests: Counter[str] = Counter()
        self.latency = 0.0
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._hits = 0
        self._gone: list[tuple[DemoArticle, str]] = []
        self._writer = Writer(article.title for article in articles)
        self._articles = articles
        self._changed = max(article.stamp for article in articles)
        self._rebuild()

    # what it holds

    @property
    def articles(self) -> tuple[DemoArticle, ...]:
        """The articles it shows now, newest first: the truth."""
        return self._articles

    def article(self, which: str | int) -> DemoArticle:
        """The article with that number, path or full URL."""
        for article in self._articles:
            if self._is(article, which):
                return article
        raise BantinError(f"{self.spec.id} shows no article {which!r}.", "Give its number or path.")

    def url(self, article: DemoArticle) -> str:
        return self.base + article.path

    # what happens to it

    def publish(self, **fields: Any) -> DemoArticle:
        """Publish an article, given by its fields (title, lead, body lines, author, section, published) or made up.

        It is newer than every other: the hour after the newest one, unless `published` says when.
        """
        with self._lock:
            number = self._next_number()
            stamp = fields.pop("published", self._articles[0].stamp + timedelta(minutes=61))
            made_up = self._writer.write(self.spec, number, stamp, number % 7)
            article = self._given(made_up, fields) if fields else made_up
            self._show((article, *self._articles))
            return article

    def take_over(
        self, origin: DemoArticle, *, hours: float, lead: str | None = None, paragraph: str | None = None
    ) -> DemoArticle:
        """Publish what another portal published, so many hours after it: see Writer.twin."""
        with self._lock:
            article = self._writer.twin(origin, self.spec, self._next_number(), hours, lead, paragraph)
            self._show(newest_first((article, *self._articles)))
            return article

    def edit(self, which: str | int, *, silent: bool = False, **fields: Any) -> DemoArticle:
        """Change an article in place (title, lead, body, author); without fields its text gets one more paragraph.

        Silently: neither the sitemap nor the page says that it was changed.
        """
        article = self.article(which)
        if not fields:
            note = f"Cập nhật: đến {article.stamp:%d/%m/%Y}, đơn vị đã bổ sung {article.number % 90 + 5} ý kiến góp ý."
            fields = {"parts": (*article.parts, Part("p", note))}
        with self._lock:
            now = article.modified if silent else datetime.now(VIETNAM).replace(microsecond=0)
            changed = replace(article, modified=now, **_with_parts(fields))
            self._show(tuple(changed if other is article else other for other in self._articles))
            return changed

    def delete(self, which: str | int, how: str = "") -> DemoArticle:
        """Take an article down: no list shows it, and its addresses answer as `how` of TAKEN_DOWN says; by default
        with 410, on a portal that knows no errors (soft_404) with its page of excuse and 200."""
        if how not in ("", *TAKEN_DOWN):
            raise BantinError(f"No portal takes an article down by {how!r}.", f"Use one of {', '.join(TAKEN_DOWN)}.")
        article = self.article(which)
        with self._lock:
            self._gone.append((article, how))
            self._show(tuple(other for other in self._articles if other is not article))
            return article

    def restore(self, which: str | int) -> DemoArticle:
        """Put back what was taken down, as it was."""
        for article, how in self._gone:
            if self._is(article, which):
                with self._lock:
                    self._gone.remove((article, how))
                    self._show(newest_first((article, *self._articles)))
                    return article
        raise BantinError(f"{self.spec.id} took no article {which!r} down.", "Give its number or path.")

    def fault(self, pattern: str, name: str, times: int | None = None) -> None:
        """Answer requests whose target matches `pattern` with the fault `name` of demo.faults.FAULTS."""
        self._faults.append(make_fault(pattern, name, times))

    def mend(self) -> None:
        """Take every fault and latency back."""
        self._faults.clear()
        self.latency = 0.0

    # what it answers

    def respond(self, request: Request) -> Response:
        """The answer to a request, spoilt by the first fault that matches."""
        self.requests[request.target] += 1
        answer = self._answer(request)
        for fault in self._faults:
            if fault.strikes(request.target):
                answer = FAULTS[fault.name](answer, request)
                break
        return replace(answer, hang=self.latency) if self.latency and not answer.hang else answer

    def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return Response(405, headers=(("Allow", "GET, HEAD, POST"),))
        key = self.spec.route(request.target)
        shown = self._shown
        if key in shown.machine:
            content_type, body = shown.machine[key]
            return feeds.conditional(request, body, content_type, shown.changed)
        if key in shown.pages:
            return self._page(shown, key)
        return self._elsewhere(shown, request, key)

    def _elsewhere(self, shown: Shown, request: Request, key: str) -> Response:
        kind = request.target.partition("?")[0].rpartition(".")[2].lower()
        kind = "png" if kind in _PICTURES else kind
        if kind in _FILES:
            content_type, body = _FILES[kind]
            return Response(200, body, content_type, (("Cache-Control", "max-age=86400"),))
        status = 200 if self.spec.soft_404 else 410 if key in shown.gone else 404
        answer = self._page(shown, "missing", status)
        how = shown.gone.get(key)
        return FAULTS[how](answer, request) if how else answer

    def _page(self, shown: Shown, key: str, status: int = 200) -> Response:
        known = shown.pages[key]
        page = shown.cache.get(key)
        if page is None:
            page = shown.cache[key] = known.build()
        self._hits += 1
        body = page.fill(self._figures(known.views))
        charset = "" if self.spec.encoding == "cp1258" else "; charset=utf-8"
        cookie = (("Set-Cookie", "ASP.NET_SessionId=demo; path=/; HttpOnly"),) if self.spec.case_blind else ()
        return Response(status, body, f"text/html{charset}", (("Cache-Control", "private"), *cookie))

    def _figures(self, views: int) -> dict[str, bytes]:
        """The numbers that differ at each request."""
        now, hits = datetime.now(VIETNAM), self._hits
        figures = {
            "views": str(views + hits), "total": str(8346375 + hits), "today": str(2033 + hits),
            "yesterday": "3921", "week": str(10392 + hits), "month": str(68869 + hits), "online": str(17 + hits % 83),
            "nonce": f"{hits * 7919 + 104729:X}", "clock": f"{now:%d/%m/%Y %H:%M:%S}",
            "clock_long": f"Thứ Tư, ngày {now.day} tháng {now.month} năm {now.year} | {now:%H:%M} GMT+7",
            "ticker": f"{hits + 512}/2025 - {now:%d-%m-%Y %H:%M:%S}",
        }  # fmt: skip
        encoding = self.spec.encoding
        return {name: text.encode(encoding, "xmlcharrefreplace") for name, text in figures.items()}

    # how its pages are made

    def _is(self, article: DemoArticle, which: str | int) -> bool:
        return which in (article.number, article.path, f"{self.base}{article.path}")

    def _next_number(self) -> int:
        return max(article.number for article in (*self._articles, *(gone for gone, _ in self._gone))) + 7

    def _show(self, articles: tuple[DemoArticle, ...]) -> None:
        self._articles = articles
        self._changed = datetime.now(VIETNAM)
        self._rebuild()

    def _rebuild(self) -> None:
        """Every address anew; pages are rendered again when asked for."""
        spec, route = self.spec, self.spec.route
        known = {"missing": Known(lambda: self._render("missing", "Không tìm thấy trang", message=_MISSING))}
        known["/"] = Known(lambda: self._listing(spec.sections[0], 1))
        for section in spec.sections:
            for page in range(1, self._page_count(section) + 1):
                known[route(spec.listing_path(section, page))] = Known(
                    lambda section=section, page=page: self._listing(section, page)  # type: ignore[misc]
                )
        for place, article in enumerate(self._articles):
            self._add_article(known, place, article)
        for path in _STANDING:
            known[route(path)] = Known(lambda: self._render("other", "Giới thiệu", message=_ABOUT))
        gone = {route(path): how for article, how in self._gone for path in (article.path, *article.variants)}
        self._shown = Shown(known, self._machine_pages(), gone, self._changed)

    def _add_article(self, known: dict[str, Known], place: int, article: DemoArticle) -> None:
        page = Known(lambda: self._article(place, article), article.views)
        for path in (article.path, *article.variants):
            known[self.spec.route(path)] = page
        view = Known(lambda: self._render("print", article.title, article=article, related=[]), article.views)
        for path in (article.print_path, *article.other_views):
            known[self.spec.route(path)] = view
        if self.spec.day_archive:
            day = self.spec.archive_path(article.stamp)
            known[self.spec.route(day)] = Known(lambda: self._day(article.stamp))

    def _machine_pages(self) -> dict[str, tuple[str, bytes]]:
        spec, route = self.spec, self.spec.route
        pages = {"/robots.txt": ("text/plain", feeds.robots(spec, self.base))}
        if spec.feed:
            pages[route(spec.feed)] = ("application/rss+xml; charset=utf-8", feeds.rss(spec, self.base, self._articles))
        if spec.sitemap:
            child = "/sitemap-articles.xml"
            pages[spec.sitemap] = ("application/xml", feeds.sitemap_index(self.base, child, self._articles))
            pages[child] = ("application/xml", feeds.sitemap(self.base, self._articles))
            pages["/sitemap-pages.xml"] = ("application/xml", feeds.sitemap_pages(self.base, _STANDING))
        return pages

    def _in_section(self, section: str) -> list[DemoArticle]:
        """The first section is the parent channel: it lists everything."""
        every = section == self.spec.sections[0]
        return [article for article in self._articles if every or article.section == section]

    def _page_count(self, section: str) -> int:
        return max(1, -(-len(self._in_section(section)) // self.spec.per_page))

    def _listing(self, section: str, page: int) -> Rendered:
        spec = self.spec
        shown = self._in_section(section)[(page - 1) * spec.per_page : page * spec.per_page]
        items = [item(article, self._link(article, place)) for place, article in enumerate(shown)]
        pager = [(n, spec.listing_path(section, n)) for n in range(1, self._page_count(section) + 1)]
        here = spec.listing_path(section, page)
        return self._render("listing", section, items=items, pager=pager, page=page, here=here)

    def _day(self, day: datetime) -> Rendered:
        items = [item(article) for article in self._articles if article.stamp.date() == day.date()]
        return self._render("listing", f"Ngày {day:%d/%m/%Y}", items=items, pager=[], page=1)

    def _article(self, place: int, article: DemoArticle) -> Rendered:
        others = self._articles
        newer = [item(other) for other in others[max(0, place - 4) : place]]
        older = [item(other) for other in others[place + 1 : place + 6]]
        archive = self.spec.archive_path(article.stamp)
        return self._render(
            "article", article.title, article=article, newer=newer, older=older, related=[*newer, *older][:6],
            here=article.path, section_url=self.spec.listing_path(article.section), archive=archive,
        )  # fmt: skip

    def _render(self, kind: str, heading: str, **context: Any) -> Rendered:
        spec = self.spec
        return render(spec, **{
            "kind": kind, "heading": heading, "base": self.base, "netloc": self.netloc, "here": "/", "hot": self._hot(),
            "sections": [(name, spec.listing_path(name)) for name in spec.sections], "message": "", **context,
        })  # fmt: skip

    def _hot(self) -> list[Item]:
        """Most read: linked by their other addresses, as portals do."""
        most = sorted(self._articles, key=lambda article: -article.views)[:5]
        return [item(article, article.variants[0]) for article in most]

    def _link(self, article: DemoArticle, place: int) -> str:
        """Every fourth link of a list carries tracking parameters."""
        if place % 4 != 2:
            return article.path
        return article.path + ("&" if "?" in article.path else "?") + "utm_source=chuyen-muc&utm_medium=list"

    def _given(self, made_up: DemoArticle, fields: Mapping[str, Any]) -> DemoArticle:
        values = {"title": made_up.title, "lead": made_up.lead, "parts": made_up.parts, "section": made_up.section}
        extra = {"views": made_up.views, "mark": self.spec.mark, "source": self.spec.source, "style": "plain"}
        return compose(self.spec, made_up.number, made_up.stamp, **{**values, **extra, **_with_parts(fields)})


_STANDING = ("/gioi-thieu/gioi-thieu-chung", "/gioi-thieu/lien-he")
_MISSING = "Không tìm thấy trang. Trang bạn yêu cầu không tồn tại hoặc đã bị gỡ bỏ."
_ABOUT = "Nội dung đang được cập nhật."


def _with_parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`body`, given as lines, becomes paragraphs."""
    values = dict(fields)
    if "body" in values:
        values["parts"] = tuple(Part("p", line) for line in values.pop("body"))
    return values
