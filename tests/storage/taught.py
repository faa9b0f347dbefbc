"""The operations of taught rules, their cases and renewals, for the test of indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from news.article import Page, StoredArticle
from news.review.cases import Case
from news.review.renewals import Counts, RenewalState
from news.review.rules import RuleKind, SiteRule
from storage.connect import Store
from storage.owner import Owner

NOW = datetime(2025, 3, 1, tzinfo=UTC)
OWNER = Owner("r1", "elsewhere", 1, "")
RULE = SiteRule("r1", "a", RuleKind.DROP, "div.ads", by="lan", at=NOW)
CASE = Case("r1", "a", "a1", Page("https://a.vn/1", b"<p>Tin</p>", NOW), {"title": "Tin"})

OPERATIONS: dict[str, tuple[int, Callable[[Store, StoredArticle], object]]] = {
    "rules.teach": (7, lambda store, a: store.rules.teach(RULE, CASE, {"r9": {"title": "Tin"}})),
    "rules.mark_exported": (1, lambda store, a: store.rules.mark_exported(["r7"], NOW)),
    "rules.of": (1, lambda store, a: store.rules.of("a")),
    "rules.taught": (1, lambda store, a: store.rules.of("a")),
    "rules.all": (1, lambda store, a: store.rules.all()),
    "rules.all site": (1, lambda store, a: store.rules.all("a")),
    "rules.get": (1, lambda store, a: store.rules.get("r1")),
    "cases.get": (1, lambda store, a: store.cases.get("r1")),
    "cases.each": (2, lambda store, a: list(store.cases.each())),
    "cases.each site": (2, lambda store, a: list(store.cases.each("a"))),
    "renewals.open": (1, lambda store, a: store.renewals.open("r1")),
    "renewals.begin": (2, lambda store, a: store.renewals.begin("a", OWNER)),
    "renewals.some": (1, lambda store, a: store.renewals.some(["r1/taught"])),
    "renewals.progress": (1, lambda store, a: store.renewals.progress(["r1/taught"], Counts(9, 3), (NOW, "a1"))),
    "renewals.finish": (1, lambda store, a: store.renewals.finish(["r1/taught"], RenewalState.FAILED, NOW, "Why.")),
    "renewals.again": (1, lambda store, a: store.renewals.again("a")),
    "renewals.latest": (1, lambda store, a: store.renewals.latest(["r1"])),
    "rules.withdraw": (5, lambda store, a: store.rules.withdraw("r1", "lan", NOW)),
}
