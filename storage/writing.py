"""The inside of one transaction of the journal: each method writes one thing, and numbers and stores its event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from news.article import Status, StoredArticle
from news.dedupe import Placement, Sketch, story_id
from news.errors import BantinError
from news.event import Event, EventKind, number_of
from news.review.record import Action, Record
from news.story import Story
from storage import articles, audit, events, signatures, stories, versions
from storage.conflicts import AlreadyStored, NothingToDo
from storage.values import moment, storable

# The events after which an article may belong elsewhere: first those that brought a text.
_TEXTS = (EventKind.CREATED, EventKind.UPDATED)
_MOVED = (EventKind.MERGED, EventKind.SPLIT)
_EITHER = EventKind.UNDONE


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is put: its `placement`, and `seen`, the number of the newest event when its neighbours were
    looked for; `met` are the articles that were among them."""

    placement: Placement
    sketch: Sketch | None
    seen: int
    met: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What was done with stories: those that are `named` in the trail, the documents of all of them `before` and
    `after`, and by article which story each had before that has another now."""

    named: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)


class Writing:
    """What one transaction writes. `number` is that of its first event, and until it commits nobody else gets one."""

    def __init__(self, database: Database[dict[str, Any]], session: ClientSession, number: int) -> None:
        self.number = number
        self._database = database
        self._session = session
        self._told = 0

    # articles

    def article(self, id: str) -> StoredArticle:
        """Raises BantinError where it is not there."""
        document = self._database.articles.find_one({"_id": storable(id)}, session=self._session)
        if document is None:
            raise BantinError(f"No article {id!r} is stored.", "`bantin articles list` shows what is.")
        return articles.parse(document)

    def insert(self, stored: StoredArticle) -> None:
        document = articles.to_document(stored) | articles.touched(self.number)
        self._database.articles.insert_one(document, session=self._session)

    def put(self, new: StoredArticle, old: StoredArticle, *, quietly: bool = False) -> None:
        """`new` in the place of `old`; `quietly` where its readers see no change. Raises AlreadyStored where that is no
        more what is stored, down to its aliases, and NothingToDo where an attempt whose answer was lost has put it
        there."""
        document, before = articles.to_document(new), articles.to_document(old)
        seen = {name: before[name] for name in ("_id", "version", "keys", "aliases", "status", "story")}
        # By its own values: what is derived from them may be spelled otherwise by the Bantin that stored it.
        seen |= {f"review.{name}": before["review"][name] for name in old.review.to_json()}
        change = document if quietly else document | articles.touched(self.number)
        if self._database.articles.update_one(seen, {"$set": change}, session=self._session).matched_count:
            return
        stored = self._database.articles.find_one({"_id": document["_id"]}, session=self._session)
        if stored is not None and document.items() <= stored.items():
            raise NothingToDo
        raise AlreadyStored(f"{old.id} was changed by somebody else.")

    def keep(self, old: StoredArticle, ended: datetime, by: str, changed: Sequence[str]) -> None:
        """Keeps the version that is replaced."""
        self._database.versions.insert_one(versions.to_document(old, ended, by, changed), session=self._session)

    def reword(
        self, new: StoredArticle, old: StoredArticle, sketch: Sketch | None, kind: EventKind, at: datetime, by: str,
        detail: str = "",
    ) -> None:  # fmt: skip
        """Puts another text in the place of the present one, which is kept."""
        before, after = old.article.to_json(), new.article.to_json()
        changed = [name for name in after if after[name] != before[name]]
        self.put(new, old)
        self.sign(new, sketch)
        self.keep(old, at, by, changed)
        self.touch(new.story)
        self.tell(kind, new, at, by, changed=changed, detail=detail)

    def restate(
        self, new: StoredArticle, old: StoredArticle, kind: EventKind, at: datetime, by: str, detail: str
    ) -> None:
        """Puts another state in the place of the present one; readers see nothing where its status stays."""
        shown = new.status is not old.status
        self.put(new, old, quietly=not shown)
        if shown:
            self.touch(new.story)
        self.tell(kind, new, at, by, changed=("status",) if shown else (), detail=detail)

    def free(self, fingerprint: str, stored: StoredArticle) -> str:
        """The fingerprint, or where another article of its site has that one its own: both are kept until somebody
        merges them."""
        taken = {"fingerprint": storable(fingerprint), "site": storable(stored.article.site), "_id": {"$ne": stored.id}}
        other = self._database.articles.find_one(taken, {"_id": 1}, session=self._session)
        return f"{fingerprint}:{stored.id}" if other else fingerprint

    def version(self, id: str, version: int) -> StoredArticle | None:
        """An article as it was before it was changed."""
        one = {"article_id": storable(id), "version": version, **versions.REPLACED}
        document = self._database.versions.find_one(one, session=self._session)
        return articles.parse({**document, "_id": document["article_id"]}) if document else None

    def pass_over(self, old: StoredArticle, ended: datetime) -> None:
        """Keeps what waits beside an editor's text and is not to wait any more."""
        passed = versions.passed_document(old, ended)
        self._database.versions.replace_one({"_id": passed["_id"]}, passed, upsert=True, session=self._session)

    def sign(self, stored: StoredArticle, sketch: Sketch | None) -> None:
        """Makes the article found by its neighbours."""
        document = signatures.to_document(stored, sketch)
        self._database.signatures.replace_one({"_id": document["_id"]}, document, upsert=True, session=self._session)

    def check_neighbours(self, own: str, fingerprint: str, place: Place) -> None:
        """Raises AlreadyStored where an article that a search for neighbours would find was stored or changed after
        event `place.seen`: of two that are alike the second one must meet the first. Those it has `met` are no news
        unless they were changed. So it does where a story of the placement became another meanwhile, or an editor took
        any apart."""
        if self.number == place.seen + 1:
            return
        since = {"_id": {"$gt": place.seen}, "kind": {"$in": [str(kind) for kind in (*_TEXTS, *_MOVED, _EITHER)]}}
        wanted = {"kind": 1, "article_id": 1, "story": 1, "changed": 1}
        ids: set[str] = set()
        for event in self._database.events.find(since, wanted, session=self._session):
            id, kind = event["article_id"], EventKind(event["kind"])
            if kind is _EITHER:
                kind = EventKind.SPLIT if "story" in event["changed"] else EventKind.UPDATED
            if kind in _TEXTS:
                ids |= {id} if kind is EventKind.UPDATED or id not in place.met else set()
            elif kind is EventKind.SPLIT or id in place.met or event["story"] in place.placement.stories:
                raise AlreadyStored(f"Stories that {own} may belong to were merged or split meanwhile.")
        found = {"_id": {"$in": sorted(ids - {own})}}
        for signature in self._database.signatures.find(found, session=self._session):
            if signatures.alike(signature, fingerprint, place.sketch):
                raise AlreadyStored(f"{signature['_id']}, which is like {own}, was stored meanwhile.")

    # events

    def stood(self, id: str) -> Status:
        """Where an article stood with its readers before it was retracted."""
        stood = {"article_id": storable(id), "status": {"$ne": str(Status.RETRACTED)}}
        event = self._database.events.find_one(stood, {"status": 1}, sort=[("_id", -1)], session=self._session)
        return Status(event["status"]) if event else Status.PUBLISHED

    def since(self, id: str, number: int) -> list[Event]:
        """What happened to an article after an event, in order."""
        later = {"article_id": storable(id), "_id": {"$gt": number}}
        found = self._database.events.find(later, session=self._session).sort("_id", 1)
        return [events.parse(document) for document in found]

    def tell(
        self,
        kind: EventKind,
        stored: StoredArticle,
        at: datetime,
        by: str,
        *,
        changed: Sequence[str] = (),
        detail: str = "",
    ) -> None:
        """Stores the event of what happened to an article."""
        site, story, version = stored.article.site, stored.story, stored.version
        self._tell(kind, stored.id, site, story, version, stored.status, at, by, tuple(changed), detail)

    def finish(self) -> None:
        """Gives back the number of a transaction that had nothing to tell."""
        if not self._told:
            events.next_numbers(self._database.counters, -1, self._session)

    def _tell(
        self, kind: EventKind, id: str, site: str, story: str, version: int, status: Status, at: datetime, by: str,
        changed: tuple[str, ...], detail: str,
    ) -> None:  # fmt: skip
        number = self.number if not self._told else events.next_numbers(self._database.counters, 1, self._session)
        self._told += 1
        event = Event(number, kind, id, site, story, version, at, by, changed, detail, status)
        self._database.events.insert_one(events.to_document(event), session=self._session)

    # the trail

    def done(
        self, action: Action, ids: Sequence[str], at: datetime, by: str, **told: str | Sequence[str]
    ) -> Record | None:
        """The entry of what this user did with one of these articles at that moment: an attempt whose answer was lost
        wrote it. `told` is what else it has to tell."""
        same: dict[str, Any] = {
            "articles": {"$in": storable(list(ids))},
            "at": moment(at),
            "by": storable(by),
            "action": str(action),
        }
        same |= {name: storable(value) for name, value in told.items()}
        document = self._database.audit.find_one(same, session=self._session)
        return audit.parse(document).record if document else None

    def entry(self, id: str) -> audit.Kept | None:
        document = self._database.audit.find_one({"_id": number_of(id)}, session=self._session)
        return audit.parse(document) if document else None

    def entries(self, id: str, number: int) -> list[audit.Kept]:
        """What users did with an article after that entry."""
        later = {"articles": storable(id), "_id": {"$gt": number}}
        found = self._database.audit.find(later, session=self._session)
        return [audit.parse(document) for document in found]

    def note_undone(self, record: Record) -> None:
        self._database.audit.update_one({"_id": int(record.id)}, {"$set": {"undone": True}}, session=self._session)

    def record(
        self,
        action: Action,
        before: StoredArticle,
        after: StoredArticle,
        at: datetime,
        by: str,
        *,
        detail: str = "",
        changes: Changes | None = None,
    ) -> Record:
        """Writes into the trail what the events of this transaction tell; `changes` where it was done with stories."""
        changes = changes or Changes()
        record = Record(
            id=str(self.number),
            at=moment(at),
            by=by,
            action=action,
            article_id=before.id,
            site=before.article.site,
            title=before.article.title,
            before=before.status,
            after=after.status,
            versions=(before.version, after.version),
            detail=detail,
            event=self.number,
            review=before.review,
            stories=changes.named,
        )
        kept = audit.Kept(record, self.number + self._told - 1, changes.before, changes.after, changes.told)
        articles = tuple(dict.fromkeys((before.id, *changes.told)))
        self._database.audit.insert_one(audit.to_document(kept, articles), session=self._session)
        return record

    # stories

    def story(self, id: str, *, but: str = "") -> Story:
        """What is kept of a story; of one that has only one article, what would be kept. Raises BantinError where no
        article has it (`but` this one)."""
        document = self._database.stories.find_one({"_id": storable(id)}, session=self._session)
        if document is not None:
            return stories.parse(document)
        found = self._database.articles.find({"story": storable(id)}, {"first_seen": 1}, session=self._session)
        members = sorted((row["first_seen"], row["_id"]) for row in found if row["_id"] != but)
        if not members:
            raise BantinError(f"There is no story {id!r}.", "`bantin stories list` shows those of several articles.")
        return Story(id, tuple(member for _, member in members), members[-1][0])

    def has_story(self, id: str) -> bool:
        """Whether an article has that story."""
        return self._database.articles.find_one({"story": storable(id)}, {"_id": 1}, session=self._session) is not None

    def has_absorbed(self, into: Story, gone: str) -> bool:
        """Whether a story is no more because it became one with `into`."""
        if self.has_story(gone):
            return False
        told = {
            "article_id": {"$in": storable(list(into.members))},
            "kind": str(EventKind.MERGED),
            "story": into.id,
            "detail": storable(f"from {gone}"),
        }
        return self._database.events.find_one(told, {"_id": 1}, session=self._session) is not None

    def save(self, story: Story) -> None:
        document = stories.to_document(story)
        self._database.stories.replace_one({"_id": document["_id"]}, document, upsert=True, session=self._session)

    def touch(self, story: str) -> None:
        """Says that for readers of one article a story something may have changed: another may stand for it now."""
        change = {"$set": articles.touched(self.number)}
        self._database.articles.update_many({"story": storable(story)}, change, session=self._session)

    def kept(self, ids: Iterable[str]) -> dict[str, Any]:
        """What is kept of each of these stories, as it is stored; None of one of which nothing is."""
        wanted = sorted(set(ids))
        found = self._database.stories.find({"_id": {"$in": storable(wanted)}}, session=self._session)
        return dict.fromkeys(wanted) | {document["_id"]: document for document in found}

    def put_back(self, before: Mapping[str, Any]) -> None:
        """Stores what was `kept` of stories."""
        for id, document in before.items():
            if document is None:
                self._database.stories.delete_one({"_id": id}, session=self._session)
            else:
                self._database.stories.replace_one({"_id": id}, document, upsert=True, session=self._session)

    def keep_apart(self, story: str, other: str) -> None:
        """Notes at `story` that it is never to be joined with `other`."""
        change = {"$addToSet": {"apart": other}}
        self._database.stories.update_one({"_id": story}, change, session=self._session)

    def join(self, stored: StoredArticle, placement: Placement, at: datetime, by: str) -> None:
        """Puts an article, stored under `placement.story`, into that story; those it absorbs become one with it."""
        if placement.story == story_id(stored.id):
            return
        try:
            story = self.story(placement.story, but=stored.id)
        except BantinError as error:
            raise AlreadyStored(f"{placement.story} became one with another meanwhile.") from error
        members = (*story.members, stored.id)
        self.save(replace(story, members=members, newest=at))
        self.touch(placement.story)
        self._absorb_all(placement.absorbed, placement.story, at, by)

    def move(self, stored: StoredArticle, placement: Placement, at: datetime, by: str) -> None:
        """As `join`, for an article that stands alone in a story of its own."""
        if placement.story == stored.story:
            return
        self._absorb_all((stored.story, *placement.absorbed), placement.story, at, by)

    def _absorb_all(self, stories: Sequence[str], into: str, at: datetime, by: str) -> None:
        """Raises AlreadyStored where one of the stories is no more."""
        for gone in stories:
            try:
                self.absorb(gone, into, at, by)
            except BantinError as error:
                raise AlreadyStored(f"{gone} or {into} became one with another meanwhile.") from error

    def absorb(self, id: str, into: str, at: datetime, by: str) -> int:
        """Moves the articles of a story to another one, and what editors decided with them; how many there were."""
        gone, kept = self.story(id), self.story(into)
        members = tuple(dict.fromkeys((*kept.members, *gone.members)))
        kept = replace(
            kept, members=members, newest=at, apart=(kept.apart | gone.apart) - {id, into},
            main=kept.main or gone.main, decided_by=kept.decided_by or gone.decided_by,
        )  # fmt: skip
        self.save(kept)
        self._database.stories.delete_one({"_id": id}, session=self._session)
        for third in gone.apart - {into}:
            self.keep_apart(third, into)
            self._database.stories.update_one({"_id": third}, {"$pull": {"apart": id}}, session=self._session)
        moved = {"_id": {"$in": list(gone.members)}}
        wanted = {"article.site": 1, "version": 1, "status": 1}
        rows = list(self._database.articles.find(moved, wanted, session=self._session).sort("_id", 1))
        everybody = {"_id": {"$in": list(members)}}
        change = {"story": into} | articles.touched(self.number)
        self._database.articles.update_many(everybody, {"$set": change}, session=self._session)
        for row in rows:
            self._merged(row, id, into, at, by)
        return len(rows)

    def _merged(self, row: Mapping[str, Any], gone: str, into: str, at: datetime, by: str) -> None:
        self._tell(
            EventKind.MERGED,
            row["_id"],
            row["article"]["site"],
            into,
            row["version"],
            Status(row["status"]),
            at,
            by,
            ("story",),
            f"from {gone}",
        )
