"""bantin dedupe: what a page would be judged as beside what is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.given import AllowPrivate, Source, Url, page
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.intake import Outcome
    from news.article import StoredArticle
    from news.dedupe import Neighbour
    from news.story import Telling
    from storage.connect import Store

app = typer.Typer(help="Duplicates: what a page would be judged as.", no_args_is_help=True)


@app.command()
def check(
    source: Source,
    url: Url = "",
    site: Annotated[str, typer.Option(metavar="ID", help="The site whose page it is; by its host if not said.")] = "",
    allow_private: AllowPrivate = False,
    as_json: Json = False,
) -> None:
    """Say what a page would be judged as beside what is stored, and why. Nothing is stored."""
    from crawler.intake import Intake
    from crawler.learning import learned_site

    config = session.configure()
    catalog = session.catalog(config)
    owner = catalog.get(site) if site else None
    given = page(source, url, config.user_agent, allow_private=allow_private)
    with session.opened(config) as store:
        owner = owner or catalog.for_url(given.url)
        learned = learned_site(store, owner, dry_run=True) if owner else None
        outcome = Intake(store, dry_run=True).take(given, learned)
        judged = Judged.of(outcome, store)
    if as_json:
        output.line(output.json_line(judged.to_json()))
        if outcome.reason is not None:
            raise typer.Exit(1)
        return
    if outcome.reason is not None:
        raise BantinError(
            f"{outcome.article.url} holds no article: {outcome.reason} ({outcome.detail}).",
            "`bantin extract` shows what was found on it.",
        )
    _print(judged)


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome and what it speaks of: the stored article it concerns, the articles of its story, the neighbours."""

    outcome: Outcome
    stored: StoredArticle | None
    story: tuple[Telling, ...]
    near: Mapping[str, StoredArticle]

    @classmethod
    def of(cls, outcome: Outcome, store: Store) -> Judged:
        from news.story import told

        kept = store.stories.get(outcome.story) if outcome.story else None
        # The most alike first.
        outcome = replace(outcome, near=tuple(sorted(outcome.near, key=lambda near: -near.likeness.jaccard)))
        ids = [neighbour.article_id for neighbour in outcome.near]
        near = {stored.id: stored for stored in store.articles.some(ids)}
        alone = [stored.id for stored in near.values() if stored.story == outcome.story]
        members = store.articles.some(kept.members if kept else alone or [outcome.article_id])
        stored = store.articles.get(outcome.article_id) if outcome.article_id else None
        return cls(outcome, stored, told(members), near)

    def to_json(self) -> dict[str, Any]:
        outcome, article = self.outcome, self.outcome.article
        return {
            "url": article.url,
            "site": article.site,
            "title": article.title,
            "decision": str(outcome.decision),
            "reason": outcome.reason and str(outcome.reason),
            "detail": outcome.detail,
            "article": outcome.article_id,
            "story": outcome.story,
            "members": [telling.stored.id for telling in self.story],
            "near": [self._near_json(neighbour) for neighbour in outcome.near],
        }

    def _near_json(self, neighbour: Neighbour) -> dict[str, Any]:
        likeness = neighbour.likeness
        return {
            "article": neighbour.article_id,
            "site": neighbour.site,
            "story": neighbour.story,
            "title": self.title(neighbour.article_id),
            "relation": str(likeness.relation),
            "jaccard": round(likeness.jaccard, 3),
            "contained": round(likeness.contained, 3),
            "reason": likeness.reason,
        }

    def title(self, id: str) -> str:
        return self.near[id].article.title if id in self.near else ""


def _print(judged: Judged) -> None:
    from news.article import Decision

    outcome = judged.outcome
    output.line(f"{outcome.decision}: {outcome.detail}")
    output.line(f"page     {outcome.article.title} ({outcome.article.site}, {output.stated(outcome.article)})")
    if judged.stored is not None:
        output.line(f"article  {outcome.article_id}: {judged.stored.article.title}")
    if judged.story:
        first = judged.story[0].stored.article
        count = len(judged.story)
        articles = "1 article" if count == 1 else f"{count} articles"
        output.line(f"story    {outcome.story}: {articles}, first {first.site}, {output.stated(first)}: {first.title}")
    else:
        output.line(f"story    {outcome.story}: its own, which nothing stored tells")
    if not outcome.near:
        known = outcome.decision is not Decision.NEW
        output.line(f"near     {'not looked for: the page is known' if known else 'nothing stored is like it'}")
        return
    table = output.table("article!", "site!", "relation!", "jaccard#", "contained#", "reason, title")
    for neighbour in outcome.near:
        likeness = neighbour.likeness
        table.add_row(
            neighbour.article_id, neighbour.site, str(likeness.relation), f"{likeness.jaccard:.2f}",
            f"{likeness.contained:.2f}",
            f"{output.plain(likeness.reason)}\n{output.plain(judged.title(neighbour.article_id))}",
        )  # fmt: skip
    output.show(table)
