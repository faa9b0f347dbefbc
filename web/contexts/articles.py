"""The page of an article, and of a story."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from news.article import Attachment, Image, Precision, Removed, StoredArticle
from news.diff import ParagraphChange
from news.event import CRAWL
from news.story import Telling
from news.version import Version
from web.contexts.dates import clock_of, date_of, day_of, machine, moment_of, span_of
from web.contexts.frame import Frame, Link, article_path, document_path, story_path
from web.contexts.teasers import corrected

# What a query may hold (news.selection); a longer label is found by its beginning.
_LONGEST = 200


class DocumentLink(NamedTuple):
    number: str
    link: str
    about: str


class VersionNote(NamedTuple):
    """A time at which the article was changed: what was, and by whom."""

    when: str
    what: str
    who: str


class TellingNote(NamedTuple):
    """One article of a story: who told it how long after the first, and what is otherwise in it."""

    id: str
    site: str
    title: str
    language: str
    link: str
    when: str
    moment: str
    delay: str
    differs: str
    changes: tuple[ParagraphChange, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """templates/article.html: one article. `html` was sanitised when it was extracted; the page's CSP runs nothing."""

    template: ClassVar = "article.html"

    frame: Frame
    title: str
    description: str
    lead: str
    site: str
    site_link: str
    day: str
    clock: str
    moment: str
    updated: str
    credits: tuple[str, ...]
    language: str
    html: Markup
    pictures: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    documents: tuple[DocumentLink, ...]
    tags: tuple[Link, ...]
    original: str
    host: str
    others: tuple[TellingNote, ...]
    more: int
    story_link: str
    removed: tuple[Removed, ...]
    versions: tuple[VersionNote, ...]
    facts: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """templates/story.html: the articles that tell the same, the first publisher first; `hidden` more are there."""

    template: ClassVar = "story.html"

    frame: Frame
    title: str
    language: str
    tellings: tuple[TellingNote, ...]
    hidden: int


def article(
    frame: Frame,
    stored: StoredArticle,
    names: Mapping[str, str],
    versions: Sequence[Version],
    tellings: Sequence[Telling],
    more: int,
) -> ArticlePage:
    """The page of one article. `versions` are those before this one, `tellings` some of its story, the first publisher
    first, `more` how many it has beside them."""
    shown, texts = stored.article, frame.texts
    name = names.get(shown.site, shown.site)
    site = Link(name, frame.link(f"/sites/{shown.site}"))
    section = [Link(shown.section, _list(frame, "section", shown.section))] if shown.section else []
    notes = _notes(frame, tellings, names)
    others = [note for note in notes if note.id != stored.id]
    again = moment_of(shown.modified, texts) if shown.modified and corrected(shown) else ""
    return ArticlePage(
        frame=frame.below(site, *section),
        title=shown.title or shown.url,
        description=(shown.lead or shown.body.partition("\n")[0])[:300],
        lead=shown.lead,
        site=name,
        site_link=site.href,
        day=day_of(shown.published, texts),
        clock=clock_of(shown.published, shown.published_precision),
        moment=machine(shown.published, shown.published_precision),
        updated=again or (moment_of(versions[-1].ended, texts) if versions else ""),
        credits=tuple(dict.fromkeys(part for part in (shown.author, shown.source) if part and part != name)),
        language=shown.language,
        html=Markup(shown.html),  # noqa: S704 - news.clean sanitised it, and the CSP lets nothing run
        pictures=tuple(image for image in shown.images if escape(image.url) not in shown.html),
        attachments=tuple(file._replace(media_type=_format(file)) for file in shown.attachments),
        documents=_documents(frame, stored),
        tags=tuple(Link(tag, _list(frame, "tag", tag)) for tag in shown.tags),
        original=shown.url,
        host=urlsplit(shown.url).hostname or "",
        others=tuple(others),
        more=more,
        story_link=frame.link(story_path(stored.story)),
        removed=shown.removed,
        versions=tuple(_version(frame, version) for version in reversed(versions)),
        facts=(
            (texts.first_seen, moment_of(stored.first_seen, texts)),
            (texts.fetched, moment_of(stored.fetched, texts)),
            (texts.version, str(stored.version)),
            (texts.confidence, f"{shown.confidence:.0%}"),
            ("id", stored.id),
        ),
        aliases=stored.aliases,
        evidence=tuple(sorted(shown.evidence.items())),
    )


def story(
    frame: Frame, main: StoredArticle, tellings: Sequence[Telling], names: Mapping[str, str], hidden: int
) -> StoryPage:
    """The page of a story, for which `main` stands."""
    title = main.article.title or main.article.url
    return StoryPage(frame, title, main.article.language, _notes(frame, tellings, names), hidden)


def _list(frame: Frame, name: str, label: str) -> str:
    return frame.link("/", [(name, label.replace("\0", "")[:_LONGEST])])


def _documents(frame: Frame, stored: StoredArticle) -> tuple[DocumentLink, ...]:
    texts = frame.texts
    return tuple(
        DocumentLink(
            number=document.number,
            link=frame.link(document_path(document.number)),
            about=", ".join(
                part
                for part in (
                    document.kind,
                    document.issuer,
                    f"{texts.issued} {date_of(document.issued, texts)}" if document.issued else "",
                )
                if part
            ),
        )
        for document in stored.article.documents
    )


def _version(frame: Frame, version: Version) -> VersionNote:
    texts = frame.texts
    what = dict.fromkeys(texts.fields[name] for name in version.changed if name in texts.fields)
    who = texts.by_publisher if version.by == CRAWL else texts.by_editor
    return VersionNote(moment_of(version.ended, texts), ", ".join(what), who)


def _notes(frame: Frame, tellings: Sequence[Telling], names: Mapping[str, str]) -> tuple[TellingNote, ...]:
    return tuple(_note(frame, telling, names, first=n == 0) for n, telling in enumerate(tellings))


def _note(frame: Frame, telling: Telling, names: Mapping[str, str], *, first: bool) -> TellingNote:
    texts, shown = frame.texts, telling.stored.article
    kinds = Counter(change.kind for change in telling.changes)
    differs = ", ".join(texts.differs[kind].format(count=kinds[kind]) for kind in texts.differs if kinds[kind])
    return TellingNote(
        id=telling.stored.id,
        site=names.get(shown.site, shown.site),
        title=shown.title or shown.url,
        language=shown.language,
        link=frame.link(article_path(telling.stored.id)),
        when=moment_of(shown.published, texts, shown.published_precision) if shown.published else texts.undated,
        moment=machine(shown.published, shown.published_precision),
        delay=texts.first_publisher if first else _delay(frame, telling),
        differs="" if first else differs or texts.same_text,
        changes=telling.changes,
    )


def _delay(frame: Frame, telling: Telling) -> str:
    texts = frame.texts
    if telling.delay is None:
        return ""
    span = span_of(telling.delay, texts)
    if not span:
        return texts.same_time
    rough = telling.stored.article.published_precision is Precision.DAY
    return (texts.about_after_first if rough else texts.after_first).format(delay=span)


def _format(file: Attachment) -> str:
    """What kind of file it is, as people call it: PDF, DOCX."""
    extension = mimetypes.guess_extension(file.media_type) or PurePosixPath(urlsplit(file.url).path).suffix
    return extension.removeprefix(".").upper()
