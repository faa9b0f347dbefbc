"""The collection `users`: who works here. Passwords come and are kept as argon2 hashes only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from news.errors import InvalidValue
from news.users import Role, User
from storage.patience import Patience, patient
from storage.values import moment, optional_moment, storable


class Users:
    """The users. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def add(self, user: User) -> None:
        """Raises InvalidValue where another has the name, or the subject of single sign-on."""
        document = _to_document(user)
        try:
            self._collection.insert_one(document)
        except DuplicateKeyError as error:
            # The answer to an attempt may have been lost: then it is our own document that is in the way.
            if self._collection.find_one(document, {"_id": 1}) is None:
                if "subject" in (error.details or {}).get("keyPattern", {}):
                    problem = f"There is a user who comes by single sign-on as {user.subject!r}."
                    raise InvalidValue(problem, "Change that one.") from None
                raise InvalidValue(f"There is a user {user.name!r}.", "Choose another name.") from None

    @patient
    def get(self, name: str) -> User | None:
        """The user of a name, disabled ones too."""
        document = self._collection.find_one({"_id": storable(name)})
        return _parse(document) if document else None

    @patient
    def by_subject(self, subject: str) -> User | None:
        """The user whom the provider of single sign-on knows by that."""
        document = self._collection.find_one({"subject": storable(subject)}) if subject else None
        return _parse(document) if document else None

    @patient
    def all(self) -> list[User]:
        """Every user, by name."""
        return [_parse(document) for document in self._collection.find().sort("_id", 1)]

    def set_password(self, name: str, password: str, instead_of: str | None = None) -> bool:
        """Keeps an argon2 hash, where `instead_of` is given in the place of that one only. Whether there was such a
        user."""
        return self._set(name, {"password": password}, {} if instead_of is None else {"password": instead_of})

    def set_role(self, name: str, role: Role) -> bool:
        """Whether there is such a user."""
        return self._set(name, {"role": str(role)})

    def disable(self, name: str, at: datetime) -> bool:
        """Keeps somebody out from `at` on; what they did stays. Whether there is such a user."""
        return self._set(name, {"disabled": moment(at)})

    def enable(self, name: str) -> bool:
        """Lets somebody in again. Whether there is such a user."""
        return self._set(name, {"disabled": None})

    def signed_in(self, name: str, at: datetime) -> None:
        """Keeps when somebody signed in."""
        self._set(name, {"last_login": moment(at)})

    @patient
    def _set(self, name: str, values: Mapping[str, Any], where: Mapping[str, Any] | None = None) -> bool:
        query = {"_id": storable(name), **(where or {})}
        result = self._collection.update_one(query, {"$set": storable(values)})
        return result.matched_count > 0


def _to_document(user: User) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": user.name,
            "role": str(user.role),
            "created": moment(user.created),
            "full_name": user.full_name,
            "password": user.password,
            "subject": user.subject,
            "disabled": optional_moment(user.disabled),
            "last_login": optional_moment(user.last_login),
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> User:
    return User(
        name=document["_id"],
        role=Role(document["role"]),
        created=document["created"],
        full_name=document["full_name"],
        password=document["password"],
        subject=document["subject"],
        disabled=document["disabled"],
        last_login=document["last_login"],
    )
