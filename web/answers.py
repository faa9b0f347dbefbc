"""Answers that are made once and given many times: kept until something happens, and not sent to who has them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

_MOST = 32 * 1024 * 1024  # bytes of bodies that are kept


class Answer(NamedTuple):
    """A body and its validators. `etag` is of the body and nothing else, so that the same news has the same one on
    every server and after every start; `changed` is when what it tells happened, UTC, and `dated` whether nothing else
    happened in that second, so that the date alone tells this answer from those before. `headers` are said besides;
    `kept`: whether it is right until something happens."""

    body: bytes
    media_type: str
    etag: str
    changed: datetime | None
    dated: bool
    headers: tuple[tuple[str, str], ...] = ()
    kept: bool = True

    @classmethod
    def of(
        cls,
        body: bytes,
        media_type: str,
        changed: datetime | None = None,
        *,
        dated: bool = False,
        headers: tuple[tuple[str, str], ...] = (),
        kept: bool = True,
    ) -> Answer:
        return cls(body, media_type, etag_of(body), changed, dated, headers, kept)


class Answers:
    """Keeps the answers that were asked for last. Safe to use from several threads; of several that ask for the same
    thing at once, one makes it."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Hashable, Answer]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, asked: Hashable, state: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer to what is `asked` as things stand (`state`); what was made in another state, or was not to be
        kept, is made anew."""
        found = self._find(asked, state)
        if found is not None:
            return found
        with self._lock:
            making = self._making.setdefault(asked, threading.Lock())
        with making:
            found = self._find(asked, state)
            if found is None:
                try:
                    found = make()
                    if found.kept:
                        self._keep(asked, state, found)
                finally:
                    with self._lock:
                        self._making.pop(asked, None)
        return found

    def _find(self, asked: Hashable, state: Hashable) -> Answer | None:
        with self._lock:
            kept = self._kept.get(asked)
            if kept is None or kept[0] != state:
                return None
            self._kept.move_to_end(asked)
            return kept[1]

    def _keep(self, asked: Hashable, state: Hashable, answer: Answer) -> None:
        with self._lock:
            before = self._kept.pop(asked, None)
            self._size += len(answer.body) - (len(before[1].body) if before else 0)
            self._kept[asked] = (state, answer)
            while self._size > self._most and self._kept:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._size -= len(oldest.body)


def etag_of(body: bytes) -> str:
    """The strong validator of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def has(known: str, etag: str) -> bool:
    """Whether an If-None-Match names the ETag, packed or not."""
    return etag in (tag.strip().removeprefix("W/") for tag in known.split(","))


def respond(request: Request, answer: Answer, caching: str, headers: dict[str, str] | None = None) -> Response:
    """The answer, or 304 where the client has it (RFC 9110, 13.2.2: an ETag decides before a date does)."""
    sent = {"ETag": answer.etag, "Cache-Control": caching, **dict(answer.headers), **(headers or {})}
    if answer.changed is not None:
        sent["Last-Modified"] = format_datetime(answer.changed.astimezone(UTC).replace(microsecond=0), usegmt=True)
    known = request.headers.get("if-none-match")
    if known is not None:
        fresh = known.strip() == "*" or has(known, answer.etag)
    else:
        # The very date we gave: after a retraction the newest change can lie before it, and that is news too.
        fresh = answer.dated and request.headers.get("if-modified-since") == sent.get("Last-Modified")
    if fresh:
        return Response(status_code=304, headers=sent)
    return Response(answer.body, headers=sent, media_type=answer.media_type)
