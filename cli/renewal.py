"""A stored article, read again from its kept page by today's rules: what would change, and the change itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import Any

from crawler.intake import read
from news.article import Article, Page, StoredArticle
from news.dedupe import Text, fingerprint, sketch
from news.site import Site
from spiders.catalog import Catalog
from storage.conflicts import AlreadyStored
from storage.connect import Store

# What extraction says of its own work; a change in it is no new version of the article.
_REMARKS = frozenset({"evidence", "removed", "confidence"})


@dataclass(frozen=True, slots=True)
class Renewal:
    """`old` as stored, `new` as today's rules read its page. `lost` says why they find no article there."""

    old: StoredArticle
    new: Article
    lost: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ, in the order of the article."""
        if self.lost:
            return ()
        before, after = self.old.source_text.to_json(), self.new.to_json()
        return tuple(name for name in before if before[name] != after[name])

    def to_json(self) -> dict[str, Any]:
        before, after = self.old.source_text.to_json(), self.new.to_json()
        changes = {name: {"before": before[name], "after": after[name]} for name in self.fields}
        return {"id": self.old.id, "url": self.old.article.url, "lost": self.lost, "changes": changes}

    def told(self, field: str) -> str:
        """The change of one field: of a body the lines that come and go, of a short value both."""
        before, after = self.old.source_text.to_json()[field], self.new.to_json()[field]
        if isinstance(before, str) and "\n" in f"{before}{after}":
            lines = list(unified_diff(before.splitlines(), str(after).splitlines(), lineterm="", n=0))[2:]
            return "\n".join(line for line in lines if not line.startswith("@@"))
        return f"- {before}\n+ {after}"


def renewals(store: Store, catalog: Catalog, site: str | None) -> Iterator[Renewal]:
    """Every article (of a site) whose page is kept."""
    for article_id, page in store.pages.each(site):
        stored = store.articles.get(article_id)
        if stored is not None:
            yield _renewal(stored, page, catalog.sites.get(stored.article.site) or catalog.for_url(page.url))


def apply(renewal: Renewal, store: Store) -> bool:
    """Stores the new reading; False where a crawl changed the article meanwhile, whose page is newer than ours.

    The version that goes is kept. Done twice, or killed between and done again, it changes nothing more.
    """
    old = renewal.old
    if old.edit is not None:
        store.journal.park(old, renewal.new, old.keys, old.fetched)
        return True
    print_ = fingerprint(renewal.new)
    real = not _REMARKS.issuperset(renewal.fields)
    new = replace(old, article=renewal.new, fingerprint=print_, version=old.version + real)
    for variant in (new, replace(new, fingerprint=f"{print_}:{old.id}")):
        # The second: by today's rules it reads like another stored article. Both are kept until somebody merges them.
        with suppress(AlreadyStored):
            changed = renewal.fields if real else ()
            store.journal.update(variant, old, sketch(Text.of(variant.article)), changed=changed, by="reextract")
            return True
    return False


def _renewal(stored: StoredArticle, page: Page, site: Site | None) -> Renewal:
    try:
        article = read(page, site)
    except Exception as error:  # one page that breaks the rules must not end the reading of the others
        return Renewal(stored, stored.article, f"{type(error).__name__}: {error}")
    if article.reason is not None:
        return Renewal(stored, stored.article, str(article.reason))
    # Where it stands is the store's knowledge, not the page's: it was taken in under this address and this site.
    kept = replace(article, url=stored.article.url, site=stored.article.site)
    return Renewal(stored, kept)
