"""The collection `tokens`: who may read, by a secret of which only the hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from news.access import Credential, Scope, Token, named
from news.errors import InvalidValue
from storage.patience import Patience, patient
from storage.values import moment, optional_moment, storable


class Tokens:
    """The tokens. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    def issue(
        self, name: str, scopes: Iterable[Scope], per_minute: int, now: datetime, expires: datetime | None = None
    ) -> tuple[Token, Credential]:
        """A new token, and the credential that nobody can be shown again.

        Raises InvalidValue for what no token can be, and where another that is not revoked has the name.
        """
        credential = Credential(secrets.token_hex(6), secrets.token_urlsafe(32))
        token = Token(
            id=credential.id,
            name=name,
            scopes=frozenset(scopes),
            per_minute=per_minute,
            created=moment(now),
            digest=credential.digest,
            expires=optional_moment(expires),
        )
        self._keep(token)
        return token, credential

    @patient
    def get(self, id: str) -> Token | None:
        """The token of an id, revoked ones too."""
        document = self._collection.find_one({"_id": storable(id)})
        return _parse(document) if document else None

    @patient
    def find(self, id_or_name: str) -> Token | None:
        """The token of an id, or that of a name which is not revoked."""
        wanted = storable(id_or_name)
        query = {"$or": [{"_id": wanted}, {"name": wanted, "active": True}]}
        document = self._collection.find_one(query)
        return _parse(document) if document else None

    @patient
    def all(self) -> list[Token]:
        """Every token, the oldest first."""
        return [_parse(document) for document in self._collection.find().sort([("created", 1), ("_id", 1)])]

    @patient
    def revoke(self, id: str, now: datetime) -> None:
        """Makes a token useless from `now` on, and its name free; of one that is revoked nothing is changed."""
        change = {"$set": {"revoked": moment(now), "active": False}}
        self._collection.update_one({"_id": storable(id), "active": True}, change)

    @patient
    def rename(self, id: str, name: str) -> None:
        """Raises InvalidValue for what is no name, and for that of another token that is not revoked."""
        try:
            self._collection.update_one({"_id": storable(id)}, {"$set": {"name": storable(named(name))}})
        except DuplicateKeyError:
            raise _taken(name) from None

    @patient
    def touch(self, used: Mapping[str, datetime]) -> None:
        """Keeps when tokens, by id, were used; never an earlier time than is kept."""
        rows = [UpdateOne({"_id": id}, {"$max": {"last_used": moment(when)}}) for id, when in used.items()]
        if rows:
            self._collection.bulk_write(rows, ordered=False)

    @patient
    def _keep(self, token: Token) -> None:
        try:
            self._collection.insert_one(_to_document(token))
        except DuplicateKeyError:
            # The answer to an attempt may have been lost: then it is our own document that is in the way.
            if self._collection.find_one({"_id": token.id, "digest": token.digest}, {"_id": 1}) is None:
                raise _taken(token.name) from None


def _taken(name: str) -> InvalidValue:
    return InvalidValue(f"There is a token called {name!r}.", "Choose another name, or revoke that one first.")


def _to_document(token: Token) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": token.id,
            "name": token.name,
            "scopes": sorted(str(scope) for scope in token.scopes),
            "per_minute": token.per_minute,
            "created": token.created,
            "digest": token.digest,
            "expires": token.expires,
            "active": token.revoked is None,
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> Token:
    return Token(
        id=document["_id"],
        name=document["name"],
        scopes=frozenset(Scope(name) for name in document["scopes"]),
        per_minute=document["per_minute"],
        created=document["created"],
        digest=document["digest"],
        expires=document["expires"],
        revoked=document.get("revoked"),
        last_used=document.get("last_used"),
    )
