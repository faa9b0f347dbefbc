"""What the events behind a webhook's cursor come to: the deliveries, and what its consumer has then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from news.article import StoredArticle
from news.errors import BantinError
from news.event import Event
from news.push import Delivery, Notice, Webhook, body_of, decide
from web.shelf import Shelf

BATCH = 100
"""Events that are looked at in one step."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The articles that some events are about, and those that share a story with them, as they are now; `shown` are the
    ids of those that the selection shows, `had` what the consumer was told of each."""

    articles: Mapping[str, StoredArticle]
    touched: Mapping[str, int]  # article id to the last event since which its readers see it otherwise
    shown: frozenset[str]
    had: Mapping[str, bool]


@dataclass(slots=True)
class Plan:
    """The deliveries, and what the consumer has then where it is not what it had."""

    deliveries: list[Delivery] = field(default_factory=list)
    shown: dict[str, bool] = field(default_factory=dict)


def step(shelf: Shelf, webhook: Webhook, now: datetime) -> bool:
    """Looks at the next events of a webhook. Whether there were any, and nobody else was faster. Raises CursorGone
    where they are no longer kept, and InvalidValue where the selection names a site that is no more."""
    events = shelf.store.events.after(str(webhook.cursor), BATCH)
    if not events:
        return False
    if shelf.resolved(webhook.selection).q and not shelf.search.catch_up():
        return False  # what the index does not know yet would be told to be gone
    plan = plan_of(webhook, events, _scene(shelf, webhook, events), now)
    return shelf.store.webhooks.advance(webhook, events[-1].number, plan.deliveries, plan.shown)


def plan_of(webhook: Webhook, events: Sequence[Event], scene: Scene, now: datetime) -> Plan:
    """What comes of events, in their order. Each is told of its own article; of others where they came to stand for
    their story because of it, or no longer do."""
    plan = Plan()
    for event in events:
        if event.quiet:
            continue
        others = (id for id in scene.articles if _concerns(event, id, scene))
        for id in dict.fromkeys((event.article_id, *others)):
            if id not in scene.articles:
                continue
            own, shown = id == event.article_id, id in scene.shown
            had = plan.shown[id] if id in plan.shown else _had(webhook, event, scene.had.get(id), shown=shown)
            notice = decide(event.kind, own=own, shown=shown, had=had)
            if had is not shown:
                plan.shown[id] = shown
            if notice and notice in webhook.notices:
                plan.deliveries.append(_delivery(webhook, len(plan.deliveries), notice, event, scene.articles[id], now))
    return plan


def again(shelf: Shelf, webhook: Webhook, delivery: Delivery, now: datetime) -> Delivery:
    """Plans a delivery once more, under an id of its own, with what its article is now. Raises BantinError where it
    cannot be told any more."""
    event = next(iter(shelf.store.events.after(str(delivery.event - 1), 1)), None) if delivery.event else None
    stored = shelf.store.articles.get(delivery.article)
    if event is None or stored is None or event.number != delivery.event:
        raise BantinError(f"There is nothing to tell of {delivery.id} any more.", "Replay from a cursor instead.")
    shown = stored.id in shelf.among([stored], shelf.resolved(webhook.selection))
    notice = (
        Notice.RETRACTED if not shown else Notice.UPDATED if delivery.notice is Notice.RETRACTED else delivery.notice
    )
    fresh = _delivery(webhook, 0, notice, event, stored, now, replay_of=delivery.id)
    if not shelf.store.webhooks.advance(webhook, webhook.cursor, [fresh], {stored.id: shown}):
        raise BantinError(f"{webhook.id} is just being worked on.", "Try it again.")
    return fresh


def _scene(shelf: Shelf, webhook: Webhook, events: Sequence[Event]) -> Scene:
    store, selection = shelf.store, shelf.resolved(webhook.selection)
    own = sorted({event.article_id for event in events})
    touched = store.articles.as_changed(own, (events[0].number - 1, events[-1].number))
    stories = sorted({row.stored.story for row in touched})
    sites = shelf.filter(selection).sites
    # Of sites that are not asked for nothing is ever told, nor do they change what stands for a story here.
    rows = [row for row in store.articles.of_stories(stories) if sites is None or row.stored.article.site in sites]
    articles = {row.stored.id: row.stored for row in rows}
    return Scene(
        articles=articles,
        touched={row.stored.id: row.event for row in rows},
        shown=frozenset(shelf.among(list(articles.values()), selection)),
        had=store.holdings.of(webhook.id, articles),
    )


def _had(webhook: Webhook, event: Event, had: bool | None, *, shown: bool) -> bool | None:
    """What the consumer was told last; in a replay nothing is sure but what contradicts what is now."""
    if event.number > webhook.replayed_to:
        return had
    return None if shown else True


def _concerns(event: Event, id: str, scene: Scene) -> bool:
    own = scene.articles.get(event.article_id)
    return scene.touched[id] == event.number or (own is not None and scene.articles[id].story == own.story)


def _delivery(
    webhook: Webhook, n: int, notice: Notice, event: Event, stored: StoredArticle, now: datetime, replay_of: str = ""
) -> Delivery:
    number = webhook.planned + n + 1
    body = body_of(notice, stored.id, event, None if notice is Notice.RETRACTED else stored)
    id = webhook.delivery_id(number)
    return Delivery(id, webhook.id, number, notice, stored.id, event.number, now, now, body, replay_of=replay_of)
