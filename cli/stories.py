"""bantin stories: which articles tell the same, and the editor's hand on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import lookup, output, session
from cli.options import By, Json
from news.errors import BantinError

if TYPE_CHECKING:
    from news.article import StoredArticle
    from news.story import Story, Telling
    from storage.connect import Store

app = typer.Typer(
    help="The stories: articles of several sites that tell the same. List them, show one, decide about one.",
    no_args_is_help=True,
)


StoryName = Annotated[str, typer.Argument(metavar="STORY", help="A story's id, or an article's id or address.")]
ArticleName = Annotated[str, typer.Argument(metavar="ARTICLE", help="An article's id, or one of its addresses.")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List the stories of several articles, the one that grew last first."""
    from news.story import story_json

    with session.opened(session.configure()) as store:
        found = _newest(store, limit)
    if as_json:
        for story, tellings in found:
            output.line(output.json_line(story_json(story, tellings)))
        return
    table = output.table("story!", "articles#", "published!", "title, sites in their order")
    for story, tellings in found:
        first = tellings[0].stored.article
        sites = ", ".join(dict.fromkeys(telling.stored.article.site for telling in tellings))
        title = f"{output.plain(first.title)}\n{sites}"
        table.add_row(story.id, str(len(tellings)), output.stated(first), title)
    output.show(table)


@app.command()
def show(
    story: Annotated[
        str, typer.Argument(metavar="STORY_OR_ARTICLE", help="A story's id, or an article's id or address.")
    ],
    diff: Annotated[bool, typer.Option("--diff", help="Print the paragraphs that differ from the first's.")] = False,
    as_json: Json = False,
) -> None:
    """Show a story: who published first, how much later the others, and what each changed."""
    from news.story import story_json

    config = session.configure()
    with session.opened(config) as store:
        found, tellings = lookup.story(store, story, config)
    if as_json:
        output.line(output.json_line(story_json(found, tellings)))
        return
    _print(found, tellings)
    if diff:
        _print_differences(tellings)


@app.command()
def merge(
    story: StoryName,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The story that stays, by the same names.")],
    by: By,
) -> None:
    """Make two stories one. The machine never undoes it."""
    config = session.configure()
    with session.opened(config) as store:
        (gone, tellings), (kept, _) = (lookup.story(store, named, config) for named in (story, into))
        done = store.journal.merge(gone.id, kept.id, datetime.now(UTC), by=by)
    moved = len(tellings) if done else 0
    output.line(f"{kept.id} has {moved} article{'s' if moved != 1 else ''} more; there is no story {gone.id} any more.")


@app.command()
def split(article: ArticleName, by: By) -> None:
    """Take an article out of its story. The machine never puts it back."""
    config = session.configure()
    with session.opened(config) as store:
        stored = lookup.article(store, article, config)
        done = store.journal.split(stored.id, datetime.now(UTC), by=by)
    if done is None:
        output.line(f"{stored.id} stands alone already, in the story {stored.story}.")
    else:
        left, own = done.stories
        output.line(f"{stored.id} tells the story {own} now, and is kept apart from {left}.")


@app.command()
def main(article: ArticleName, by: By) -> None:
    """Choose the article that stands for its story."""
    config = session.configure()
    with session.opened(config) as store:
        stored = lookup.article(store, article, config)
        if len(lookup.story(store, stored.story, config)[1]) < 2:
            raise BantinError(
                f"{stored.id} is alone in its story.", "`bantin stories list` shows the stories of several articles."
            )
        store.journal.choose_main(stored.id, datetime.now(UTC), by=by)
    output.line(f"{stored.id} stands for the story {stored.story}.")


def _newest(store: Store, limit: int) -> list[tuple[Story, tuple[Telling, ...]]]:
    from news.story import told

    stories = store.stories.find(limit)
    articles = {stored.id: stored for stored in store.articles.some([id for s in stories for id in s.members])}
    members = [(story, [articles[id] for id in story.members if id in articles]) for story in stories]
    return [(story, told(found)) for story, found in members if found]


def _print(story: Story, tellings: tuple[Telling, ...]) -> None:
    from cli import paragraphs

    table = output.table("after the first!", "site!", "published!", "paragraphs!", "title, article", title=story.id)
    for telling in tellings:
        stored = telling.stored
        first = telling is tellings[0]
        after = "first" if first else delay(telling, tellings[0])
        counts = "" if first else paragraphs.counted(telling.changes)
        title = f"{output.plain(stored.article.title)}\n{_named(stored)}"
        table.add_row(after, stored.article.site, output.stated(stored.article), counts, title)
    output.show(table)
    chosen = "chosen by an editor" if story.main else "the first publisher's"
    output.line(f"main article  {story.main or tellings[0].stored.id}, {chosen}")
    if story.decided_by:
        output.line(f"decided by    {story.decided_by}")
    if story.apart:
        output.line(f"kept apart    from {', '.join(sorted(story.apart))}")


def _named(stored: StoredArticle) -> str:
    """The id, and where the article stands with its readers unless it is before them."""
    from news.article import Status

    return stored.id if stored.status is Status.PUBLISHED else f"{stored.id} ({stored.status})"


def _print_differences(tellings: tuple[Telling, ...]) -> None:
    from cli import paragraphs

    console = output.console()
    first = tellings[0].stored
    for telling in tellings[1:]:
        stored = telling.stored
        console.print(
            f"\n{stored.article.site}, {stored.id}, beside {first.article.site}, {first.id}:",
            style="bold",
            markup=False,
        )
        paragraphs.show(console, telling.changes)


def delay(telling: Telling, first: Telling) -> str:
    """How much later than the first publisher, in words; whole days where one of the two pages states only a day."""
    from news.article import VIETNAM, Precision

    if telling.delay is None:
        return "-"
    moments = [told.stored.article.published for told in (first, telling)]
    if any(told.stored.article.published_precision is Precision.DAY for told in (first, telling)):
        days = [moment.astimezone(VIETNAM).date() for moment in moments if moment]
        return f"+{abs((days[1] - days[0]).days)} d" if days[1] != days[0] else "the same day"
    minutes = round(telling.delay.total_seconds() / 60)
    if minutes >= 24 * 60:
        return f"+{minutes // 1440} d {minutes // 60 % 24:02} h"
    return f"+{minutes // 60} h {minutes % 60:02} min"
