"""Draft -> Article: boilerplate struck by rules that are data, credits put in their fields, HTML made safe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

from news.article import Article, Block, Draft, Image, Removed
from news.clean.agencies import take_agency_mark
from news.clean.boilerplate import is_boilerplate_line, strike_lines
from news.clean.credits import labelled, source_of, take_credits
from news.clean.files import FILE_LINK
from news.clean.lines import body_of
from news.clean.sanitize import to_html
from news.clean.text import fold
from news.dates import parse_date
from news.urls import owner

# Shorter blocks repeat in honest articles ("Ảnh minh họa", refrains of an appeal); longer ones do not.
_REPEATED_CHARS = 60
_LONG_CHARS = 280
# ... and at least this share of the text before it.
_RUN_CHARS, _RUN_SHARE = 200, 0.3
# A lead is repeated below the headline, before the text, under the picture: copies of the first blocks are none.
_BEGINNING = 3
# Of the first lines one may be the date with what stands beside it: a label, a view count, buttons.
_DATELINES, _DATELINE_CHARS, _DATELINE_SHARE = 3, 90, 0.4
# Breadcrumb, date, tools: no template puts more lines than this before a headline inside its article box.
_HEAD_BLOCKS = 10
# A shorter one may be a phrase of the text.
_HEADLINE_CHARS = 25
_MARKUP = re.compile("<[^>]*>")
_TARGET = re.compile('href="([^"]*)')
# An item of a list of other news: its headline as a link, its date in brackets.
_DATED_LINK = re.compile(
    r"(?:\(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[\s,|-]+\d{1,2}:\d{2})?\)"
    r"|(?<!\d)\d{1,2}(?:[/-]\d{1,2}(?:[/-]\d{2,4})?|\.\d{1,2}\.\d{4})(?:[\s,|-]+\d{1,2}:\d{2})?)$"
)


class Cleaned(NamedTuple):
    """An article, and the blocks of its draft that became its body."""

    article: Article
    blocks: tuple[Block, ...]


def clean(draft: Draft) -> Article:
    """The article without a line that is not its own. What was taken out stands in `removed` with its rule.

    The order: second copies of the text, title and lead repeated at its front, boilerplate lines, stand-alone links to
    other articles, byline and source lines at the end, the agency mark of the lead. A block that the site keeps
    (Block.kept) stays, whatever it says.
    """
    return cleaned(draft).article


def cleaned(draft: Draft) -> Cleaned:
    """`clean`, with the blocks that stayed."""
    removed = list(draft.removed)
    blocks = _once(draft.blocks, removed)
    blocks, struck = strike_lines(blocks)
    removed += struck
    blocks = _without_links(blocks, draft.url, removed)
    lead = draft.lead
    blocks = _without_head(blocks, draft.title, lead, removed)
    blocks = _without_dateline(blocks, removed)
    if not lead:
        lead, blocks = _first_bold(blocks)
    credits = take_credits(blocks)
    removed += credits.removed
    lead, agency = take_agency_mark(lead)
    # Without a lead the first paragraph is the text's own and keeps its mark.
    agency = agency or (take_agency_mark(credits.blocks[0].text)[1] if credits.blocks and not lead else "")
    evidence = dict(draft.evidence)
    author = _merged("author", draft.author, [("last lines", credits.author)], evidence)
    line = source_of([said for row in struck if (said := labelled(row.text))])
    named = [("last lines", credits.source or line), ("agency mark", agency)]
    source = _merged("source", draft.source, named, evidence)
    article = Article(
        url=draft.url,
        site=draft.site,
        section=draft.section,
        title=draft.title,
        lead=lead,
        body=body_of(credits.blocks),
        html=to_html(credits.blocks),
        published=draft.published,
        published_precision=draft.published_precision,
        modified=draft.modified,
        author=author,
        source=source,
        language=draft.language,
        images=_images(credits.blocks, draft.images),
        attachments=draft.attachments,
        tags=draft.tags,
        evidence=evidence,
        removed=tuple(removed),
        kind=draft.kind,
        reason=draft.reason,
        canonical=draft.canonical,
    )
    return Cleaned(article, credits.blocks)


def _merged(name: str, stated: str, read: Sequence[tuple[str, str]], evidence: dict[str, str]) -> str:
    """A field that the page states, else what its text says. A meta tag gives way to the text: templates put the
    account that typed into it."""
    how, value = next(((how, value) for how, value in read if value), ("", ""))
    by = evidence.get(name, "")
    if not value or (stated and not by.startswith("meta")):
        return stated
    other = f' (not meta "{stated}")' if stated and fold(stated) != fold(value) else ""
    evidence[name] = how + other
    return value


def _images(blocks: Sequence[Block], before: Sequence[Image]) -> tuple[Image, ...]:
    found = [block.image for block in blocks if block.image]
    return tuple({image.url: image for image in (*before, *found)}.values())


def _once(blocks: Sequence[Block], removed: list[Removed]) -> list[Block]:
    """A page that carries its article twice gives it once.

    What is repeated goes where the repetition is a template's: a run of blocks in their first order, a paragraph of the
    beginning, a long paragraph, a block right behind itself. Lines that come back among new text (a diet plan, a
    programme, the refrain of an appeal) are their author's.
    """
    keys = [fold(block.text) for block in blocks]
    texts = [i for i, key in enumerate(keys) if key]
    first: dict[str, int] = {}
    for position, i in enumerate(texts):
        first.setdefault(keys[i], position)
    gone: set[int] = set()
    run: list[int] = []
    before = [0, *accumulate(len(block.text) for block in blocks)]
    for position, i in enumerate(texts):
        origin = first[keys[i]]
        copied = origin < position
        follows = bool(run) and origin == first[keys[run[-1]]] + 1
        if not (copied and (follows or not run)):
            gone |= _run(run, before)
            run = []
        if copied:
            run.append(i)
            near = origin < _BEGINNING or origin == position - 1
            if len(keys[i]) >= (_REPEATED_CHARS if near else _LONG_CHARS):
                gone.add(i)
    gone |= _run(run, before)
    gone = {i for i in gone if not blocks[i].kept}
    removed += [Removed(blocks[i].text, "clean:second-copy") for i in sorted(gone)]
    pictures: set[str] = set()
    keep: list[Block] = []
    for i, block in enumerate(blocks):
        address = block.image.url if block.image else ""
        if i not in gone and not (address and address in pictures):
            keep.append(block)
        pictures.add(address)
    return keep


def _run(run: Sequence[int], before: Sequence[int]) -> set[int]:
    """The blocks of a run of copies that is long enough to be no accident; `before` counts the letters before each."""
    letters = sum(before[i + 1] - before[i] for i in run)
    return set(run) if len(run) > 1 and letters >= max(_RUN_CHARS, _RUN_SHARE * before[run[0]]) else set()


def _without_links(blocks: Sequence[Block], url: str, removed: list[Removed]) -> list[Block]:
    """Paragraphs and items that are one link to a page of the same owner, or to a file, lead away from the article and
    are none of its text. A line that leads elsewhere is something the author shows: a source, a shop, a law."""
    kept, own = [], owner(url)
    for block in blocks:
        rule = _link_rule(block, own)
        if rule:
            removed.append(Removed(block.text, rule))
        else:
            kept.append(block)
    return kept


def _link_rule(block: Block, own: str) -> str:
    if block.kept or block.kind not in ("paragraph", "item", "heading") or block.links < 0.5:
        return ""
    if FILE_LINK.search(block.html):
        return "clean:file-line"
    if _DATED_LINK.search(block.text) or (block.links > 0.9 and block.text.startswith((">", "»"))):
        return "clean:link-line"
    whole = block.links > 0.97 or (block.links > 0.8 and not block.text.endswith("."))
    target = _TARGET.search(block.html)
    away = whole and len(block.text.split()) >= 4 and target is not None and owner(target[1]) == own
    return "clean:link-line" if away or _is_labelled_link(block) else ""


def _is_labelled_link(block: Block) -> bool:
    """Whether a line is one link behind a label that a rule knows: "Đọc thêm" in a box, its headline beside it."""
    before, _, rest = block.html.partition("<a")
    behind = rest.rpartition("</a>")[2]
    label, tail = (fold(_MARKUP.sub("", part)) for part in (before, behind))
    return bool(label) and not tail and is_boilerplate_line(Block("paragraph", label))


def _without_head(blocks: Sequence[Block], title: str, lead: str, removed: list[Removed]) -> list[Block]:
    """The blocks behind the headline and lead that a container repeats, with what stands before the headline."""
    head = fold(title)
    texts = [block for block in blocks if block.text][:_HEAD_BLOCKS]
    at = next((i for i, block in enumerate(texts) if head and fold(block.text) == head), -1)
    # Behind a headline stands its article; one with nothing behind it belongs to a copy that is gone, or to a form.
    at = at if 2 * sum(len(block.text) for block in texts[: at + 1]) <= sum(len(block.text) for block in blocks) else -1
    gone = {id(block) for block in texts[: at + 1]}
    heads = {head, fold(lead), fold(take_agency_mark(lead)[0])} - {""}
    gone |= {id(block) for block in texts[at + 1 : at + 5] if fold(block.text) in heads}
    # Above a second copy, or a form to comment on it, the headline stands again.
    gone |= {id(block) for block in blocks if len(block.text) >= _HEADLINE_CHARS and fold(block.text) == head}
    gone -= {id(block) for block in blocks if block.kept}
    removed += [Removed(block.text, "clean:head") for block in blocks if id(block) in gone]
    return [block for block in blocks if id(block) not in gone]


def _without_dateline(blocks: Sequence[Block], removed: list[Removed]) -> list[Block]:
    """The blocks without a line above the text that is a date and little else, in whatever wording."""
    texts = [block for block in blocks if block.text][:_DATELINES]
    for block in takewhile(lambda block: len(block.text) <= _DATELINE_CHARS, texts):
        stamp = parse_date(block.text)
        if stamp and not block.kept and len(stamp.raw) >= _DATELINE_SHARE * len(block.text):
            removed.append(Removed(block.text, "clean:date-line"))
            return [other for other in blocks if other is not block]
    return list(blocks)


def _first_bold(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """A first paragraph that is bold from end to end, or a sentence set as a heading, is the lead before plain ones."""
    texts = [block for block in blocks if block.text]
    if (
        len(texts) < 3
        or texts[0].kept
        or not 60 <= len(texts[0].text) <= 900
        or texts[0].kind not in ("paragraph", "heading")
    ):
        return "", list(blocks)
    sentence = texts[0].kind == "heading" and texts[0].text.endswith(".") and texts[1].kind == "paragraph"
    if texts[0].kept or not (sentence or "bold" in texts[0].style) or "bold" in texts[1].style:
        return "", list(blocks)
    return texts[0].text, [block for block in blocks if block is not texts[0]]
