"""/api/v1/webhooks: a consumer's own webhooks, made, tried, paused and replayed over HTTP.

Each sees and changes only those that its own token made. What `bantin webhooks` can do besides, an address in a private
network, is the operator's alone: over HTTP it would open our network to whoever has a token.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from news.errors import BantinError, InvalidValue
from news.push import Pause, Webhook
from news.push.notices import CHOICE
from web.api.resource import errors
from web.problems import Problem
from web.push import manage, planner
from web.push.sender import Sender
from web.shelf import Shelf

MOST = 20
"""Webhooks that one token may have."""

Owner = Callable[[Request], str]


class Wish(BaseModel):
    """A webhook to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="1 to 80 characters.", examples=["Tin y tế"])
    url: str = Field(
        description="Where to send: http or https, in the public internet.",
        examples=["https://consumer.example.vn/bantin"],
    )
    select: str = Field("", description="Of which articles, as the query of a feed.", examples=["kind=province"])
    events: list[str] = Field(list(CHOICE), description="new, updated, merged, retracted.", examples=[list(CHOICE)])
    after: str | None = Field(
        None, description="From behind this cursor; 0: from the first; null: from now on.", examples=["0"]
    )


class PauseWish(BaseModel):
    """Why nothing is to be sent."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("By its consumer.", max_length=200, examples=["Bảo trì đến 18 giờ."])


class ReplayWish(BaseModel):
    """Either of the two."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"after": "0"}]})

    after: str | None = Field(None, description="Everything behind this cursor.")
    delivery: str | None = Field(None, description="This delivery alone.")


class Paused(BaseModel):
    at: datetime
    reason: str
    automatic: bool = Field(description="Because nothing was taken: a test that is taken ends it.")


class Hook(BaseModel):
    id: str = Field(examples=["wh3f9a1c0b7d52"])
    name: str = Field(examples=["Tin y tế"])
    url: str = Field(examples=["https://consumer.example.vn/bantin"])
    select: str = Field(description="Of which articles, as the query of a feed.", examples=["kind=province"])
    events: list[str] = Field(description="Of what it is told.", examples=[list(CHOICE)])
    created: datetime
    cursor: str = Field(description="The last event that was looked at.")
    deliveries: int = Field(description="How many were planned.")
    paused: Paused | None
    failing_since: datetime | None = Field(description="Since when nothing was taken.")


class NewHook(Hook):
    secret: str = Field(description="The key of the signatures. It is shown here and never again.")


class Tried(BaseModel):
    at: datetime
    ms: int
    status: int = Field(description="Of HTTP; 0 where there was no answer.")
    error: str
    answer: str = Field(description="The first 500 bytes of the body.")


class Told(BaseModel):
    id: str
    notice: str
    article: str
    cursor: str
    state: str = Field(description="pending, delivered, failed or cancelled.")
    planned: datetime
    due: datetime | None
    ended: datetime | None
    replay_of: str
    attempts: list[Tried]


class Hooks(BaseModel):
    webhooks: list[Hook]


class Log(BaseModel):
    deliveries: list[Told]
    next: str | None = Field(description="Give it as `before` for the next page; null behind the last.")


def routes(shelf: Shelf, sender: Sender, owner_of: Owner) -> APIRouter:
    """The routes. `owner_of` gives the id of the token that a request came with; it must have the scope `push`."""
    router = APIRouter(
        prefix="/api/v1/webhooks", tags=["webhooks"], responses=errors(), generate_unique_id_function=lambda r: r.name
    )
    _add_reading(router, shelf, owner_of)
    _add_making(router, shelf, sender, owner_of)
    return router


