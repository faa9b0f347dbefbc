"""What a rule would change on the newest kept pages of its site, told as it is found."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from news.article import Page
from news.review.effect import Effect
from news.review.preview import carried, effects
from news.review.rules import SiteRule
from news.site import Site
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.teaching import Changes, Sum, changed
from web.desk.worker import TooLong, Worker
from web.pages import render
from web.shelf import Shelf

MOST = 200
"""So many pages are looked at."""
# Pages of the first answers, for somebody waits; then enough that asking costs little beside reading.
_FIRST, _LATER = (2, 4), 8


@dataclass(frozen=True, slots=True)
class Lesson:
    """A rule that may come or go: the site without the change and with it, and the article at which it was pointed,
    which is looked at first."""

    rule: SiteRule
    before: Site
    after: Site
    article: str


class Previews:
    """One preview at a time for each user; who begins another one ends the one before."""

    def __init__(self, shelf: Shelf, worker: Worker) -> None:
        self._shelf = shelf
        self._worker = worker
        self._current: dict[str, object] = {}

    async def of(self, user: str, lesson: Lesson, frame: DeskFrame) -> AsyncIterator[str]:
        """Lines of JSON: `html` of the articles that change, what was found so far in words (`said`) and in numbers;
        the last has `done`. Ends where its reader is gone."""
        mine = self._current[user] = object()
        try:
            async for line in self._told(lesson, frame):
                if self._current.get(user) is not mine:
                    yield _line(stopped=frame.say.stopped)
                    return
                yield line
        finally:
            if self._current.get(user) is mine:
                del self._current[user]

    async def _told(self, lesson: Lesson, frame: DeskFrame) -> AsyncIterator[str]:
        store = self._shelf.store
        site = lesson.before.id
        of = min(MOST, await asyncio.to_thread(store.pages.count, site))
        found = Sum(0, of)
        yield _line(**found._asdict(), said=found.told(frame))
        batches = _batches(self._shelf, lesson)
        while batch := await asyncio.to_thread(next, batches, None):
            seen = await self._effects(lesson, [page for _, page in batch])
            found = _counted(found, seen)
            rows = [(id, effect) for (id, _), effect in zip(batch, seen, strict=True) if effect]
            html = await asyncio.to_thread(self._rows, frame, rows) if rows else ""
            yield _line(html=html, **found._asdict(), said=found.told(frame))
        cases = await asyncio.to_thread(lambda: list(store.cases.each(site)))
        others = [case for case in cases if case.rule != lesson.rule.id]
        touched = await self._worker.do(carried, others, lesson.before, lesson.after) if others else {}
        told = frame.say.carried.format(count=len(touched)) if touched else ""
        said = found.told(frame) if found.changed or found.lost else frame.say.nothing_changes
        yield _line(done=True, **found._asdict(), said=said, carried=told)

    async def _effects(self, lesson: Lesson, pages: Sequence[Page]) -> list[Effect | None]:
        """Of each page, None where it could not be read in time."""
        try:
            return [*await self._worker.do(effects, lesson.rule, pages, lesson.before, lesson.after)]
        except TooLong:
            if len(pages) == 1:
                return [None]
            return [found for page in pages for found in await self._effects(lesson, [page])]

    def _rows(self, frame: DeskFrame, rows: Sequence[tuple[str, Effect]]) -> str:
        told = [(id, effect) for id, effect in rows if not effect.is_nothing]
        titles = {stored.id: stored.article for stored in self._shelf.store.articles.some([id for id, _ in told])}
        shown = (changed(frame, titles[id].title or titles[id].url, id, effect) for id, effect in told if id in titles)
        return render(Changes(frame, tuple(shown)))


def _batches(shelf: Shelf, lesson: Lesson) -> Iterator[list[tuple[str, Page]]]:
    """The pages, the one that was pointed at first."""
    store = shelf.store
    first = store.pages.get(lesson.article) if lesson.article else None
    if first is not None:
        yield [(lesson.article, first)]
    newest = ((kept.article_id, kept.page) for kept in store.pages.newest(lesson.before.id))
    others = islice((pair for pair in newest if pair[0] != lesson.article or first is None), MOST - bool(first))
    sizes = iter(_FIRST)
    while batch := list(islice(others, next(sizes, _LATER))):
        yield batch


def _counted(found: Sum, seen: Sequence[Effect | None]) -> Sum:
    lost = sum(bool(effect and effect.lost) for effect in seen)
    changed_ = sum(bool(effect and not effect.is_nothing and not effect.lost) for effect in seen)
    return Sum(
        found.looked + len(seen), found.of, found.changed + changed_, found.lost + lost,
        found.unread + sum(effect is None for effect in seen),
    )  # fmt: skip


def _line(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"
