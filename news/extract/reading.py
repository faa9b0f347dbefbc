"""The way of a page to its article, with what was seen on it: the same for a crawl as for an editor who asks why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from news.article import Article, Block, Draft, Image, Kind
from news.clean import cleaned
from news.clean.boilerplate import is_boilerplate_line
from news.clean.text import fold
from news.errors import Reason
from news.extract.body import Place, Text, blocks_before, find_body, read_body
from news.extract.confidence import confidence
from news.extract.decode import decode
from news.extract.ending import is_truncated
from news.extract.evidence import Evidence
from news.extract.families import Family, recognise
from news.extract.fields import bylines, dates, leads, people, pictures, titles, topics
from news.extract.fields.files import attachments
from news.extract.kinds import judge_page, look_at
from news.extract.language import language_of
from news.extract.legal import documents
from news.extract.limits import LONGEST_BLOCK
from news.extract.linear import address
from news.extract.meta import declared_url
from news.extract.tree import Parsed, names_of, parse
from news.site import Selectors, Site
from news.urls import canonical

# A page with fewer letters than this beside its title may be a gallery.
_WORDLESS = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page on the way to its draft: the tree and what it says (`evidence`), where the body stands
    and what was read there."""

    draft: Draft
    evidence: Evidence
    place: Place
    text: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and how it came about: the `blocks` of its body are those of `seen.draft` that cleaning left. Of what
    is no page of HTML nothing was seen."""

    article: Article
    seen: Seen | None = None
    blocks: tuple[Block, ...] = ()


def read(html: bytes | str, url: str, *, site: Site | None = None, content_type: str = "") -> Reading:
    """news.extract.extract, with what was seen."""
    url = site.canonical(url) if site else canonical(url)
    name = site.id if site else ""
    decoded = decode(html, content_type)
    parsed = Parsed(None, decoded.reason) if decoded.reason else parse(decoded.text)
    if parsed.tree is None:
        return Reading(Article(url, name, kind=Kind.OTHER, reason=parsed.reason, evidence={"kind": str(parsed.reason)}))
    seen = _look(decoded.text, parsed.tree, url, site)
    article, blocks = cleaned(seen.draft)
    if article.kind is Kind.ARTICLE and not (article.body or article.lead or len(article.images) > 1):
        article = replace(article, kind=Kind.OTHER, reason=Reason.NO_TEXT)
    if article.reason is not None:
        article = replace(article, evidence={**article.evidence, "kind": str(article.reason)})
    article = replace(article, documents=documents(f"{article.title}\n{article.lead}\n{article.body}"))
    return Reading(replace(article, confidence=confidence(article, seen.draft.prose)), seen, blocks)


def _look(text: str, tree: HtmlElement, url: str, site: Site | None) -> Seen:
    names = names_of(tree)
    family = recognise(text, names, site.family if site else "")
    sources = _selectors(site, family)
    evidence = Evidence.read(tree, url, family, sources, names)
    if any(row.since or row.until for _, row in sources):
        day = dates.day_of(evidence)
        evidence.selectors = [(name, row) for name, row in sources if row.hold(day)]
    place = find_body(evidence)
    title = titles.title(evidence)
    if not title or evidence.chosen["title"].startswith("title"):
        title = titles.headline_of(evidence, title, blocks_before(evidence, place)) or title
    near = bylines.beside(evidence, place, title)
    section, tags = topics.section(evidence, title), topics.tags(evidence)
    lead, source = leads.lead(evidence, near), people.source(evidence, near)
    author = people.author(evidence, near, site.name if site else "")
    published = dates.published(evidence, title)
    modified = dates.modified(evidence, title, published)
    look = look_at(evidence, title)
    files = attachments(evidence, place)
    cut = is_truncated(text, place.container)
    body = read_body(place, evidence)
    blocks = body.blocks
    people.original(evidence, near, blocks)
    evidence.chosen["body"] = place.how
    images = _images(evidence, blocks, title)
    shown = len(images) + sum(block.image is not None for block in blocks)
    judged = judge_page(evidence, look, site, title, blocks, shown, truncated=cut)
    draft = Draft(
        url=url,
        site=site.id if site else "",
        kind=judged.kind,
        reason=judged.reason,
        title=title,
        blocks=tuple(block for block in blocks if len(block.text) <= LONGEST_BLOCK),
        published=published.when if published else None,
        published_precision=published.precision if published else None,
        modified=modified.when if modified else None,
        language=language_of("\n".join([title, lead, *(block.text for block in blocks)]), tree.get("lang") or ""),
        images=images,
        attachments=files,
        evidence={name: how for name, how in evidence.chosen.items() if how},
        removed=body.removed,
        canonical=_own_address(evidence),
        section=section,
        lead=lead,
        author=author,
        source=source,
        tags=tags,
        prose=evidence.prose,
    )
    return Seen(draft, evidence, place, body)


def _selectors(site: Site | None, family: Family | None) -> list[tuple[str, Selectors]]:
    of_site = [(f"site:{site.id}", s) for s in site.selectors] if site else []
    return [*of_site, *((family.name, s) for s in family.selectors)] if family else of_site


def _images(evidence: Evidence, blocks: Sequence[Block], title: str) -> tuple[Image, ...]:
    """The pictures outside the text, those of a gallery; where there is none at all the one the page is shared with."""
    if beside := pictures.beside_text(evidence):
        return beside
    if any(block.image for block in blocks):
        return ()
    written = sum(len(b.text) for b in blocks if not is_boilerplate_line(b) and fold(b.text) != fold(title))
    return (pictures.gallery(evidence) if written < _WORDLESS else ()) or pictures.social(evidence)


def _own_address(evidence: Evidence) -> str:
    """What the page calls its own URL, as far as it is a URL at all; news.dedupe decides whether to believe it."""
    return address(declared_url(evidence.tree, evidence.meta), evidence.base)
