"""What the newest articles name most: legal documents, sections and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from news.article import Document
from storage.articles import searchable
from web.contexts.dates import counted, date_of
from web.contexts.directories import DocumentEntry, DocumentsPage, Topic, TopicsPage
from web.contexts.frame import Frame, document_path
from web.glance import Seen

_MOST = 40
_TOPICS = 60
_LONGEST = 60  # letters; what is longer is a sentence, not a label


def documents(frame: Frame, seen: Seen) -> DocumentsPage:
    """The documents that are named most, and those issued last."""
    counts: Counter[str] = Counter()
    known: dict[str, Document] = {}
    for labels in seen.labels:
        for document in labels.documents:
            key = searchable(document.number)
            # Of all that name it, the one that says most of it tells what it is.
            known[key] = max(known.get(key, document), document, key=_told)
            counts[key] += 1
    issued = sorted((key for key in known if known[key].issued), key=lambda key: (known[key].issued or date.min, key))
    return DocumentsPage(
        frame=frame,
        looked_at=frame.texts.documents_hint.format(count=counted(len(seen.labels), ("", ""), frame.texts).strip()),
        most_named=tuple(_entry(frame, known[key], count) for key, count in counts.most_common(_MOST)),
        newest_issued=tuple(_entry(frame, known[key], counts[key]) for key in reversed(issued[-_MOST:])),
    )


def topics(frame: Frame, seen: Seen) -> TopicsPage:
    """The sections and tags that are named most."""
    return TopicsPage(
        frame=frame,
        sections=_topics(frame, "section", (labels.section for labels in seen.labels)),
        tags=_topics(frame, "tag", (tag for labels in seen.labels for tag in labels.tags)),
    )


def _told(document: Document) -> int:
    return sum(map(bool, (document.kind, document.issuer, document.issued)))


def _entry(frame: Frame, document: Document, count: int) -> DocumentEntry:
    texts = frame.texts
    return DocumentEntry(
        number=document.number,
        link=frame.link(document_path(document.number)),
        kind=document.kind,
        issuer=document.issuer,
        issued=date_of(document.issued, texts) if document.issued else "",
        articles=counted(count, texts.articles, texts),
    )


def _topics(frame: Frame, query: str, labels: Iterable[str]) -> tuple[Topic, ...]:
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for label in labels:
        if key := searchable(label):
            spelt.setdefault(key, label)
            counts[key] += 1
    return tuple(
        Topic(spelt[key], frame.link("/", [(query, spelt[key])]), counted(count, frame.texts.articles, frame.texts))
        for key, count in counts.most_common(_TOPICS)
        if len(spelt[key]) <= _LONGEST
    )
