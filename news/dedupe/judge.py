"""The verdict over an extracted article, from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from news.article import Article, Decision, Kind, StoredArticle, Verdict
from news.dedupe.addresses import tail
from news.dedupe.changes import changes
from news.dedupe.fingerprint import SHORT_WORDS
from news.dedupe.likeness import Relation, Text, compare
from news.dedupe.placement import Neighbour


def judge(
    article: Article,
    keys: Sequence[str],
    fingerprint: str,
    known: Sequence[StoredArticle],
    *,
    fetched: datetime | None = None,
) -> Verdict:
    """What is to be done with `article`, which was fetched under `keys[0]`, beside the stored articles that share one
    of its keys or its fingerprint.

    Its own address decides first; then the address the page declares; then the text. An article under its own address
    with other words is an update; the same words under another address of the same site are a duplicate.
    """
    if article.kind is not Kind.ARTICLE:
        return Verdict(Decision.REJECTED, str(article.reason or article.kind))
    same_address = next((other for other in known if keys[0] in other.keys), None)
    if same_address and _is_alias(keys[0], same_address):
        return Verdict(Decision.DUPLICATE, f"a known other address of {same_address.id}", same_address.id)
    if same_address:
        times = (fetched, same_address.fetched) if fetched else None
        changed = changes(article, same_address.source_text, fetched=times)
        if changed:
            return Verdict(Decision.UPDATED, f"changed: {', '.join(changed)}", same_address.id)
        return Verdict(Decision.UNCHANGED, "reads as it did", same_address.id)
    declared = next((other for other in known if set(keys) & set(other.keys) and _may_be(article, other)), None)
    if declared:
        return Verdict(Decision.DUPLICATE, f"declares the address of {declared.id} as its own", declared.id)
    same_text = next((o for o in known if o.fingerprint == fingerprint and o.article.site == article.site), None)
    if same_text:
        return Verdict(Decision.DUPLICATE, f"reads word for word like {same_text.id}", same_text.id)
    return Verdict(Decision.NEW, "neither its address nor its text is known")


def renamed(article: Article, neighbours: Sequence[Neighbour]) -> Verdict | None:
    """The verdict over an article whose address and exact text are new, and which is yet a stored one of its site: the
    same name or number at the end of the address (another category's path), and nearly the same words."""
    name = tail(article.url)
    for neighbour in neighbours:
        same_name = bool(name) and name in neighbour.names and neighbour.site == article.site
        if same_name and neighbour.likeness.relation in (Relation.SAME, Relation.NEAR):
            reason = f"has the name {name!r} of {neighbour.article_id} and {neighbour.likeness.reason}"
            return Verdict(Decision.DUPLICATE, reason, neighbour.article_id)
    return None


def _is_alias(key: str, stored: StoredArticle) -> bool:
    """Whether a key leads to the article without being the address it was stored under: a view that shows less (a
    print page without its date) must not overwrite it."""
    return bool(stored.keys) and key != stored.keys[0]


def _may_be(article: Article, other: StoredArticle) -> bool:
    """Whether an article may be the one whose address it declares: templates are seen to declare another's. Of a view
    that shows only the beginning nothing can be said, and it is believed."""
    if min(len(article.body.split()), len(other.article.body.split())) < SHORT_WORDS:
        return True
    return compare(Text.of(article), Text.of(other.article)).relation not in (Relation.OTHER, Relation.ALIKE)
