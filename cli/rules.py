"""bantin rules: what editors taught the sites, and its way into their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.options import By, Json

if TYPE_CHECKING:
    from crawler.renewing import Renewer
    from news.review.cases import Case, Difference
    from news.review.renewals import RenewalRequest
    from news.review.rules import SiteRule
    from spiders.catalog import Catalog
    from storage.connect import Store

app = typer.Typer(help="What editors taught the sites: list, export, withdraw and check it.", no_args_is_help=True)
OfSite = Annotated[str, typer.Option("--site", help="Only of this site.")]

_SHOWN = 300  # letters of a value that differs


@app.command("list")
def list_(site: OfSite = "", as_json: Json = False) -> None:
    """List the rules, and what became of the pages that were read again for each."""
    with session.opened(session.configure()) as store:
        rules = store.rules.all(site or None)
        renewals = store.renewals.latest(rule.id for rule in rules)
    if as_json:
        for rule in rules:
            output.line(output.json_line(_json(rule, renewals.get(rule.id))))
        return
    table = output.table("id!", "site!", "kind!", "what", "by!", "taught!", "state!", "articles#")
    for rule in rules:
        renewal = renewals.get(rule.id)
        what = f"{rule.field}: {rule.value}" if rule.field else rule.value
        changed = f"{renewal.counts.changed:,}" if renewal else "-"
        table.add_row(
            rule.id, rule.site, rule.kind, output.plain(what), rule.by, output.when(rule.at), _state(rule, renewal),
            changed,
        )  # fmt: skip
    output.show(table)


@app.command()
def export(
    site: Annotated[str, typer.Argument(help="The site's id.")],
    write: Annotated[bool, typer.Option("--write", help="Write them into the site's file; else print them.")] = False,
) -> None:
    """Print the rules that hold for a site as [[selectors]] rows, or write them into its file."""
    from spiders import taught

    config = session.configure()
    session.catalog(config).get(site)
    with session.opened(config) as store:
        rules = store.rules.of(site)
        if not rules:
            output.note(f"No rule holds for {site} beside its file.")
        elif not write:
            output.line(taught.rows(rules).rstrip())
        else:
            path = config.sites_dir / f"{site}.toml"
            taught.export(path, rules)
            store.rules.mark_exported([rule.id for rule in rules], datetime.now(UTC))
            output.line(f"{path}: {len(rules)} rules.")


@app.command()
def withdraw(rule: Annotated[str, typer.Argument(metavar="ID", help="The rule's id.")], by: By) -> None:
    """Take a rule back; the pages that it changed are read again by whoever acts as scheduler, or by `renew`."""
    config = session.configure()
    catalog = session.catalog(config)
    with session.opened(config) as store:
        found = store.rules.withdraw(rule, by, datetime.now(UTC), _carried(store, catalog, rule))
    output.line(f"The rule {found.id} of {found.site} holds no more.")


@app.command()
def check(site: OfSite = "", as_json: Json = False) -> None:
    """Read the page of every taught rule by today's rules, and say field by field what is not as it was taught; 1 if
    anything is not."""
    config = session.configure()
    catalog = session.catalog(config)
    read = failed = 0
    with session.opened(config) as store:
        for case, differences in _checked(store, catalog, site):
            read += 1
            failed += bool(differences)
            if as_json:
                output.line(output.json_line(_result(case, differences)))
            else:
                _tell(case, differences)
    output.note(f"{read} cases; {failed} are not as they were taught.")
    if failed:
        raise typer.Exit(1)


@app.command()
def renew(site: OfSite = "") -> None:
    """Read again, here and now, the kept pages that wait for it since a rule was taught or withdrawn, or failed."""
    from crawler.renewing import Renewer

    config = session.configure()
    catalog = session.catalog(config)
    with session.opened(config) as store:
        for id in [site] if site else sorted({rule.site for rule in store.rules.all()}):
            store.renewals.again(id)
        renewer = Renewer(store, session.joined(config, store), catalog.get)
        waiting = [id for id in store.renewals.open("") if site in ("", id)]
        failed = [id for id in waiting if not _renewed(store, renewer, id)]
    if not waiting:
        output.note("Nothing waits to be read again.")
    if failed:
        raise typer.Exit(1)


def _carried(store: Store, catalog: Catalog, id: str) -> dict[str, Mapping[str, Any]]:
    """What the cases of other rules are to expect without this one."""
    from news.review.preview import carried

    rule = store.rules.get(id)
    site = catalog.sites.get(rule.site) if rule else None
    if rule is None or site is None:
        return {}
    rules = store.rules.of(site.id)
    others = (case for case in store.cases.each(site.id) if case.rule != id)
    return carried(others, site.with_rules(rules), site.with_rules(other for other in rules if other.id != id))


def _renewed(store: Store, renewer: Renewer, site: str) -> bool:
    from news.review.renewals import RenewalState

    rules = [request.rule for request in renewer.renew(site)]
    done = list(store.renewals.latest(rules).values())
    for request in done:
        counts = request.counts
        output.line(
            f"{site}: {counts.done} pages; {counts.changed} articles changed, {counts.parked} wait beside an editor's "
            f"text, {counts.lost} left as they are. {request.error}".rstrip()
        )
    return all(request.state is RenewalState.DONE for request in done)


def _checked(store: Store, catalog: Catalog, site: str) -> Iterator[tuple[Case, tuple[Difference, ...]]]:
    for case in store.cases.each(site or None):
        yield case, case.differences(store.rules.taught(catalog.sites.get(case.site)))


def _tell(case: Case, differences: tuple[Difference, ...]) -> None:
    for field, expected, found in differences:
        output.line(f"{case.site} rule {case.rule}, {case.page.url}: {field}")
        output.line(f"  - {str(expected)[:_SHOWN]}")
        output.line(f"  + {str(found)[:_SHOWN]}")


def _result(case: Case, differences: tuple[Difference, ...]) -> dict[str, Any]:
    fields = {field: {"expected": expected, "found": found} for field, expected, found in differences}
    return {"rule": case.rule, "site": case.site, "url": case.page.url, "ok": not differences, "differences": fields}


def _state(rule: SiteRule, renewal: RenewalRequest | None) -> str:
    if renewal and not renewal.state.over:
        return str(renewal.state)
    if rule.withdrawn:
        return "withdrawn"
    return "exported" if rule.exported else "failed" if renewal and renewal.state == "failed" else "holds"


def _json(rule: SiteRule, renewal: RenewalRequest | None) -> dict[str, Any]:
    return {
        "id": rule.id,
        "site": rule.site,
        "kind": str(rule.kind),
        "field": rule.field,
        "value": rule.value,
        "by": rule.by,
        "at": _iso(rule.at),
        "article": rule.article_id,
        "withdrawn": _iso(rule.withdrawn),
        "exported": _iso(rule.exported),
        "renewal": renewal.to_json() if renewal else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
