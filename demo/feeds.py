"""What a portal tells machines: RSS, sitemaps, robots.txt, each with validators that are honest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape

from demo.specs import PortalSpec
from demo.truth import DemoArticle
from demo.wire import Request, Response

FEED_ITEMS = 20


def rss(spec: PortalSpec, base: str, articles: Sequence[DemoArticle]) -> bytes:
    """The newest articles. A portal with `feed_dates = "broken"` writes its dates as .NET prints them in en-US, and
    puts a bare & where XML allows none (PAINS 15)."""
    broken = spec.feed_dates == "broken"
    items = [_rss_item(base, article, broken) for article in articles[:FEED_ITEMS]]
    title = "Tin hoạt động & Trao đổi" if broken else escape(spec.name)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
    about = f"<title>{title}</title><link>{base}/</link><description>{escape(spec.name)}</description>"
    return f"{head}{about}<language>vi</language>\n{''.join(items)}</channel></rss>\n".encode()


def sitemap_index(base: str, child: str, articles: Sequence[DemoArticle]) -> bytes:
    """The index: one child with articles, one with the portal's standing pages."""
    newest = max(_changed(article) for article in articles).isoformat()
    rows = "".join(
        f"<sitemap><loc>{base}{path}</loc><lastmod>{newest}</lastmod></sitemap>"
        for path in (child, "/sitemap-pages.xml")
    )
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>')


def sitemap(base: str, articles: Sequence[DemoArticle]) -> bytes:
    rows = "".join(
        f"<url><loc>{base}{escape(article.path)}</loc><lastmod>{_changed(article).isoformat()}</lastmod></url>\n"
        for article in articles
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def sitemap_pages(base: str, paths: Sequence[str]) -> bytes:
    rows = "".join(f"<url><loc>{base}{escape(path)}</loc></url>" for path in paths)
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def robots(spec: PortalSpec, base: str) -> bytes:
    lines = ["# Cong thong tin dien tu", "User-agent: *", *(f"Disallow: {path}" for path in spec.disallow)]
    if spec.crawl_delay:
        lines.append(f"Crawl-delay: {spec.crawl_delay}")
    lines += ["", "User-agent: BadBot", "Disallow: /"]
    if spec.sitemap:
        lines += ["", f"Sitemap: {base}{spec.sitemap}"]
    return "\r\n".join([*lines, ""]).encode()


def conditional(request: Request, body: bytes, content_type: str, changed: datetime) -> Response:
    """200 with ETag and Last-Modified, or 304 where the request's own validators say that nothing changed."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    stamp = changed.astimezone(UTC).replace(microsecond=0)
    headers = (("ETag", etag), ("Last-Modified", format_datetime(stamp, usegmt=True)))
    known = request.headers.get("if-none-match")
    since = request.headers.get("if-modified-since")
    # If-None-Match decides alone where both are sent (RFC 9110, 13.1.3).
    fresh = etag in known if known is not None else since is not None and _not_newer(stamp, since)
    if fresh:
        return Response(304, content_type="", headers=headers)
    return Response(200, body, content_type, headers)


def _rss_item(base: str, article: DemoArticle, broken: bool) -> str:
    summary = escape(article.lead or article.body[0])
    if broken:
        clock = article.stamp.hour % 12 or 12
        half = "AM" if article.stamp.hour < 12 else "PM"
        date = f"{article.stamp.month}/{article.stamp.day}/{article.stamp.year} {clock}:{article.stamp:%M:%S} {half}"
        link = f"{base}{article.path}"
    else:
        date = format_datetime(article.stamp)
        link = f"{base}{article.path}?utm_source=rss&amp;utm_medium=feed"
    return (
        f"<item><title>{escape(article.title)}</title><link>{link}</link>"
        f"<description><![CDATA[<img src='/thumb.jpg'/> {summary}]]></description>"
        f"<category>{escape(article.section)}</category><pubDate>{date}</pubDate></item>\n"
    )


def _changed(article: DemoArticle) -> datetime:
    return article.modified or article.stamp


def _not_newer(stamp: datetime, since: str) -> bool:
    try:
        return stamp <= parsedate_to_datetime(since)
    except ValueError:
        return False


def _xml(content: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n'.encode()
