"""Teaching: an editor points at a page, sees which rules would do what is meant and what each changes, and consents."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from news.article import Page
from news.errors import InvalidValue
from news.extract.trace import trace
from news.reading import read
from news.review.cases import Case, expectation
from news.review.preview import carried, checked
from news.review.record import Action
from news.review.rules import RuleKind, SiteRule
from news.review.teaching import Gesture, Proposal, proposals
from news.site import Site
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.teaching import Offer, Offers, RulePart, named, rule_of
from web.desk.answers import desk_frame, editor_of, shown
from web.desk.items import found
from web.desk.previews import Lesson, Previews
from web.desk.rules import known_rule
from web.desk.worker import TooLong, Worker
from web.forms import form_of
from web.pages import names_in
from web.problems import Problem
from web.shelf import Shelf


def routes(shelf: Shelf, worker: Worker) -> APIRouter:
    """The parts over a shelf; pages are read by `worker`."""
    router = APIRouter()
    previews = Previews(shelf, worker)

    @router.post("/desk/items/{id}/teach")
    async def point(request: Request, id: str) -> Response:
        frame, form = desk_frame(request), await form_of(request)
        stored = await asyncio.to_thread(found, shelf, id)
        site, page = await asyncio.to_thread(_at_hand, shelf, frame, stored.article.site, id)
        runs, gesture, field = _pointed(form)
        try:
            offered = await worker.do(propose, page, site, runs, gesture, field)
        except TooLong:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, frame.say.slow_page) from None
        names = names_in(frame.language, shelf.sites())
        offers = tuple(_offer(frame, one) for one in offered)
        return shown(Offers(frame, id, site.id, names.get(site.id, site.id), offers, gesture=str(gesture), field=field))

    @router.get("/desk/teach")
    async def ready(request: Request) -> Response:
        worker.warm()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @router.get("/desk/teach/preview")
    async def preview(request: Request) -> Response:
        frame, query = desk_frame(request), request.query_params
        rule = rule_in(query, editor_of(request))
        before, _ = await asyncio.to_thread(_at_hand, shelf, frame, rule.site, rule.article_id)
        lesson = Lesson(rule, before, before.with_rules([rule]), rule.article_id)
        return streamed(previews, request, lesson, frame)

    @router.get("/desk/rules/{id}/preview")
    async def without(request: Request, id: str) -> Response:
        frame = desk_frame(request)
        rule, before, after = await asyncio.to_thread(_without, shelf, frame, id)
        return streamed(previews, request, Lesson(rule, before, after, rule.article_id), frame)

    @router.post("/desk/rules")
    async def teach(request: Request) -> Response:
        frame = desk_frame(request)
        rule = rule_in(await form_of(request), editor_of(request))
        before, page = await asyncio.to_thread(_at_hand, shelf, frame, rule.site, rule.article_id)
        after = before.with_rules([rule])
        try:
            article = await worker.do(read, page, after)
            cases = await asyncio.to_thread(lambda: list(shelf.store.cases.each(rule.site)))
            others = await worker.do(carried, cases, before, after)
        except TooLong:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, frame.say.slow_page) from None
        if article.reason is not None:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, frame.say.own_page_lost.format(why=article.reason))
        case = Case(rule.id, rule.site, rule.article_id, page, expectation(article))
        held = await asyncio.to_thread(_teach, shelf, rule, case, others)
        renewals = await asyncio.to_thread(shelf.store.renewals.latest, [held.id])
        return shown(RulePart(frame, rule_of(frame, held, renewals.get(held.id)), fresh=True))

    @router.post("/desk/rules/{id}/withdraw")
    async def withdraw(request: Request, id: str) -> Response:
        frame, user = desk_frame(request), editor_of(request)
        rule, before, after = await asyncio.to_thread(_without, shelf, frame, id)
        cases = await asyncio.to_thread(lambda: [case for case in shelf.store.cases.each(rule.site) if case.rule != id])
        try:
            others = await worker.do(carried, cases, before, after)
        except TooLong:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, frame.say.slow_page) from None
        gone = await asyncio.to_thread(_withdraw, shelf, id, user, others)
        renewals = await asyncio.to_thread(shelf.store.renewals.latest, [id])
        return shown(RulePart(frame, rule_of(frame, gone, renewals.get(id))))

    return router


def propose(page: Page, site: Site, runs: Sequence[int], gesture: Gesture, field: str) -> tuple[Proposal, ...]:
    """The rules that would do on a page what is meant: for the process that reads pages."""
    traced = trace(page.body, page.url, site=site, content_type=page.content_type)
    return proposals(traced, runs, gesture, field)


def rule_in(values: Mapping[str, str], by: str) -> SiteRule:
    """The rule that a form or an address describes. Raises InvalidValue for one by which no page can be read."""
    try:
        kind = RuleKind(values.get("kind", ""))
    except ValueError:
        raise InvalidValue(f"kind: {values.get('kind', '')[:40]!r} is none.", f"Use {', '.join(RuleKind)}.") from None
    return checked(
        SiteRule(
            id=f"r{secrets.token_hex(5)}",
            site=values.get("site", ""),
            kind=kind,
            value=values.get("value", "").strip(),
            field=values.get("field", "") if kind is RuleKind.FIELD else "",
            by=by,
            at=datetime.now(UTC),
            article_id=values.get("article", ""),
        )
    )


def streamed(previews: Previews, request: Request, lesson: Lesson, frame: DeskFrame) -> Response:
    """A preview as it is found."""
    lines = previews.of(editor_of(request), lesson, frame)
    return StreamingResponse(lines, headers={"Cache-Control": "no-store"}, media_type="application/x-ndjson")


def _declared(shelf: Shelf, frame: DeskFrame, id: str) -> Site:
    """The site as its file has it. Raises Problem for one that has none."""
    site = shelf.sites().get(id)
    if site is None:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, frame.say.unknown_site.format(site=id[:60]))
    return site


def _at_hand(shelf: Shelf, frame: DeskFrame, site: str, article: str) -> tuple[Site, Page]:
    """The site of an article, and its page, without which nothing is taught. Raises Problem."""
    page = shelf.store.pages.get(article)
    if page is None:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, frame.say.no_page)
    declared = _declared(shelf, frame, site)
    return declared.with_rules(shelf.store.rules.of(site)), page


def _without(shelf: Shelf, frame: DeskFrame, id: str) -> tuple[SiteRule, Site, Site]:
    """A rule, and its site with and without it. Raises Problem."""
    rule = known_rule(shelf, id)
    site = _declared(shelf, frame, rule.site)
    rules = shelf.store.rules.of(rule.site)
    return rule, site.with_rules(rules), site.with_rules(other for other in rules if other.id != id)


def _teach(shelf: Shelf, rule: SiteRule, case: Case, others: Mapping[str, Mapping[str, object]]) -> SiteRule:
    held = shelf.store.rules.teach(rule, case, others)
    if held.at is not None:
        shelf.store.journal.note_rule(held, Action.TEACH, held.at, by=held.by)
    return held


def _withdraw(shelf: Shelf, id: str, by: str, others: Mapping[str, Mapping[str, object]]) -> SiteRule:
    gone = shelf.store.rules.withdraw(id, by, datetime.now(UTC), others)
    if gone.withdrawn is not None:
        shelf.store.journal.note_rule(gone, Action.WITHDRAW, gone.withdrawn, by=by)
    return gone


def _pointed(form: Mapping[str, str]) -> tuple[list[int], Gesture, str]:
    """The runs, what is meant, and the field. Raises InvalidValue."""
    try:
        runs = [int(run) for run in form.get("runs", "").split(",") if run]
        gesture = Gesture(form.get("gesture", ""))
    except ValueError:
        raise InvalidValue("runs or gesture: they name nothing.", "Point at text of the page.") from None
    return runs, gesture, form.get("field", "")


def _offer(frame: DeskFrame, one: Proposal) -> Offer:
    return Offer(str(one.kind), one.value, one.field, named(frame, one.kind, one.field), frame.say.why[one.why])
