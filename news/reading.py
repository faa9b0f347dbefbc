"""A fetched page -> its Article, with what only the page's announcement knew."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from news.article import Article, Page, Precision
from news.extract import extract
from news.site import Site


def read(page: Page, site: Site | None) -> Article:
    """What extraction gives of a page, with what only the page's announcement knew."""
    article = extract(page.body, page.url, site=site, content_type=page.content_type)
    return _completed(replace(article, site=site_name(page, site)), page)


def site_name(page: Page, site: Site | None) -> str:
    """The id of the page's site; where it is of none, its host."""
    return site.id if site else (urlsplit(page.url).hostname or "unknown")


def _completed(article: Article, page: Page) -> Article:
    """The article with what only the page's announcement knew: a date where the page shows none, and the section."""
    lead = page.lead
    if lead is None or article.reason is not None:
        return article
    evidence = dict(article.evidence)
    changed: dict[str, object] = {}
    if article.published is None and lead.published is not None:
        changed["published"], evidence["published"] = lead.published, str(lead.via)
        changed["published_precision"] = Precision.MINUTE
    if not article.section and lead.section:
        changed["section"], evidence["section"] = lead.section, str(lead.via)
    return replace(article, **changed, evidence=evidence) if changed else article  # type: ignore[arg-type]
