"""A crawl connects to the very address that was judged, and to public ones only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import DNSLookupError
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock

from crawler.guard import GuardedResolver
from news.addresses import SHUT, Doors
from news.errors import Reason
from news.report import RunReport, RunState

Go = Callable[..., RunReport]


class _Names:
    """A resolver that gives each answer of its list once: what a rebinding name server does."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *rest: Any, **named: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.answers.pop(0):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()


def connected(guard: GuardedResolver, host: str, times: int = 1) -> tuple[list[str], list[type[BaseException]]]:
    """The addresses that a client which asks this resolver connects to, and what its connections failed with."""
    reactor = MemoryReactorClock()
    reactor.installNameResolver(guard)
    failed: list[type[BaseException]] = []
    for _ in range(times):
        HostnameEndpoint(reactor, host, 80).connect(Factory()).addErrback(lambda why: failed.append(why.type))
    reactor.advance(1)
    return [client[0] for client in reactor.tcpClients], failed


def test_what_was_judged_is_what_is_connected_to() -> None:
    assert connected(GuardedResolver(_Names(["8.8.8.8"]), SHUT), "tin.vn") == (["8.8.8.8"], [])


def test_a_name_that_changes_to_a_private_address_is_asked_anew_and_refused() -> None:
    guard = GuardedResolver(_Names(["8.8.8.8"], ["127.0.0.1"], ["169.254.169.254"]), SHUT)
    assert connected(guard, "doi.vn", times=3) == (["8.8.8.8"], [DNSLookupError, DNSLookupError])
    assert guard.refused["doi.vn", 80].address == "169.254.169.254"


@pytest.mark.parametrize("answers", [["10.0.0.1", "8.8.8.8"], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "8.8.4.4", "::1"]])
def test_a_name_with_public_and_private_addresses_is_refused_as_a_whole(answers: list[str]) -> None:
    assert connected(GuardedResolver(_Names(answers), SHUT), "hai-mat.vn") == ([], [DNSLookupError])


def test_what_the_site_file_names_is_reached_in_a_private_network() -> None:
    doors = Doors.to("http://noi-bo.gov.vn/")
    assert connected(GuardedResolver(_Names(["10.0.0.1"]), doors), "noi-bo.gov.vn") == (["10.0.0.1"], [])
    assert connected(GuardedResolver(_Names(["10.0.0.1"]), doors), "khac.gov.vn") == ([], [DNSLookupError])


def test_both_schemes_say_why_they_refuse(host: Any, go: Go, trap: Any) -> None:
    feeds = [{"kind": "feed", "url": f"{scheme}://2130706433:{trap.port}/rss"} for scheme in ("http", "https")]
    report = go(host.site(allow_private_network=False, source=feeds))
    assert report.reasons == {Reason.PRIVATE_ADDRESS: 2}
    assert report.state is RunState.FAILED
    assert trap.hits == []


def test_the_same_addresses_are_reached_where_the_site_file_names_them(host: Any, go: Go) -> None:
    host.page("/rss", "<rss><channel></channel></rss>")
    names = ["127.0.0.1", "localhost", "2130706433"]
    feeds = [{"kind": "feed", "url": f"http://{name}:{host.port}/rss?{n}"} for n, name in enumerate(names)]
    for n in range(len(names)):
        host.page(f"/rss?{n}", "<rss><channel></channel></rss>")
    report = go(host.site(source=feeds))
    assert report.reasons == {}
    assert sum(host.asked.values()) == 6