def _add_reading(router: APIRouter, shelf: Shelf, owner_of: Owner) -> None:
    store = shelf.store

    @router.get("", response_model=Hooks)
    def webhooks(request: Request) -> dict[str, Any]:
        """One's own webhooks."""
        return {"webhooks": [webhook.to_json() for webhook in _own(shelf, owner_of(request))]}

    @router.get("/{id}", response_model=Hook, responses=errors(404))
    def webhook(request: Request, id: str) -> dict[str, Any]:
        """One webhook."""
        return _one(shelf, owner_of(request), id).to_json()

    @router.get("/{id}/deliveries", response_model=Log, responses=errors(404))
    def deliveries(
        request: Request,
        id: str,
        limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
        before: Annotated[int | None, Query(ge=1, le=10**15, description="`next` of the page before.")] = None,
    ) -> dict[str, Any]:
        """What was sent and what came of it, the newest first."""
        found = store.deliveries.log(_one(shelf, owner_of(request), id).id, limit, before)
        next = str(found[-1].number) if len(found) == limit else None
        return {"deliveries": [delivery.to_json() for delivery in found], "next": next}


def _add_making(router: APIRouter, shelf: Shelf, sender: Sender, owner_of: Owner) -> None:
    store = shelf.store

    @router.post("", response_model=NewHook, status_code=201, responses=errors(400, 409, 410))
    def add_webhook(request: Request, wish: Wish) -> dict[str, Any]:
        """Makes a webhook; its secret is in the answer, and nowhere else ever."""
        owner = owner_of(request)
        if len(_own(shelf, owner)) >= MOST:
            raise Problem(HTTPStatus.CONFLICT, f"There are {MOST} webhooks of this token.", "Remove one first.")
        made = manage.add(shelf, wish.name, wish.url, wish.select, wish.events, after=wish.after, owner=owner)
        return {**made.to_json(), "secret": made.secret}

    @router.delete("/{id}", status_code=204, responses=errors(404))
    def remove_webhook(request: Request, id: str) -> Response:
        """Deletes a webhook; what waits for it is cancelled."""
        manage.remove(store, _one(shelf, owner_of(request), id))
        return Response(status_code=204)

    @router.post("/{id}/pause", response_model=Hook, responses=errors(400, 404))
    def pause_webhook(request: Request, id: str, wish: PauseWish) -> dict[str, Any]:
        """Sends nothing until it is resumed; what happens meanwhile is told then."""
        webhook = _one(shelf, owner_of(request), id)
        store.webhooks.pause(webhook.id, Pause(datetime.now(UTC), wish.reason))
        return _one(shelf, owner_of(request), id).to_json()

    @router.post("/{id}/resume", response_model=Hook, responses=errors(404))
    def resume_webhook(request: Request, id: str) -> dict[str, Any]:
        """Sends again, at once what has waited."""
        manage.resume(store, _one(shelf, owner_of(request), id))
        return _one(shelf, owner_of(request), id).to_json()

    @router.post("/{id}/test", response_model=Told, responses=errors(404))
    def test_webhook(request: Request, id: str) -> dict[str, Any]:
        """Sends a delivery of nothing at once, and says what came of it."""
        return manage.try_out(store, sender, _one(shelf, owner_of(request), id)).to_json()

    @router.post("/{id}/replay", response_model=Hook, responses=errors(400, 404, 409, 410))
    def replay_webhook(request: Request, id: str, wish: ReplayWish) -> dict[str, Any]:
        """Tells something again, under new ids and as it is now."""
        webhook = _one(shelf, owner_of(request), id)
        if (wish.after is None) == (wish.delivery is None):
            raise InvalidValue("Both or none of after and delivery are given.", "Give one of them.")
        if wish.after is not None:
            manage.replay(store, webhook, wish.after)
        else:
            _replay_one(shelf, webhook, wish.delivery or "")
        return _one(shelf, owner_of(request), id).to_json()


def _replay_one(shelf: Shelf, webhook: Webhook, id: str) -> None:
    sent = shelf.store.deliveries.get(id)
    if sent is None or sent.webhook != webhook.id:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no delivery {id!r}.")
    try:
        planner.again(shelf, webhook, sent, datetime.now(UTC))
    except BantinError as error:
        raise Problem(HTTPStatus.CONFLICT, error.problem, error.remedy) from error


def _own(shelf: Shelf, owner: str) -> list[Webhook]:
    return [webhook for webhook in shelf.store.webhooks.all() if webhook.owner == owner]


def _one(shelf: Shelf, owner: str, id: str) -> Webhook:
    webhook = shelf.store.webhooks.get(id)
    if webhook is None or webhook.owner != owner:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no webhook {id!r}.")
    return webhook
