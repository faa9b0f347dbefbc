"""A polite visitor of one site, for verbs that look around: one request at a time, robots.txt obeyed, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cli.fetch import Fetched, Fetcher
from news.errors import BantinError
from news.extract.decode import decode
from news.urls import canonical


@dataclass
class Visitor:
    """`delay` seconds lie between two requests; `told` hears what is asked for. What robots.txt forbids is counted."""

    fetcher: Fetcher
    delay: float
    told: Callable[[str], None] = lambda _: None
    requests: int = 0
    refused: int = 0
    _answers: dict[str, Fetched | None] = field(default_factory=dict)
    _rules: dict[str, tuple[str, Callable[[str], bool]]] = field(default_factory=dict)

    def page(self, url: str) -> Fetched | None:
        """The answer of status 200; None where there is none, or none that may be had."""
        if url not in self._answers:
            self._answers[url] = self._ask(url)
        return self._answers[url]

    def robots(self, url: str) -> tuple[str, Callable[[str], bool]]:
        """The text of robots.txt of the URL's host, and whether it lets us fetch an address. Raises BantinError where
        the host does not answer."""
        origin = canonical("/", url)
        if origin not in self._rules:
            self._wait()
            answer, allowed = self.fetcher.robots(url)
            self._rules[origin] = (decode(answer.body).text if answer.status < 300 else "", allowed)
        return self._rules[origin]

    def _ask(self, url: str) -> Fetched | None:
        try:
            if not self.robots(url)[1](url):
                self.refused += 1
                return None
            self._wait()
            self.told(url)
            answer = self.fetcher.get(url)
        except BantinError:
            return None
        return answer if answer.status == 200 else None

    def _wait(self) -> None:
        if self.requests:
            time.sleep(self.delay)
        self.requests += 1
