"""What people do with webhooks, from the command line and over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from news.errors import BantinError, InvalidValue
from news.event import number_of
from news.push import Delivery, DeliveryState, Fate, Notice, Webhook, body_of, fate
from news.push.webhook import notices_of, query_of, selection_of
from storage.connect import Store
from storage.events import CursorGone
from web.push.channel import send
from web.push.sender import Sender
from web.shelf import Shelf


def add(
    shelf: Shelf, name: str, url: str, query: str, events: Sequence[str], *, after: str | None = None, owner: str = "",
    allow_private: bool = False,
) -> Webhook:  # fmt: skip
    """A new webhook, with its secret. It hears of what happens behind the cursor `after`, by default from now on.
    Raises InvalidValue for what it cannot be, and CursorGone for a cursor behind which events are missing."""
    selection = selection_of(query)
    shelf.filter(shelf.resolved(selection))
    last = shelf.store.events.last()
    cursor = last if after is None else number_of(after)
    if cursor > last:
        raise InvalidValue(f"The cursor {after} is ahead of the newest event, which is {last}.", "Give one of ours.")
    shelf.store.events.after(str(cursor), 1)
    webhook = Webhook(
        id=f"wh{secrets.token_hex(6)}", name=name, url=url, secret=secrets.token_hex(32), created=datetime.now(UTC),
        query=query_of(selection), notices=notices_of(events), owner=owner, allow_private=allow_private, cursor=cursor,
    )  # fmt: skip
    shelf.store.webhooks.add(webhook)
    return webhook


def named(store: Store, name: str, owner: str = "") -> Webhook:
    """The webhook with this id or name, among those of `owner` where it is given. Raises BantinError where there is
    none, or several."""
    of_owner = [webhook for webhook in store.webhooks.all() if owner in ("", webhook.owner)]
    found = [webhook for webhook in of_owner if name in (webhook.id, webhook.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise BantinError(
            f"{len(found)} webhooks are called {name!r}.", f"Use an id: {', '.join(w.id for w in found)}."
        )
    raise BantinError(f"There is no webhook {name!r}.", "`bantin webhooks list` shows those there are.")


def try_out(store: Store, sender: Sender, webhook: Webhook) -> Delivery:
    """Sends a delivery of nothing at once, and says what came of it. One that is taken ends a pause that came of
    failures."""
    number, at = store.webhooks.reserve(webhook.id), datetime.now(UTC)
    id = webhook.delivery_id(number)
    body = body_of(Notice.TEST, "", None, None)
    delivery = Delivery(id, webhook.id, number, Notice.TEST, "", 0, at, at, body)
    answer, attempt = send(sender, webhook, delivery, at)
    taken = fate(answer) is Fate.TAKEN
    state = DeliveryState.DELIVERED if taken else DeliveryState.FAILED
    done = Delivery(
        id, webhook.id, number, Notice.TEST, "", 0, at, at, state=state, attempts=(attempt,), ended=datetime.now(UTC)
    )
    store.deliveries.add(done)
    if taken and webhook.paused and webhook.paused.automatic:
        resume(store, webhook)
    return done


def resume(store: Store, webhook: Webhook) -> None:
    """Sends again, at once what has waited. Of what is no longer kept nothing can be told."""
    try:
        store.events.after(str(webhook.cursor), 1)
    except CursorGone as gone:
        store.webhooks.skip(webhook.id, number_of(gone.start))
    store.deliveries.hurry(webhook.id, datetime.now(UTC))
    store.webhooks.resume(webhook.id)


def remove(store: Store, webhook: Webhook) -> int:
    """Deletes a webhook, and what its consumer has; how many deliveries that waited are cancelled. Done again, it does
    what was left."""
    store.webhooks.remove(webhook.id)
    cancelled = store.deliveries.cancel(webhook.id, datetime.now(UTC))
    store.holdings.forget(webhook.id)
    return cancelled


def replay(store: Store, webhook: Webhook, cursor: str) -> None:
    """Tells everything behind a cursor anew. Raises InvalidValue for what is none, and CursorGone."""
    number = number_of(cursor)
    if number > webhook.cursor:
        raise InvalidValue(f"The cursor {cursor} is ahead of the webhook's, {webhook.cursor}.", "Give an earlier one.")
    store.events.after(str(number), 1)
    store.webhooks.rewind(webhook.id, number)


def cursor_at(store: Store, when: datetime) -> str:
    """The cursor behind which the events begin that happened at `when` or later. They have no gaps, and stand nearly in
    the order of their times: they are looked up as in a dictionary."""
    low, high = store.events.first() - 1, store.events.last()
    while low < high:
        middle = (low + high) // 2
        found = store.events.after(str(middle), 1)
        if found and found[0].at < when:
            low = middle + 1
        else:
            high = middle
    return str(low)
