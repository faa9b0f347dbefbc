"""bantin webhooks: whom we tell what happens to articles, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import InvalidValue

if TYPE_CHECKING:
    from news.push import Delivery, Webhook
    from storage.connect import Store
    from web.push.sender import Sender

app = typer.Typer(help="Whom we tell what happens: add, list, try, pause, remove webhooks.", no_args_is_help=True)

Wanted = Annotated[str, typer.Argument(metavar="ID_OR_NAME", help="The webhook, by its id or name.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where it is told: an http or https address.")],
    name: Annotated[str, typer.Option(help="What you call it.")],
    select: Annotated[str, typer.Option(metavar="QUERY", help="Of which articles, as a feed is asked for them.")] = "",
    events: Annotated[
        str, typer.Option(help="Of what: new, updated, merged, retracted, with commas between. By default of all.")
    ] = "",
    after: Annotated[
        str | None, typer.Option("--after", metavar="CURSOR", help="From behind this event; 0: from the first kept.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Its address may be in a private network.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a webhook and print its secret, the only time it is shown."""
    from cli.push import shelf
    from news.push.notices import CHOICE
    from web.push import manage

    config = session.configure()
    with session.opened(config) as store, shelf(store, config, session.Known(config)) as read:
        chosen = events.split(",") if events else CHOICE
        made = manage.add(read, name, url, select, chosen, after=after, allow_private=allow_private)
    if as_json:
        output.line(output.json_line({**made.to_json(), "secret": made.secret}))
        return
    output.line(made.secret)
    output.note(f"This is the secret of {made.name} (id {made.id}), by which its consumer knows us. Keep it.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the webhooks."""
    with session.opened(session.configure()) as store:
        found = store.webhooks.all()
        last = store.events.last()
    if as_json:
        for webhook in found:
            output.line(output.json_line(webhook.to_json()))
        return
    table = output.table("id!", "name", "address", "selection", "events", "behind#", "deliveries#", "state")
    for webhook in found:
        notices = ", ".join(webhook.to_json()["events"])
        texts = [output.plain(text) for text in (webhook.name, webhook.url, webhook.query or "everything")]
        behind, planned = str(max(0, last - webhook.cursor)), str(webhook.planned)
        table.add_row(webhook.id, *texts, notices, behind, planned, output.plain(_state(webhook)))
    output.show(table)


@app.command()
def show(name: Wanted, as_json: Json = False) -> None:
    """Show one webhook."""
    with session.opened(session.configure()) as store:
        webhook = _named(store, name)
    if as_json:
        output.line(output.json_line(webhook.to_json()))
        return
    for label, value in webhook.to_json().items():
        shown = ", ".join(value) if isinstance(value, list) else value
        output.line(f"{label:<14}{shown if label != 'paused' else _state(webhook)}")


@app.command("test")
def try_out(name: Wanted, as_json: Json = False) -> None:
    """Send a delivery of nothing at once; 1 if it is not taken. Ends a pause that came of failures."""
    from web.push import manage

    with session.opened(session.configure()) as store:
        done = manage.try_out(store, _sender(), _named(store, name))
    _print_log([done], as_json=as_json)
    from news.push import DeliveryState

    if done.state is not DeliveryState.DELIVERED:
        raise typer.Exit(1)


@app.command()
def pause(name: Wanted, reason: Annotated[str, typer.Option(help="Why, in words.")] = "By hand.") -> None:
    """Send nothing until it is resumed; what happens meanwhile is told then."""
    from news.push import Pause

    with session.opened(session.configure()) as store:
        webhook = _named(store, name)
        store.webhooks.pause(webhook.id, Pause(datetime.now(UTC), reason))
    output.line(f"{webhook.name} is paused.")


@app.command()
def resume(name: Wanted) -> None:
    """Send again, at once what has waited."""
    from web.push import manage

    with session.opened(session.configure()) as store:
        webhook = _named(store, name)
        manage.resume(store, webhook)
    output.line(f"{webhook.name} is told again.")


@app.command()
def remove(name: Wanted) -> None:
    """Delete a webhook, and cancel what waits for it. Its log stays as long as the settings say."""
    from web.push import manage

    with session.opened(session.configure()) as store:
        webhook = _named(store, name)
        cancelled = manage.remove(store, webhook)
    output.line(f"{webhook.name} is gone; {cancelled} deliveries that waited are cancelled.")


@app.command()
def log(
    name: Wanted,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """Print what was sent and what came of it, the newest first. Of one that is removed, give the id."""
    with session.opened(session.configure()) as store:
        gone = store.deliveries.log(name, 1)
        _print_log(store.deliveries.log(name if gone else _named(store, name).id, limit), as_json=as_json)


@app.command()
def replay(
    name: Wanted,
    from_: Annotated[
        str, typer.Option("--from", metavar="CURSOR_OR_DATE", help="Everything behind this event, or since then.")
    ] = "",
    delivery: Annotated[str, typer.Option(metavar="ID", help="This one alone.")] = "",
) -> None:
    """Tell something again, under new ids and as it is now."""
    from cli.push import shelf
    from news.selection import moment_of
    from web.push import manage, planner

    if bool(from_) == bool(delivery):
        raise typer.BadParameter("Give either --from or --delivery.")
    config = session.configure()
    with session.opened(config) as store:
        webhook = _named(store, name)
        if from_:
            cursor = from_ if from_.isdecimal() else manage.cursor_at(store, moment_of("--from", from_))
            manage.replay(store, webhook, cursor)
            output.line(f"{webhook.name} is told again what happened behind the cursor {cursor}.")
            return
        sent = store.deliveries.get(delivery)
        if sent is None or sent.webhook != webhook.id:
            raise InvalidValue(f"{webhook.name} has no delivery {delivery!r}.", "`bantin webhooks log` lists them.")
        with shelf(store, config, session.Known(config)) as read:
            fresh = planner.again(read, webhook, sent, datetime.now(UTC))
    output.line(f"{fresh.id} tells {delivery} again.")


def _named(store: Store, name: str) -> Webhook:
    from web.push import manage

    return manage.named(store, name)


def _sender() -> Sender:
    from web.push.sender import Sender

    return Sender(session.configure().user_agent)


def _state(webhook: Webhook) -> str:
    if webhook.paused:
        return f"paused since {output.when(webhook.paused.at)}: {webhook.paused.reason}"
    return f"failing since {output.when(webhook.failing_since)}" if webhook.failing_since else "told"


def _print_log(found: list[Delivery], *, as_json: bool) -> None:
    if as_json:
        for delivery in found:
            output.line(output.json_line(delivery.to_json()))
        return
    table = output.table("id!", "event#", "notice!", "article!", "state!", "planned!", "attempts#", "last answer")
    for delivery in found:
        last = delivery.attempts[-1] if delivery.attempts else None
        said = "" if last is None else last.error or f"{last.status} in {last.ms} ms {last.answer}".strip()
        table.add_row(
            delivery.id, str(delivery.event or ""), str(delivery.notice), delivery.article, str(delivery.state),
            output.when(delivery.planned), str(len(delivery.attempts)), output.plain(said[:200]),
        )  # fmt: skip
    output.show(table)
