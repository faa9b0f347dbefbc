"""What each template is given: one dataclass a template, made of stored values and nothing else."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup

from news.article import VIETNAM, Article, Attachment, Document, Image, Precision, Removed, StoredArticle
from web.texts import TEXTS, Language, Texts


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has: its language, its texts, and how links of this page keep the reader's language."""

    language: Language
    path: str
    style: str

    @property
    def texts(self) -> Texts:
        return TEXTS[self.language]

    @property
    def other(self) -> str:
        """This page in the other language."""
        language = next(other for other in Language if other is not self.language)
        return self.path if language is Language.VIETNAMESE else f"{self.path}{'&' if '?' in self.path else '?'}lang=en"

    def link(self, path: str, **query: str) -> str:
        """A link to a page of ours; Vietnamese is what a page speaks unless told."""
        spoken = {} if self.language is Language.VIETNAMESE else {"lang": str(self.language)}
        pairs = urlencode({name: value for name, value in {**query, **spoken}.items() if value})
        return f"{path}?{pairs}" if pairs else path


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article in a list."""

    link: str
    title: str
    lead: str
    meta: str
    picture: str


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    teasers: tuple[Teaser, ...]


@dataclass(frozen=True, slots=True)
class SiteLink:
    name: str
    link: str
    current: bool


@dataclass(frozen=True, slots=True)
class Home:
    """templates/home.html: the latest articles, of one site or of all."""

    frame: Frame
    heading: str
    days: tuple[Day, ...]
    sites: tuple[SiteLink, ...]
    feed: str
    older: str
    newest: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """templates/article.html: one article. `html` was sanitised when it was extracted; the page's CSP runs nothing."""

    frame: Frame
    title: str
    lead: str
    meta: str
    site_name: str
    site_link: str
    section: str
    language: str
    html: Markup
    pictures: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    documents: tuple[Document, ...]
    tags: tuple[str, ...]
    original: str
    removed: tuple[Removed, ...]
    facts: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """templates/error.html."""

    frame: Frame
    status: int
    title: str
    detail: str
    remedy: str


def home(
    frame: Frame, found: Iterable[StoredArticle], names: Mapping[str, str], site: str, sites: Iterable[str], older: str
) -> Home:
    """The list page. `site` is the one chosen ("" for all), `sites` those there are, `older` where the next page is."""
    texts = frame.texts
    days = groupby(found, key=lambda stored: _day(stored.article, texts))
    ordered = sorted(sites, key=lambda known: names.get(known, known))
    return Home(
        frame=frame,
        heading=names.get(site, site) or texts.latest,
        days=tuple(Day(name, tuple(_teaser(frame, stored, names) for stored in group)) for name, group in days),
        sites=(
            SiteLink(texts.all_sites, frame.link("/"), not site),
            *(SiteLink(names.get(known, known), frame.link("/", site=known), known == site) for known in ordered),
        ),
        feed="/feeds/atom.xml" + (f"?{urlencode({'site': site})}" if site else ""),
        older=frame.link("/", site=site, after=older) if older else "",
        newest=frame.link("/", site=site),
    )


def article(frame: Frame, stored: StoredArticle, names: Mapping[str, str]) -> ArticlePage:
    """The page of one article."""
    shown, texts = stored.article, frame.texts
    return ArticlePage(
        frame=frame,
        title=shown.title or shown.url,
        lead=shown.lead,
        meta=_meta(shown, names, texts),
        site_name=names.get(shown.site, shown.site),
        site_link=frame.link("/", site=shown.site),
        section=shown.section,
        language=shown.language,
        html=Markup(shown.html),  # noqa: S704 - news.clean sanitised it, and the CSP lets nothing run
        pictures=tuple(image for image in shown.images if escape(image.url) not in shown.html),
        attachments=tuple(file._replace(media_type=_format(file)) for file in shown.attachments),
        documents=shown.documents,
        tags=shown.tags,
        original=shown.url,
        removed=shown.removed,
        facts=(
            (texts.first_seen, _moment(stored.first_seen)),
            (texts.fetched, _moment(stored.fetched)),
            (texts.version, str(stored.version)),
            (texts.confidence, f"{shown.confidence:.0%}"),
            ("id", stored.id),
        ),
        aliases=stored.aliases,
        evidence=tuple(sorted(shown.evidence.items())),
    )


def _teaser(frame: Frame, stored: StoredArticle, names: Mapping[str, str]) -> Teaser:
    shown = stored.article
    parts = (names.get(shown.site, shown.site), _clock(shown), shown.section)
    return Teaser(
        link=frame.link(f"/articles/{quote(stored.id, safe='')}"),
        title=shown.title or shown.url,
        lead=shown.lead or shown.body.partition("\n")[0],
        meta=" · ".join(part for part in parts if part),
        picture=shown.images[0].url if shown.images else "",
    )


def _meta(shown: Article, names: Mapping[str, str], texts: Texts) -> str:
    """Agency · date and time · author · source; what is said already is not said again."""
    when = " ".join(part for part in (_day(shown, texts), _clock(shown)) if part)
    name = names.get(shown.site, shown.site)
    again = f"{texts.updated} {_moment(shown.modified)}" if _corrected(shown) else ""
    return " · ".join(dict.fromkeys(part for part in (name, when, again, shown.author, shown.source) if part))


def _format(file: Attachment) -> str:
    """What kind of file it is, as people call it: PDF, DOCX."""
    extension = mimetypes.guess_extension(file.media_type) or PurePosixPath(urlsplit(file.url).path).suffix
    return extension.removeprefix(".").upper()


def _corrected(shown: Article) -> bool:
    return bool(shown.modified and shown.published and (shown.modified - shown.published).total_seconds() >= 60)


def _day(shown: Article, texts: Texts) -> str:
    if shown.published is None:
        return texts.undated
    local = shown.published.astimezone(VIETNAM)
    return f"{texts.weekdays[local.weekday()]}, {local:%d/%m/%Y}"


def _clock(shown: Article) -> str:
    if shown.published is None or shown.published_precision is Precision.DAY:
        return ""
    return f"{shown.published.astimezone(VIETNAM):%H:%M}"


def _moment(when: datetime | None) -> str:
    return f"{when.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if when else ""
