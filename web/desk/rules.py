"""/desk/rules: every taught rule by site, what became of it, and taking it back."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.review.rules import SiteRule
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.teaching import RulePart, RulesPage, WithdrawPart, by_site, rule_of
from web.desk.answers import desk_frame, shown
from web.pages import names_in
from web.problems import Problem
from web.shelf import Shelf


def routes(shelf: Shelf) -> APIRouter:
    """The page and its parts over a shelf."""
    router = APIRouter()

    @router.api_route("/desk/rules", methods=["GET", "HEAD"])
    def rules(request: Request) -> Response:
        frame, only = desk_frame(request), request.query_params.get("site", "")
        known = shelf.store.rules.all(only or None)
        renewals = shelf.store.renewals.latest(rule.id for rule in known)
        sites = by_site(frame, known, renewals, names_in(frame.language, shelf.sites()))
        return shown(RulesPage(frame, sites, only, frame.link("/desk/rules") if only else ""))

    @router.api_route("/desk/rules/{id}", methods=["GET", "HEAD"])
    def rule(request: Request, id: str) -> Response:
        frame = desk_frame(request)
        return _part(shelf, frame, known_rule(shelf, id), fresh=request.query_params.get("fresh", "") == "yes")

    @router.api_route("/desk/rules/{id}/withdraw", methods=["GET", "HEAD"])
    def ask(request: Request, id: str) -> Response:
        frame = desk_frame(request)
        return shown(WithdrawPart(frame, rule_of(frame, known_rule(shelf, id), None)))

    @router.post("/desk/rules/{id}/again")
    def again(request: Request, id: str) -> Response:
        known = known_rule(shelf, id)
        shelf.store.renewals.again(known.site)
        return _part(shelf, desk_frame(request), known)

    return router


def known_rule(shelf: Shelf, id: str) -> SiteRule:
    """The rule, whether it holds or not. Raises Problem where there is none."""
    rule = shelf.store.rules.get(id)
    if rule is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no rule {id!r}.")
    return rule


def _part(shelf: Shelf, frame: DeskFrame, rule: SiteRule, *, fresh: bool = False) -> Response:
    renewals = shelf.store.renewals.latest([rule.id])
    return shown(RulePart(frame, rule_of(frame, rule, renewals.get(rule.id)), fresh))
