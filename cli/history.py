"""What an article said before, and what each change made of it."""

from __future__ import annotations

from collections.abc import Sequence

from cli import output, paragraphs
from news.article import StoredArticle
from news.event import CRAWL
from news.version import Correction, Version, corrections

# What `text_of` holds; other fields are told by name.
_TEXT = ("lead", "body")


def show(stored: StoredArticle, earlier: Sequence[Version], *, as_json: bool) -> None:
    """Prints the earlier versions of `stored`, oldest first, each with what the next one changed."""
    if not earlier and not as_json:
        output.line(f"{stored.id} has no earlier version: it reads as it was stored {output.when(stored.first_seen)}.")
    for correction in corrections(stored, earlier):
        if as_json:
            output.line(output.json_line(correction.to_json()))
        else:
            _print(correction)


def _print(correction: Correction) -> None:
    console = output.console()
    version = correction.before
    by = "a crawl" if version.by == CRAWL else version.by
    changed = ", ".join(version.changed) or "its text"
    head = f"version {version.stored.version}, until {output.when(version.ended)}: {by} changed {changed}"
    console.print(head, style="bold", markup=False, soft_wrap=True)
    before, now = version.stored.article.to_json(), correction.after.article.to_json()
    for name in version.changed:
        if name not in _TEXT and name in now:
            console.print(f"- {name}: {before[name]}", style="red", markup=False, soft_wrap=True)
            console.print(f"+ {name}: {now[name]}", style="green", markup=False, soft_wrap=True)
    paragraphs.show(console, correction.paragraphs)
