"""Page -> Article: `extract(html, url)` reads a page once and says for every field who gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from news.article import Article, Block, Draft, Image, Kind
from news.clean import clean
from news.clean.boilerplate import is_boilerplate_line
from news.clean.text import fold
from news.errors import Reason
from news.extract.body import blocks_before, find_body, read_body
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


def extract(html: bytes | str, url: str, *, site: Site | None = None, content_type: str = "") -> Article:
    """The article of a page, whatever its bytes are.

    Pure: no network, no clock. `url` resolves links and is kept; `content_type` is the HTTP header, for the charset.
    An Article of another kind than article says in `reason` why the page holds none. Raises InvalidValue for a `url`
    that is not http(s); never for the page.
    """
    url = site.canonical(url) if site else canonical(url)
    name = site.id if site else ""
    decoded = decode(html, content_type)
    parsed = Parsed(None, decoded.reason) if decoded.reason else parse(decoded.text)
    if parsed.tree is None:
        return Article(url, name, kind=Kind.OTHER, reason=parsed.reason, evidence={"kind": str(parsed.reason)})
    draft = _draft(decoded.text, parsed.tree, url, site)
    article = clean(draft)
    if article.kind is Kind.ARTICLE and not (article.body or article.lead or len(article.images) > 1):
        article = replace(article, kind=Kind.OTHER, reason=Reason.NO_TEXT)
    if article.reason is not None:
        article = replace(article, evidence={**article.evidence, "kind": str(article.reason)})
    article = replace(article, documents=documents(f"{article.title}\n{article.lead}\n{article.body}"))
    return replace(article, confidence=confidence(article, draft.prose))


def _draft(text: str, tree: HtmlElement, url: str, site: Site | None) -> Draft:
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
    blocks, removed = read_body(place, evidence.base, names)
    people.original(evidence, near, blocks)
    evidence.chosen["body"] = place.how
    images = _images(evidence, blocks, title)
    shown = len(images) + sum(block.image is not None for block in blocks)
    judged = judge_page(evidence, look, site, title, blocks, shown, truncated=cut)
    return Draft(
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
        removed=tuple(removed),
        canonical=_own_address(evidence),
        section=section,
        lead=lead,
        author=author,
        source=source,
        tags=tags,
        prose=evidence.prose,
    )


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
