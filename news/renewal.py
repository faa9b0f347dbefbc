"""A stored article, read again from its kept page by today's rules: what would change."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import unified_diff
from html import unescape
from typing import Any

from news.article import Article, Page, StoredArticle
from news.dedupe import fingerprint
from news.extract.decode import decode
from news.extract.tree import may_name
from news.reading import read
from news.review.rules import RuleKind, SiteRule
from news.review.triage import Beside, review_after
from news.site import Site

# What extraction says of its own work; a change in it is no new version of the article.
_REMARKS = frozenset({"evidence", "removed", "confidence"})
_WORD = re.compile(r"[^\W\d_]{2,}")


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

    @property
    def changed(self) -> tuple[str, ...]:
        """`fields`, or none where only remarks differ."""
        return () if _REMARKS.issuperset(self.fields) else self.fields

    @property
    def variants(self) -> tuple[StoredArticle, StoredArticle]:
        """What is to be stored in the place of `old`; the second where by today's rules it reads like another stored
        article, and both are kept until somebody merges them."""
        old, print_ = self.old, fingerprint(self.new)
        new = replace(old, article=self.new, fingerprint=print_, version=old.version + bool(self.changed))
        new = replace(new, review=review_after(old, new, Beside(), by_publisher=False))
        return new, replace(new, fingerprint=f"{print_}:{old.id}")

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


def renewed(stored: StoredArticle, page: Page, site: Site | None) -> Renewal:
    """The article as the rules of `site` read its page."""
    try:
        article = read(page, site)
    except Exception as error:  # one page that breaks the rules must not end the reading of the others
        return Renewal(stored, stored.article, f"{type(error).__name__}: {error}")
    if article.reason is not None:
        return Renewal(stored, stored.article, str(article.reason))
    # Where it stands is the store's knowledge, not the page's: it was taken in under this address and this site.
    return Renewal(stored, replace(article, url=stored.article.url, site=stored.article.site))


def may_concern(rule: SiteRule, page: Page) -> bool:
    """Whether a rule may make a difference to a page: of most pages its source shows at once that it cannot."""
    text = decode(page.body, page.content_type).text
    if rule.kind not in (RuleKind.DROP_LINE, RuleKind.KEEP_LINE):
        return may_name(rule.value, text)
    readable = unicodedata.normalize("NFC", unescape(text)).casefold()
    lines = unicodedata.normalize("NFC", rule.value).casefold().splitlines()
    return any(all(word in readable for word in _WORD.findall(line)) for line in lines)
