"""With what an article can be compared, and the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from news.article import Article, StoredArticle
from news.event import CRAWL
from web.contexts.dates import moment_of
from web.contexts.desk.compare import Compared, comparison
from web.contexts.desk.frame import DeskFrame
from web.contexts.lists import Option
from web.pages import names_in
from web.shelf import Shelf

# Articles of a story and versions that can be chosen.
_TELLINGS, _VERSIONS = 30, 50


class _Text(NamedTuple):
    """Another text: `value` names it in the address; `later`: it came after the article's own."""

    value: str
    name: str
    article: Article
    later: bool = False


def comparing(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, wanted: str) -> Compared:
    """The article beside what is `wanted` ("version-3", "waiting", "source", "passed-…", the id of an article), or
    beside the first that there is: what its publisher wrote meanwhile, the version before, a suspected duplicate,
    another telling."""
    texts = list(_texts(shelf, frame, stored))
    chosen = next((text for text in texts if text.value == wanted), texts[0] if texts else None)
    choices = [Option(text.value, text.name, text is chosen) for text in texts]
    if chosen is None:
        return comparison(frame, None, stored.article)
    if chosen.later:
        return comparison(frame, stored.article, chosen.article, choices)
    return comparison(frame, chosen.article, stored.article, choices)


def _texts(shelf: Shelf, frame: DeskFrame, stored: StoredArticle) -> Iterator[_Text]:
    desk, texts = frame.desk, frame.texts
    if stored.edit and stored.edit.waiting:
        yield _Text("waiting", desk.against_waiting, stored.edit.waiting, later=True)
    for version in shelf.store.versions.latest(stored.id, _VERSIONS) if stored.version > 1 else ():
        who = texts.by_publisher if version.by == CRAWL else version.by
        number, when = version.stored.version, moment_of(version.ended, texts)
        name = desk.against_version.format(number=number, when=when, who=who)
        yield _Text(f"version-{number}", name, version.stored.article)
    if stored.edit:
        yield _Text("source", desk.against_source, stored.edit.source)
    for passed in shelf.store.versions.passed_over(stored.id, _VERSIONS) if stored.version > 1 else ():
        name = desk.against_passed.format(when=moment_of(passed.ended, texts))
        yield _Text(f"passed-{passed.key}", name, passed.article)
    names = names_in(frame.language, shelf.sites())
    alike = shelf.store.articles.some(list(stored.review.alike)) if stored.review.alike else []
    tellings = [row.stored for row in shelf.store.articles.of_stories([stored.story])][:_TELLINGS]
    known = {stored.id}
    for others, name in ((alike, desk.against_alike), (tellings, desk.against_telling)):
        for other in others:
            if other.id not in known:
                known.add(other.id)
                site = names.get(other.article.site, other.article.site)
                yield _Text(other.id, name.format(site=site, title=other.article.title), other.article)
