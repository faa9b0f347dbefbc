"""The collection `pages`: the raw bytes of each article's current page, kept for extracting it again.

The collection is compressed with zstd (storage.migrations), so the bytes are kept as they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pymongo import WriteConcern
from pymongo.collection import Collection

from news.article import Lead, Page, Via
from news.errors import BantinError
from storage.patience import Patience, patient
from storage.values import DOCUMENT_LIMIT, exact, moment, parse_exact, storable

_BATCH = 16  # pages are 100 kB as a rule and 8 MB at worst


class KeptPage(NamedTuple):
    """The page of an article, and when it was kept (UTC)."""

    article_id: str
    page: Page
    kept: datetime

    @property
    def position(self) -> tuple[datetime, str]:
        """Where it stands among the pages of its site, newest first."""
        return self.kept, self.article_id


class Pages:
    """Kept pages. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        # Not waited for on disk: the article, which is, is written after it, and MongoDB's journal keeps the order.
        self._collection = collection.with_options(write_concern=WriteConcern(w=1))
        self._patience = patience

    @patient
    def keep(self, article_id: str, site: str, page: Page) -> None:
        """Keeps the page as the current one of its article. Raises BantinError for one over 16 MB."""
        if len(page.body) > DOCUMENT_LIMIT:
            raise BantinError(
                f"The page {page.url} has {len(page.body) / 1e6:.1f} MB; a document of MongoDB holds 16.",
                f"Lower max_bytes of the site {site}.",
            )
        document = to_document(article_id, site, page)
        self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)

    @patient
    def get(self, article_id: str) -> Page | None:
        document = self._collection.find_one({"_id": storable(article_id)})
        return parse(document) if document else None

    def some(self, article_ids: Sequence[str]) -> Iterator[tuple[str, Page]]:
        """(article id, page) of those of these articles whose page is kept, a few read at a time, in no order."""
        for start in range(0, len(article_ids), _BATCH):
            yield from self._of(article_ids[start : start + _BATCH])

    def each(self, site: str | None = None, *, after: str = "") -> Iterator[tuple[str, Page]]:
        """(article id, page) of every kept page (of one site) by id; `after` resumes behind an id."""
        batch = self._after(after, site)
        while batch:
            yield from batch
            batch = self._after(batch[-1][0], site)

    def newest(self, site: str, *, before: tuple[datetime, str] | None = None) -> Iterator[KeptPage]:
        """The kept pages of a site, those kept last first; `before` resumes behind a position. One that is kept anew
        meanwhile stands before all of them, and may be missed."""
        batch = self._before(site, before)
        while batch:
            yield from batch
            batch = self._before(site, batch[-1].position)

    @patient
    def count(self, site: str) -> int:
        """How many pages of a site are kept."""
        return self._collection.count_documents({"site": storable(site)})

    @patient
    def _before(self, site: str, position: tuple[datetime, str] | None) -> list[KeptPage]:
        query: dict[str, Any] = {"site": storable(site)}
        if position is not None:
            kept, id = moment(position[0]), storable(position[1])
            query |= {"kept": {"$lte": kept}, "$or": [{"kept": {"$lt": kept}}, {"_id": {"$gt": id}}]}
        found = self._collection.find(query).sort([("kept", -1), ("_id", 1)]).limit(_BATCH)
        return [KeptPage(document["_id"], parse(document), document["kept"]) for document in found]

    @patient
    def _of(self, article_ids: Sequence[str]) -> list[tuple[str, Page]]:
        found = self._collection.find({"_id": {"$in": storable(list(article_ids))}})
        return [(document["_id"], parse(document)) for document in found]

    @patient
    def _after(self, id: str, site: str | None) -> list[tuple[str, Page]]:
        query: dict[str, Any] = {"_id": {"$gt": storable(id)}} | ({} if site is None else {"site": site})
        found = self._collection.find(query).sort("_id", 1).limit(_BATCH)
        return [(document["_id"], parse(document)) for document in found]


def to_document(article_id: str, site: str, page: Page) -> dict[str, Any]:
    """A page as it is stored."""
    document: dict[str, Any] = storable(
        {
            "_id": article_id,
            "site": site,
            "url": page.url,
            "requested": page.requested,
            "fetched": exact(page.fetched),
            # What retention goes by: since when it lies here (an imported page was fetched long before), and its bytes.
            "kept": moment(datetime.now(UTC)),
            "size": len(page.body),
            "status": page.status,
            "content_type": page.content_type,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "lead": _lead_document(page.lead) if page.lead else None,
            "body": page.body,
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> Page:
    """What `to_document` made."""
    return Page(
        url=document["url"],
        body=document["body"],
        fetched=datetime.fromisoformat(document["fetched"]),
        status=document["status"],
        content_type=document["content_type"],
        requested=document["requested"],
        etag=document["etag"],
        last_modified=document["last_modified"],
        lead=_parse_lead(document["lead"]) if document["lead"] else None,
    )


def _lead_document(lead: Lead) -> dict[str, Any]:
    return {
        "url": lead.url,
        "via": str(lead.via),
        "title": lead.title,
        "published": exact(lead.published),
        "modified": exact(lead.modified),
        "section": lead.section,
    }


def _parse_lead(document: Mapping[str, Any]) -> Lead:
    return Lead(
        url=document["url"],
        via=Via(document["via"]),
        title=document["title"],
        published=parse_exact(document["published"]),
        modified=parse_exact(document["modified"]),
        section=document["section"],
    )
