"""What an article said before, and what each change made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli import output, paragraphs
from news.article import StoredArticle
from news.diff import ParagraphChange, diff
from news.event import CRAWL
from news.story import text_of
from storage.versions import Version

# What `text_of` holds; other fields are told by name.
_TEXT = ("lead", "body")


def show(stored: StoredArticle, earlier: Sequence[Version], *, as_json: bool) -> None:
    """Prints the earlier versions of `stored`, oldest first, each with what the next one changed."""
    if not earlier and not as_json:
        output.line(f"{stored.id} has no earlier version: it reads as it was stored {output.when(stored.first_seen)}.")
    later = (*(version.stored for version in earlier[1:]), stored) if earlier else ()
    for version, after in zip(earlier, later, strict=True):
        if as_json:
            output.line(output.json_line(_json(version, after)))
        else:
            _print(version, after)


def _json(version: Version, after: StoredArticle) -> dict[str, Any]:
    return {
        "version": version.stored.version,
        "fetched": version.stored.fetched.isoformat(),
        "ended": version.ended.isoformat(),
        "by": version.by,
        "changed": list(version.changed),
        "changes": [
            {"kind": str(change.kind), "before": change.before, "after": change.after}
            for change in _paragraphs(version, after)
        ],
        "article": version.stored.article.to_json(),
    }


def _print(version: Version, after: StoredArticle) -> None:
    console = output.console()
    by = "a crawl" if version.by == CRAWL else version.by
    changed = ", ".join(version.changed) or "its text"
    head = f"version {version.stored.version}, until {output.when(version.ended)}: {by} changed {changed}"
    console.print(head, style="bold", markup=False, soft_wrap=True)
    before, now = version.stored.article.to_json(), after.article.to_json()
    for name in version.changed:
        if name not in _TEXT and name in now:
            console.print(f"- {name}: {before[name]}", style="red", markup=False, soft_wrap=True)
            console.print(f"+ {name}: {now[name]}", style="green", markup=False, soft_wrap=True)
    paragraphs.show(console, _paragraphs(version, after))


def _paragraphs(version: Version, after: StoredArticle) -> tuple[ParagraphChange, ...]:
    return diff(text_of(version.stored), text_of(after))
