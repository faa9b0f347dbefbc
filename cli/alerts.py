"""bantin alerts: what operators were told, and whether it would reach them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

app = typer.Typer(help="Alerts on the health of sites: list them, try them out.", no_args_is_help=True)


@app.command("list")
def list_(limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20, as_json: Json = False) -> None:
    """List alerts, newest first."""
    with session.opened(session.configure()) as store:
        found = store.alerts.sent(limit)
    if as_json:
        for alert in found:
            output.line(output.json_line(alert.to_json()))
        return
    table = output.table("at!", "title", "changes#", "sent!", "last error")
    for alert in found:
        sent = output.when(alert.ended) if alert.ended and not alert.left else f"not to {len(alert.left)}"
        texts = output.plain(alert.title), output.plain(alert.error)
        table.add_row(output.when(alert.at), texts[0], str(len(alert.changes)), sent, texts[1])
    output.show(table)


@app.command("test")
def test() -> None:
    """Send a trial to each address of BANTIN_ALERTS at once; 1 if one does not take it."""
    from news.alerts import trial
    from oversight.courier import kind, send

    config = session.configure()
    if not config.alerts:
        raise BantinError("BANTIN_ALERTS is empty.", "Set it to addresses of Apprise, with spaces between.")
    failed = 0
    for number, address in enumerate(config.alerts, 1):
        error = send(address, trial(config.alert_language))
        output.line(f"{number} {kind(address)} {error or 'sent'}")
        failed += bool(error)
    if failed:
        raise typer.Exit(1)
