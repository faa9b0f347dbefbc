"""No stored HTML runs a script: payloads go from a portal's page through extraction into the store and from there to
every page and feed, and are inert in a real Chromium with the Content-Security-Policy taken off; with it on, even pages
that were never cleaned are."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from lxml import etree
from starlette.types import ASGIApp

from config import Config
from crawler.intake import Intake
from news.article import Page, StoredArticle
from news.site import PublishPolicy, Selectors, Site, SiteKind
from storage.connect import Store
from tests.browser import Bare, browser, needs_browser, serving
from tests.web.desk.inert import desk_is_inert
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

CANARY = "canary.test"
CORPUS = tomllib.loads((Path(__file__).parent.parent / "data" / "xss.toml").read_text(encoding="utf-8"))
PAYLOADS = [payload for group in CORPUS.values() for payload in group["payloads"]]
FETCHED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AT_ONCE = 24
PATHS = (
    "/", "/nganh", "/dia-phuong", "/van-ban", "/chuyen-muc", "/feeds", "/tim", "/sites/cong", "/dia-phuong/x",
    "/api/v1/",
)  # fmt: skip
NAME = "Cổng \"><img src=x onerror=X()>'<script>X()</script>"
SITE = Site(
    "cong", NAME, SiteKind.PROVINCE, ("cong.gov.vn",), "https://cong.gov.vn/", name_en=NAME,
    territory="tỉnh X", replaces=("tỉnh <img src=x onerror=X()>",), publish=PublishPolicy.AUTO,
    selectors=(
        Selectors({
            "title": ("h1",), "lead": (".sapo",), "author": (".author",), "section": (".section",),
            "tags": (".tags a",), "body": (".content",), "attachments": (".files a",), "published": (".date",),
        }),
    ),
)  # fmt: skip
# What each document is asked: whatever could run, or send the reader elsewhere.
LOOK = """() => {
  const bad = [];
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    if (['script', 'iframe', 'object', 'embed', 'base', 'style', 'math', 'foreignObject', 'template'].includes(name)
        || element.matches('meta[http-equiv], svg :not(a, g, rect, circle, text), link:not([rel])')) bad.push(name);
    if (element.shadowRoot) bad.push('shadow root');
    for (const {name: attribute, value} of element.attributes) {
      if (/^on|^(srcdoc|style|ping|formaction|background|xlink:href)$/i.test(attribute)) bad.push(attribute);
      if (/^(href|src|action|data)$/i.test(attribute) && /^[\\s\\0-\\x20]*(javascript|vbscript|data):/i.test(value))
        bad.push(attribute + '=' + value);
    }
  }
  for (const link of document.links) if (!/^https?:$/.test(link.protocol)) bad.push(link.href);
  for (const link of document.querySelectorAll('link, form'))
    if (!['canonical', 'alternate'].includes(link.rel) && new URL(link.href || link.action).origin !== location.origin)
      bad.push(link.outerHTML);
  return bad;
}"""


@dataclass
class Watch:
    """What a browser did that no page may make it do."""

    own: str
    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def attach(self, context: Any) -> None:
        context.add_init_script("window.X = window.alert = window.confirm = window.prompt = () => console.error('RAN')")
        context.on("console", lambda said: self.ran.append(said.text) if said.text == "RAN" else None)
        context.on("dialog", lambda dialog: (self.ran.append(dialog.message), dialog.dismiss()))
        context.route("**/*", self._answer)
        context.on("page", lambda page: self.opened.append(page.url))

    def _answer(self, route: Any) -> None:
        request = route.request
        if request.url.startswith(self.own):
            route.continue_()
            return
        # A picture may come from anywhere, as a portal says; it runs nothing.
        hidden = urlsplit(request.url).hostname == CANARY and request.resource_type != "image"
        if hidden or request.is_navigation_request():
            self.asked.append(f"{request.resource_type} {request.url}")
        route.abort()

    @property
    def seen(self) -> tuple[list[str], list[str]]:
        return self.ran, self.asked


def portal_page(n: int, payload: str) -> bytes:
    """A portal's page with the payload raw in its body, and as text everywhere else."""
    text = escape(payload)
    words = [f"từ{n}x{k}" for k in range(160)]
    prose = [f"Sáng 01/3/2026, {' '.join(words[k : k + 40])}." for k in range(0, 160, 40)]
    data = {"@type": "NewsArticle", "headline": payload, "author": {"name": payload}, "articleSection": payload}
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{text}</title>
<meta property="og:title" content="{text}"><meta name="author" content="{text}"><meta name="keywords" content="{text}">
<script type="application/ld+json">{json.dumps(data).replace("<", chr(92) + "u003c")}</script></head><body>
<h1>Tin số {n} {text}</h1><p class="date">01/03/2026 09:{n % 60:02}</p><p class="section">{text}</p>
<p class="author">{text}</p><div class="sapo">Sapo {n} {text}</div>
<ul class="tags"><li><a href="/t">{text}</a></li></ul>
<ul class="files"><li><a href="/tep/{n}.pdf">Tệp {text}</a></li></ul>
<div class="content"><p>{prose[0]}</p>
<figure><img src="/anh/{n}.jpg?{quote(payload)}" alt="{text}"><figcaption>Ảnh {text}</figcaption></figure>
<p>{prose[1]} Nghị quyết 57-NQ/TW.</p><p>Ghi chú {text}</p><p>{prose[2]}</p><div>{payload}</div><p>{prose[3]}</p></div>
</body></html>""".encode("utf-8", "replace")


@pytest.fixture
def taken(store: Store) -> list[StoredArticle]:
    """The payloads, as a crawl takes them in; two of them tell one story."""
    intake = Intake(store)
    outcomes = []
    for n, payload in enumerate(PAYLOADS):
        outcomes.append(intake.take(Page(f"https://cong.gov.vn/tin-{n}.html", portal_page(n, payload), FETCHED), SITE))
    intake.flush()
    assert Counter(outcome.decision for outcome in outcomes)["new"] >= 0.95 * len(PAYLOADS) >= 95
    stored = [article for id in store.articles.ids("cong") if (article := store.articles.get(id))]
    store.journal.merge(stored[0].story, stored[1].story, FETCHED, by="lan")
    return stored


def app_of(store: Store, config: Config) -> ASGIApp:
    return create_app(store, replace(config, base_url="https://tin.example.vn"), lambda: {"cong": SITE})


def test_what_portals_send_is_inert_without_any_policy(
    store: Store, config: Config, taken: list[StoredArticle], browser: Any
) -> None:
    carried = [stored.article for stored in taken]
    for name in ("title", "lead", "section", "author", "tags", "attachments", "images"):
        # A field that lost its payloads on the way would prove nothing.
        assert sum("<" in str(getattr(article, name)) for article in carried) > 0.5 * len(carried), name
    with serving(Bare(app_of(store, config))) as base, httpx.Client(base_url=base) as http:
        watch = Watch(base)
        context = browser.new_context()
        watch.attach(context)
        page = context.new_page()
        watch.opened.clear()
        paths = [f"/articles/{stored.id}" for stored in taken] + list(_lists(http)) + list(_echoes())
        paths.append(f"/stories/{store.articles.get(taken[0].id).story}")  # type: ignore[union-attr]
        for n in range(0, len(paths), AT_ONCE):
            _look_at(page, base, paths[n : n + AT_ONCE])
        for path, html in _contents(http):
            _show(page, f"{base}/_entries", html)
            assert page.evaluate(LOOK) == [], path
            page.goto(f"{base}{path}")  # as the browser itself shows XML
        desk_is_inert(store, base, page, taken, PAYLOADS)
        page.wait_for_timeout(300)  # for what wants to happen a little later
        assert watch.seen == ([], [])
        assert watch.opened == []


def test_the_policy_stands_behind_where_nothing_was_cleaned(
    store: Store, config: Config, put: Any, browser: Any
) -> None:
    groups = {name: group["payloads"] for name, group in CORPUS.items()}
    for name, payloads in groups.items():
        put(name, html="\n".join(f"<div>{payload}</div>" for payload in payloads))
    app = app_of(store, config)
    with serving(app) as base, serving(Bare(app)) as bare:
        ran: dict[str, Mapping[str, list[str]]] = {}
        for origin in (base, bare):
            watch = Watch(origin)
            context = browser.new_context()
            watch.attach(context)
            page = context.new_page()
            ran[origin] = {name: _runs(page, watch, f"{origin}/articles/{name}") for name in groups}
            context.close()
        assert not any(ran[base].values()), ran[base]
        # The very same pages do run without it, or the watch is blind.
        assert sum(map(bool, ran[bare].values())) >= len(groups) - 2, ran[bare]


def _runs(page: Any, watch: Watch, url: str) -> list[str]:
    watch.ran.clear()
    watch.asked.clear()
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_timeout(100)
    # What may be a picture may be fetched ahead (CSP 3, 6.7.2.8: the least strict directive decides), and runs no more.
    return [*watch.ran, *(asked for asked in watch.asked if not asked.startswith("other "))]


def _lists(http: httpx.Client) -> Iterator[str]:
    """Every page that lists, in both languages, and the list of all articles to its end."""
    yield from PATHS
    yield from (f"{path}?lang=en" for path in PATHS)
    path = "/?stories=all"
    while path:
        yield path
        page = etree.HTML(http.get(path).text)
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")


def _echoes() -> Iterator[str]:
    """Pages that say again what the address says."""
    for n, payload in enumerate(PAYLOADS[::4]):
        said = quote(payload.replace("\0", ""), safe="")
        names = ("/tim?q=", "/dia-phuong?ten=", "/?tag=", "/articles/", "/?site=", "/sites/", "/van-ban/", "/?lang=")
        yield names[n % len(names)] + said


def _look_at(page: Any, base: str, paths: list[str]) -> None:
    """Opens pages beside each other in frames of one, and asks each what is in it."""
    frames = "".join(f'<iframe name="f{n}" src="{escape(path)}"></iframe>' for n, path in enumerate(paths))
    _show(page, f"{base}/_frames", frames)
    for n, path in enumerate(paths):
        frame = page.frame(name=f"f{n}")
        assert frame.url.startswith(base), f"{path} led to {frame.url}"
        assert frame.evaluate(LOOK) == [], path


def _show(page: Any, url: str, html: str) -> None:
    body = f"<!DOCTYPE html><meta charset='utf-8'><body>{html}</body>"
    page.route(url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    page.goto(url)
    page.unroute(url)


def _contents(http: httpx.Client) -> Iterator[tuple[str, str]]:
    """The feeds and the API, each with what a careless reader would put into its page: all that is said to be HTML."""
    shown: dict[str, Callable[[httpx.Response], list[str]]] = {
        "/feeds/atom.xml": lambda answer: _texts(answer, "{http://www.w3.org/2005/Atom}content"),
        "/feeds/rss.xml": lambda answer: _texts(answer, "{http://purl.org/rss/1.0/modules/content/}encoded"),
        "/feeds/feed.json": lambda answer: [item["content_html"] for item in answer.json()["items"]],
        "/api/v1/articles": lambda answer: [article["html"] for article in answer.json()["articles"]],
    }
    for path, contents in shown.items():
        answer = http.get(f"{path}?stories=all&limit=200")
        found = contents(answer)
        assert len(found) >= 100, path
        yield f"{path}?stories=all&limit=200", "\n".join(f"<section>{html}</section>" for html in found)


def _texts(answer: httpx.Response, tag: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(answer.content).iter(tag)]
