"""Every index as a row: the collection, its keys, and the query it serves. A new index is a new row with a new name."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

import pymongo
from pymongo import IndexModel
from pymongo.database import Database


class Index(NamedTuple):
    collection: str
    keys: tuple[tuple[str, int], ...]
    serves: str
    unique: bool = False
    only: Mapping[str, Any] = {}  # the partial filter: documents outside it are not in the index
    fleeting: bool = False  # MongoDB deletes a document when the moment in the field has come

    @property
    def name(self) -> str:
        return "_".join(f"{field}_{direction}" for field, direction in self.keys)

    def model(self) -> IndexModel:
        partial = {"partialFilterExpression": dict(self.only)} if self.only else {}
        ends = {"expireAfterSeconds": 0} if self.fleeting else {}
        return IndexModel(list(self.keys), name=self.name, unique=self.unique, **partial, **ends)


_NEWEST = (("sort", -1), ("_id", 1))
_CHANGED = (("event", -1), ("_id", 1))
_URGENT = (("review.weight", -1), *_NEWEST)
_LATEST = (("at", -1), ("_id", -1))
_GIVEN = {"$gt": ""}

# Kept together by collection.
INDEXES: tuple[Index, ...] = (
    Index("articles", (("keys", 1),), "known, by_url: an article has its URLs for itself", unique=True),
    Index(
        "articles",
        (("fingerprint", 1), ("site", 1)),
        "known: a text is once a site, and found on any",
        True,
        {"fingerprint": _GIVEN},
    ),
    Index("articles", _NEWEST, "find, count: newest first, since"),
    Index("articles", (("site", 1), *_NEWEST), "find, count: of a site; daily"),
    Index("articles", (("status", 1), *_NEWEST), "find, count: the published, the waiting"),
    Index("articles", (("status", 1), ("site", 1), *_NEWEST), "tallies, find: the published of each site"),
    Index("articles", (("story", 1), *_NEWEST), "find, count: of a story"),
    Index("articles", (("site", 1), ("_id", 1)), "ids of a site, in order"),
    *(
        Index("articles", ((label, 1), *order), f"find, changed: of a {serves}", only={label: _GIVEN})
        for label, serves in (("section", "section"), ("tags", "tag"), ("documents", "legal document"))
        for order in (_NEWEST, _CHANGED)
    ),
    Index("articles", _CHANGED, "changed: what changed last for readers"),
    Index("articles", (("site", 1), *_CHANGED), "changed: of sites"),
    Index("articles", (("review.places", 1), *_URGENT), "queues: what is open", only={"review.places": _GIVEN}),
    Index(
        "articles",
        (("review.places", 1), ("site", 1), *_URGENT),
        "queues: what is open of sites",
        only={"review.places": _GIVEN},
    ),
    Index("versions", (("article_id", 1), ("version", 1)), "of: the history of an article"),
    Index("versions", (("ended", 1),), "plan, apply: versions replaced long ago"),
    Index("signatures", (("keys", 1), ("appeared", -1)), "near: what shares a key, newest first"),
    Index("stories", (("newest", -1), ("_id", 1)), "find: the stories that grew last", only={"size": {"$gte": 2}}),
    Index("events", (("article_id", 1), ("_id", 1)), "of: what happened to an article"),
    Index("audit", _LATEST, "find, figures: what was done last, and between two moments"),
    Index("audit", (("articles", 1), *_LATEST), "find: of an article; whether something was done already, or since"),
    Index("audit", (("by", 1), *_LATEST), "find: of a user"),
    Index("audit", (("site", 1), *_LATEST), "find: of a site"),
    Index("audit", (("action", 1), *_LATEST), "find: of a kind"),
    Index("pages", (("site", 1), ("_id", 1)), "each: the pages of a site, in order"),
    Index("pages", (("kept", 1), ("size", 1)), "plan, apply: the oldest pages, and the size of the newest"),
    Index("pages", (("site", 1), ("kept", -1), ("_id", 1)), "newest, count: a site's pages, those kept last first"),
    Index("rules", (("site", 1), ("holds", 1), ("at", 1), ("_id", 1)), "of: the rules that hold for a site"),
    Index("rules", (("site", 1), ("at", -1), ("_id", 1)), "all: every rule by site, the newest first"),
    Index("rules", (("same", 1),), "teach: a site is taught a rule once", True, {"same": _GIVEN}),
    Index("renewals", (("state", 1), ("at", 1), ("_id", 1)), "open, begin: the longest waiting first"),
    Index("renewals", (("rule", 1), ("at", 1)), "latest: the requests of rules"),
    Index("urls", (("site", 1), ("state", 1), ("due", 1)), "waiting: what is to be fetched, longest due first"),
    Index("urls", (("site", 1), ("_id", 1)), "each: a site's URLs, in order"),
    Index(
        "urls",
        (("reason", 1), ("site", 1), ("found", -1), ("_id", 1)),
        "reasons: how many gave nothing for what; barren: which, found last first",
        only={"reason": _GIVEN},
    ),
    Index(
        "urls", (("site", 1), ("fetched", -1)), "with_queries: what parameters are learnt from", only={"teaches": True}
    ),
    Index("urls", (("state", 1), ("found", 1)), "plan, apply: old rejected URLs", only={"state": "rejected"}),
    Index("runs", (("started", -1), ("_id", -1)), "find: the newest runs"),
    Index("runs", (("site", 1), ("started", -1), ("_id", -1)), "find: the newest runs of a site; latest: of each"),
    Index("runs", (("state", 1), ("started", -1), ("_id", -1)), "listed: the newest in a state; close_lost, under_way"),
    Index("runs", (("counted", 1), ("state", 1)), "gather: what is over and not counted", only={"counted": False}),
    Index("health_changes", (("site", 1), ("number", -1)), "history: of a site, newest first"),
    Index("health_changes", (("at", -1), ("_id", 1)), "changes: of all sites, newest first"),
    Index("health_changes", (("alert", 1), ("at", 1), ("_id", 1)), "untold: what is to be told", only={"alert": ""}),
    Index("alerts", (("pending", 1), ("at", 1)), "pending: what is to be sent", only={"pending": True}),
    Index("alerts", (("at", -1), ("_id", 1)), "sent: the newest alerts"),
    Index("controls", (("open", 1), ("at", 1), ("_id", 1)), "open: what is to be done", only={"open": True}),
    Index("controls", (("site", 1), ("at", -1), ("_id", 1)), "of: what was asked of a site, newest first"),
    Index("controls", (("at", 1),), "plan, apply: what was asked long ago"),
    Index("run_logs", (("at", 1),), "plan, apply: logs of runs long ago"),
    Index("tokens", (("name", 1),), "find: a name is that of one token", True, {"active": True}),
    Index("tokens", (("created", 1), ("_id", 1)), "all: the oldest first"),
    Index("users", (("subject", 1),), "by_subject: an identity elsewhere is one user's", True, {"subject": _GIVEN}),
    Index("sessions", (("user", 1), ("created", -1)), "of: the sessions of a user, newest first"),
    Index("sessions", (("ends", 1),), "counts: those that are not over", fleeting=True),
    Index("errands", (("ends", 1),), "who did not come back is forgotten", fleeting=True),
    Index("usage", (("day", 1), ("consumer", 1)), "since; plan, apply: days long ago"),
    Index("deliveries", (("webhook", 1), ("number", -1)), "log: the deliveries of a webhook, newest first"),
    Index(
        "deliveries", (("webhook", 1), ("state", 1), ("number", 1)), "pending: what a webhook is to be told, in order"
    ),
    Index("deliveries", (("ended", 1),), "plan, apply: what was over long ago", only={"ended": {"$exists": True}}),
    Index(
        "deliveries", (("counted", 1), ("state", 1)), "gather: what is over and not counted", only={"counted": False}
    ),
    Index("site_state", (("declared.digest", 1),), "declared: the sites taken up", only={"declared.digest": _GIVEN}),
    Index("drafts", (("by", 1), ("discarded", 1), ("at", -1)), "of: the drafts of a user, newest first"),
    Index("drafts", (("ends", 1),), "drafts of long ago go by themselves", fleeting=True),
    Index("presence", (("article_id", 1), ("until", 1)), "of: who is at these articles"),
    Index("presence", (("until", 1),), "who is gone goes by itself", fleeting=True),
)


# Seconds for the indexes of a collection: the signatures of a million articles take one to four minutes, in which the
# server says nothing. The client's own limit on that (storage.connect) does not hold meanwhile; a server that is gone
# is noticed by the client's other connection to it.
BUILD_LIMIT = 6 * 3600.0


def ensure_indexes(database: Database[dict[str, Any]]) -> None:
    """Creates what is missing; one round trip a collection, and no work where all is there. Of several processes that
    start at once, all wait for the one that builds."""
    for collection, rows in groupby(INDEXES, key=lambda index: index.collection):
        with pymongo.timeout(BUILD_LIMIT):
            database[collection].create_indexes([index.model() for index in rows])
