"""The console script: the table of verbs, and the one place where an error becomes words and an exit code."""

from __future__ import annotations

import typer

from cli import (
    alerts,
    articles,
    backfill,
    cadence,
    crawl,
    dedupe,
    demo,
    doctor,
    events,
    export,
    extract,
    health,
    import_,
    output,
    prune,
    push,
    reextract,
    rules,
    runs,
    scheduler,
    search,
    search_index,
    searches,
    sites,
    stories,
    tokens,
    up,
    users,
    web,
    webhooks,
    why,
)
from news.errors import BantinError

app = typer.Typer(
    name="bantin",
    help="Gathers what Vietnam's ministries, provinces and state press publish, and keeps the article only.",
    epilog="Exit codes: 0 done, 1 failed, 2 misuse.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("crawl")(crawl.crawl)
app.command("backfill")(backfill.backfill)
app.command("health")(health.health)
app.add_typer(alerts.app, name="alerts")
app.command("scheduler")(scheduler.scheduler)
app.command("web")(web.web)
app.command("push")(push.push)
app.command("extract")(extract.extract)
app.command("import")(import_.import_)
app.command("export")(export.export)
app.command("reextract")(reextract.reextract)
app.add_typer(rules.app, name="rules")
app.command("prune")(prune.prune)
app.add_typer(sites.app, name="sites")
app.add_typer(articles.app, name="articles")
# Words that must not be there begin with a "-".
app.command("search", context_settings={"ignore_unknown_options": True})(search.search)
app.add_typer(search_index.app, name="search-index")
app.add_typer(stories.app, name="stories")
app.add_typer(events.app, name="events")
app.add_typer(searches.app, name="searches")
app.add_typer(dedupe.app, name="dedupe")
app.command("why")(why.why)
app.add_typer(runs.app, name="runs")
app.add_typer(cadence.app, name="cadence")
app.add_typer(tokens.app, name="tokens")
app.add_typer(users.app, name="users")
app.add_typer(webhooks.app, name="webhooks")
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the verb that the command line names. A BantinError ends it with exit code 1 and says what to do next."""
    try:
        app()
    except BantinError as error:
        output.report(error)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
