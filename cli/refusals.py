"""Whether a crawl would fetch an address as an article, and if not, for which reason and by which rule."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from news.article import Lead, Via
from news.errors import Reason
from news.site import Site
from news.urls import is_view
from spiders.frontier import Terms, refusal


class Refusal(NamedTuple):
    """Why an address is not fetched: the reason as it is counted, and what says so."""

    reason: Reason
    because: str


def refused(url: str, site: Site | None) -> Refusal | None:
    """Why a crawl of `site` leaves the address out, or fetches it as no article; None where it does not."""
    if site is None:
        return Refusal(Reason.DENIED_URL, _VIEW) if is_view(url) else None
    reason = refusal(Lead(url, Via.REQUEST), site, Terms(started=datetime.now(UTC), budget=0))
    if reason is not None:
        return Refusal(reason, _because(reason, url, site))
    if site.article_urls and not any(re.search(form, url) for form in site.article_urls):
        forms = " or ".join(map(repr, site.article_urls))
        return Refusal(Reason.NOT_ARTICLE, f"it has not the form of the site's articles, {forms} of article_urls")
    return None


_VIEW = "it is a view to print, mail or save"


def _because(reason: Reason, url: str, site: Site) -> str:
    if reason is Reason.OFFSITE:
        return f"its host is none of {', '.join(site.hosts)}"
    rule = next((form for form in site.deny_urls if re.search(form, url)), None)
    return f"{rule!r} of deny_urls matches it" if rule else _VIEW
