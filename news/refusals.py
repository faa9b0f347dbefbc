"""Whether a crawl would fetch an address as an article, and if not, for which reason and by which rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from news.discover.traps import trap
from news.errors import Reason
from news.site import Site
from news.urls import is_view


class Rule(StrEnum):
    """What refuses an address."""

    HOSTS = "hosts"  # it is none of the site's; the detail names these
    VIEW = "view"  # it is a view to print, mail or save
    DENY = "deny"  # a pattern of deny_urls matches it; the detail is the pattern
    TRAP = "trap"  # it leads round in circles; the detail says how that shows
    FORM = "form"  # it has not the form of the site's articles; the detail is article_urls


class Refusal(NamedTuple):
    """Why an address is not fetched: the reason as it is counted, and the rule that says so."""

    reason: Reason
    rule: Rule
    detail: str = ""


def followed(url: str, site: Site) -> Refusal | None:
    """Why no crawl of the site follows an address, whatever is known of it; None where one does."""
    if not site.owns(url):
        return Refusal(Reason.OFFSITE, Rule.HOSTS, ", ".join(site.hosts))
    form = next((form for form in site.deny_urls if re.search(form, url)), None)
    if form is not None:
        return Refusal(Reason.DENIED_URL, Rule.DENY, repr(form))
    if is_view(url):
        return Refusal(Reason.DENIED_URL, Rule.VIEW)
    if (sign := trap(url)) and not any(re.search(form, url) for form in site.article_urls):
        return Refusal(Reason.TRAP, Rule.TRAP, sign)
    return None


def refused(url: str, site: Site | None) -> Refusal | None:
    """Why a crawl of `site` leaves the address out, or fetches it as no article; None where it does not. Of no site
    (an import) only views are left out."""
    if site is None:
        return Refusal(Reason.DENIED_URL, Rule.VIEW) if is_view(url) else None
    if refusal := followed(url, site):
        return refusal
    if site.article_urls and not any(re.search(form, url) for form in site.article_urls):
        return Refusal(Reason.NOT_ARTICLE, Rule.FORM, " or ".join(map(repr, site.article_urls)))
    return None


def owner_of(url: str, sites: Mapping[str, Site]) -> Site | None:
    """The site to whose hosts the address belongs."""
    return next((site for site in sites.values() if site.owns(url)), None)
