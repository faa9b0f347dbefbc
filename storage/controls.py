"""The collection `controls`: what operators ask of the scheduler, and what came of it.

    id = store.controls.ask(site, ControlKind.RUN, by="lan", now=now)    # who asks: the CLI, the console
    store.controls.get(id).state                                         # over within about two seconds; see wait()

Whoever asks writes a document and reads its answer there; only the scheduler that holds the lease carries it out. One
that was taken by a scheduler that died is taken again by the next one, and each kind can be done again: a run that has
begun since is not begun twice, a back-fill goes on where it stood, the others set what is set already.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from pymongo.collection import Collection

from news.control import Control, ControlKind, ControlState
from storage.patience import Patience, patient
from storage.values import moment, storable

_LOOK = 0.1  # seconds between two looks at an answer


class Controls:
    """The controls. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    def ask(
        self, site: str, kind: ControlKind, by: str, now: datetime, args: Mapping[str, Any] | None = None
    ) -> Control:
        """Writes down what is asked. Raises InvalidValue for what cannot be."""
        control = Control(uuid4().hex, site, kind, by, moment(now), dict(args or {}))
        self._keep(control)
        return control

    def wait(self, id: str, seconds: float) -> Control:
        """The control once it is over, or as it is after so many seconds. Raises KeyError where there is none."""
        until = time.monotonic() + seconds
        while True:
            control = self.get(id)
            if control is None:
                raise KeyError(id)
            if control.state.over or time.monotonic() >= until:
                return control
            time.sleep(_LOOK)

    @patient
    def get(self, id: str) -> Control | None:
        document = self._collection.find_one({"_id": storable(id)})
        return _parse(document) if document else None

    @patient
    def of(self, site: str, limit: int = 20) -> list[Control]:
        """What was asked of a site, newest first."""
        found = self._collection.find({"site": storable(site)}).sort([("at", -1), ("_id", 1)])
        return [_parse(row) for row in found.limit(limit).batch_size(limit)]

    @patient
    def open(self) -> list[Control]:
        """What is not over, in the order in which it was asked."""
        found = self._collection.find({"open": True}).sort([("at", 1), ("_id", 1)])
        return [_parse(row) for row in found]

    @patient
    def take(self, id: str, now: datetime) -> bool:
        """Notes that a scheduler has begun with it; whether it is still open."""
        row = {"$set": {"state": str(ControlState.TAKEN), "taken": moment(now)}}
        return self._collection.update_one({"_id": storable(id), "open": True}, row).matched_count == 1

    @patient
    def end(self, id: str, state: ControlState, answer: str, now: datetime) -> None:
        """Notes what came of it. Of one that is over nothing is changed."""
        over = {"$set": {"state": str(state), "ended": moment(now), "answer": storable(answer)}, "$unset": {"open": ""}}
        self._collection.update_one({"_id": storable(id), "open": True}, over)

    @patient
    def _keep(self, control: Control) -> None:
        document = _to_document(control)
        self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)


def _to_document(control: Control) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": control.id,
            "site": control.site,
            "kind": str(control.kind),
            "by": control.by,
            "at": moment(control.at),
            "args": dict(control.args),
            "state": str(control.state),
            "open": True,
        }
    )
    return document


def _parse(row: Mapping[str, Any]) -> Control:
    return Control(
        row["_id"], row["site"], ControlKind(row["kind"]), row["by"], row["at"], row["args"],
        ControlState(row["state"]), row.get("taken"), row.get("ended"), row.get("answer", ""),
    )  # fmt: skip
