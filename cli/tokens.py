"""bantin tokens: who may read by a token, what each is good for, and how much it was used."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json, day
from news.access import ANONYMOUS, SIGNED_IN, Scope, Usage, by_consumer
from news.errors import BantinError

if TYPE_CHECKING:
    from news.access import Token
    from storage.connect import Store

app = typer.Typer(help="Tokens of consumers: add, list, rename, revoke them.", no_args_is_help=True)

_DAYS = 7

Wanted = Annotated[str, typer.Argument(metavar="ID_OR_NAME", help="The token, by its id or its consumer's name.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose token it is.")],
    scopes: Annotated[
        list[Scope] | None, typer.Option("--scope", help="What it is good for; may be given again. Otherwise read.")
    ] = None,
    per_minute: Annotated[int, typer.Option(min=0, help="Requests a minute; 0: any number.")] = 600,
    expires: Annotated[
        datetime | None,
        typer.Option(parser=day, metavar="DATE", help="Good until this day begins: 2027-01-01, 01/01/2027."),
    ] = None,
) -> None:
    """Make a token and print it, the only time it is shown."""
    with session.opened(session.configure()) as store:
        token, credential = store.tokens.issue(name, scopes or [Scope.READ], per_minute, datetime.now(UTC), expires)
    output.line(str(credential))
    output.note(
        f"This is the token of {token.name} (id {token.id}). Keep it: it is not stored and cannot be shown again."
    )


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the tokens, when each was used last, and its usage of the last 7 days, today among them."""
    now = datetime.now(UTC)
    with session.opened(session.configure()) as store:
        tokens = store.tokens.all()
        usage = by_consumer(store.usage.since(_first_day(now)))
    if as_json:
        for token in tokens:
            row = {**token.to_json(), "state": _state(token, now), "usage": _used(usage, token.id)}
            output.line(output.json_line(row))
        return
    table = output.table(
        "id!", "name", "good for", "a minute#", "state!", "until!", "last used!", "requests#", "refused#", "MB#"
    )
    for token in tokens:
        good_for = ", ".join(sorted(token.scopes))
        limit = str(token.per_minute) if token.per_minute else "any"
        table.add_row(
            token.id, output.plain(token.name), good_for, limit, _state(token, now), output.when(token.expires),
            output.when(token.last_used), *_cells(usage, token.id),
        )  # fmt: skip
    for name, consumer in (("without a token", ANONYMOUS), ("users", SIGNED_IN)):
        table.add_row("", name, "", "", "", "", "", *_cells(usage, consumer))
    output.show(table)


@app.command()
def rename(token: Wanted, name: Annotated[str, typer.Argument(help="What its consumer is called now.")]) -> None:
    """Call the consumer of a token otherwise; the token stays the same."""
    with session.opened(session.configure()) as store:
        store.tokens.rename(_found(store, token).id, name)


@app.command()
def revoke(token: Wanted) -> None:
    """Make a token useless; a running web app refuses it within ten seconds."""
    with session.opened(session.configure()) as store:
        found = _found(store, token)
        store.tokens.revoke(found.id, datetime.now(UTC))
    output.line(f"The token of {found.name} (id {found.id}) is revoked.")


def _found(store: Store, id_or_name: str) -> Token:
    found = store.tokens.find(id_or_name)
    if found is None:
        raise BantinError(f"There is no token {id_or_name!r}.", "`bantin tokens list` shows them.")
    return found


def _first_day(now: datetime) -> date:
    from news.article import VIETNAM

    return now.astimezone(VIETNAM).date() - timedelta(days=_DAYS - 1)


def _state(token: Token, now: datetime) -> str:
    if token.revoked is not None:
        return "revoked"
    return "expired" if token.expires is not None and token.expires <= now else "good"


def _used(usage: dict[str, Usage], consumer: str) -> dict[str, int]:
    used = usage.get(consumer)
    return {name: getattr(used, name) if used else 0 for name in ("requests", "refused", "bytes")}


def _cells(usage: dict[str, Usage], consumer: str) -> tuple[str, ...]:
    used = _used(usage, consumer)
    return f"{used['requests']:,}", f"{used['refused']:,}", f"{used['bytes'] / 1e6:,.1f}"
