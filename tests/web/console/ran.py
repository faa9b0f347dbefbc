"""A portal that was really crawled, for the pages of runs: with pages that are ill, and a log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
from lxml import html

from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from news.report import RunReport
from news.site import Site
from storage.connect import Store

PORTAL = "demo-mst"


@dataclass(frozen=True)
class Ran:
    """A crawl of a portal in which two pages were ill: `ill` names them by what ailed them."""

    site: Site
    run: RunReport
    ill: dict[str, str]


@contextmanager
def portal() -> Iterator[Demo]:
    with Demo(base_port=0) as running:
        yield running


def ran(store: Store, config: Config, demo: Demo) -> Ran:
    """Crawls the portal."""
    paper = demo.portals[PORTAL]
    ill = {fault: paper.articles[n] for n, fault in enumerate(("blank", "503"))}
    for fault, article in ill.items():
        paper.fault(re.escape(article.path), fault)
    site = demo.site(PORTAL)
    site = replace(site, politeness=replace(site.politeness, retries=0))
    report = crawl(site, CrawlOptions(max_pages=5), replace(config, mongodb_uri=store.uri))
    return Ran(site, report, {fault: paper.url(article) for fault, article in ill.items()})


def page_of(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text[:500]
    return html.fromstring(answer.text)


def text_of(node: Any) -> str:
    return " ".join(" ".join(node.itertext()).split())
