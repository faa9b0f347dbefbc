"""The verdict over an extracted article, from values alone."""

from __future__ import annotations

from collections.abc import Sequence

from news.article import Article, Decision, Kind, StoredArticle, Verdict

# What a reader of the article reads. A change in anything else (tags, related pictures, our own rules' remarks, the
# order of parameters) is no correction by the publisher.
READ = ("title", "lead", "body", "published", "author", "source", "attachments")


def judge(article: Article, keys: Sequence[str], fingerprint: str, known: Sequence[StoredArticle]) -> Verdict:
    """What is to be done with `article`, which was fetched under `keys[0]`, beside the stored articles that share one
    of its keys or its fingerprint.

    Its own address decides first; then the address the page declares; then the text. An article under its own address
    with other words is an update; the same words under another address are a duplicate.
    """
    if article.kind is not Kind.ARTICLE:
        return Verdict(Decision.REJECTED, str(article.reason or article.kind))
    same_address = next((other for other in known if keys[0] in other.keys), None)
    if same_address and _is_alias(keys[0], same_address):
        return Verdict(Decision.DUPLICATE, f"a known other address of {same_address.id}", same_address.id)
    if same_address:
        changed = changes(article, same_address.article)
        if changed:
            return Verdict(Decision.UPDATED, f"changed: {', '.join(changed)}", same_address.id)
        return Verdict(Decision.UNCHANGED, "reads as it did", same_address.id)
    declared = next((other for other in known if set(keys) & set(other.keys)), None)
    if declared:
        return Verdict(Decision.DUPLICATE, f"declares the address of {declared.id} as its own", declared.id)
    same_text = next((other for other in known if other.fingerprint == fingerprint), None)
    if same_text:
        return Verdict(Decision.DUPLICATE, f"reads word for word like {same_text.id}", same_text.id)
    return Verdict(Decision.NEW, "neither its address nor its text is known")


def changes(new: Article, old: Article) -> list[str]:
    """The fields a reader would see changed."""
    return [name for name in READ if getattr(new, name) != getattr(old, name)]


def _is_alias(key: str, stored: StoredArticle) -> bool:
    """Whether a key leads to the article without being the address it was stored under: a view that shows less (a
    print page without its date) must not overwrite it."""
    return bool(stored.keys) and key != stored.keys[0]
