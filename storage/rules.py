"""The collection `rules`: what editors taught each site, from when, and until when it holds.

A rule that comes or goes leaves what is to follow in the same transaction: its case (storage.cases) and the request to
read the site's kept pages again (storage.renewals). Every change can be repeated and then does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from news.errors import BantinError
from news.review.cases import Case
from news.review.rules import RuleKind, SiteRule
from news.site import Site
from storage import cases, renewals
from storage.patience import Patience, patient
from storage.turns import Turns
from storage.values import moment, optional_moment, storable

Expectations = Mapping[str, Mapping[str, Any]]
"""By rule, what its case is to give."""
_NONE: Expectations = {}

RULES_LAST = timedelta(seconds=10)
"""Whoever reads pages asks for the rules of their site anew before these are as old as this."""


class Rules:
    """The taught rules. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._turns = Turns(database, patience)

    def teach(self, rule: SiteRule, case: Case | None = None, carried: Expectations = _NONE) -> SiteRule:
        """Makes a rule hold from now on, with its `case`, and with what the cases of other rules expect then; the rule
        that holds: where the very same was taught to the site already, that one."""

        def work(session: ClientSession) -> SiteRule:
            known = self._database.rules.find_one({"same": _same(rule)}, session=session)
            known = known or self._database.rules.find_one({"_id": storable(rule.id)}, session=session)
            if known is not None:
                return _parse(known)
            self._database.rules.insert_one(_to_document(rule), session=session)
            if case is not None:
                self._database.cases.insert_one(cases.to_document(case), session=session)
            self._carry(carried, session)
            self._database.renewals.insert_one(renewals.asked(rule, rule.by, _at(rule), taught=True), session=session)
            return rule

        return self._turns.take(work)

    def withdraw(self, id: str, by: str, at: datetime, carried: Expectations = _NONE) -> SiteRule:
        """Takes a rule back from `at` on, and its case with it; the rule as it is then. Other cases expect `carried`.
        Raises BantinError where there is none, and where it stands in the site's file."""

        def work(session: ClientSession) -> SiteRule:
            known = self._database.rules.find_one({"_id": storable(id)}, session=session)
            if known is None:
                raise _unknown(id)
            rule = _parse(known)
            if rule.exported is not None:
                raise BantinError(
                    f"The rule {id} stands in the file of the site {rule.site}.", "Take it out of [[selectors]] there."
                )
            if rule.withdrawn is not None:
                return rule
            known |= {"withdrawn": moment(at), "withdrawn_by": storable(by), **_OVER}
            self._database.rules.replace_one({"_id": known["_id"]}, known, session=session)
            self._database.cases.delete_one({"_id": known["_id"]}, session=session)
            self._carry(carried, session)
            self._database.renewals.insert_one(renewals.asked(rule, by, at, taught=False), session=session)
            return _parse(known)

        return self._turns.take(work)

    def _carry(self, carried: Expectations, session: ClientSession) -> None:
        for id, expected in carried.items():
            change = {"$set": cases.expecting(expected)}
            self._database.cases.update_one({"_id": storable(id)}, change, session=session)

    @patient
    def mark_exported(self, ids: Iterable[str], at: datetime) -> None:
        """Says of rules that from now on they hold by the site's file; their cases stay."""
        wanted = {"_id": {"$in": storable(list(ids))}, "holds": True}
        self._database.rules.update_many(wanted, {"$set": {"exported": moment(at), **_OVER}})

    @patient
    def of(self, site: str) -> tuple[SiteRule, ...]:
        """The rules that hold for a site, in the order in which they were taught."""
        found = self._database.rules.find({"site": storable(site), "holds": True}).sort([("at", 1), ("_id", 1)])
        return tuple(map(_parse, found))

    def taught(self, site: Site | None) -> Site | None:
        """The site with the rules that hold for it: whatever reads pages asks here."""
        if site is None:
            return None
        rules = self.of(site.id)
        return site.with_rules(rules) if rules else site

    @patient
    def all(self, site: str | None = None) -> list[SiteRule]:
        """Every rule (of one site), withdrawn and exported ones too: by site, the newest first."""
        query = {"site": {"$gt": ""} if site is None else storable(site)}
        return [_parse(row) for row in self._database.rules.find(query).sort([("site", 1), ("at", -1), ("_id", 1)])]

    @patient
    def get(self, id: str) -> SiteRule | None:
        document = self._database.rules.find_one({"_id": storable(id)})
        return _parse(document) if document else None


# Of a rule that holds no more.
_OVER = {"holds": False, "same": ""}


def _same(rule: SiteRule) -> str:
    """What is equal for rules that say the same of a site, and for no others."""
    said = "\0".join((rule.site, rule.kind, rule.field, rule.value))
    return blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _unknown(id: str) -> BantinError:
    return BantinError(f"There is no rule {id!r}.", "`bantin rules list` shows them.")


def _at(rule: SiteRule) -> datetime:
    if rule.at is None:
        raise BantinError(f"The rule {rule.id} does not say when it was taught.", "Give it the time.")
    return rule.at


def _to_document(rule: SiteRule) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": rule.id,
            "site": rule.site,
            "kind": str(rule.kind),
            "value": rule.value,
            "field": rule.field,
            "by": rule.by,
            "at": moment(_at(rule)),
            "article_id": rule.article_id,
            "withdrawn": optional_moment(rule.withdrawn),
            "exported": optional_moment(rule.exported),
            "holds": rule.holds,
            "same": _same(rule) if rule.holds else "",
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> SiteRule:
    return SiteRule(
        id=document["_id"],
        site=document["site"],
        kind=RuleKind(document["kind"]),
        value=document["value"],
        field=document["field"],
        by=document["by"],
        at=document["at"],
        article_id=document["article_id"],
        withdrawn=document["withdrawn"],
        exported=document["exported"],
    )
