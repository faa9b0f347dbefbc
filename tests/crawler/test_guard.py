"""A crawl reaches public addresses only, however an address is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.address import IPv4Address

from crawler.guard import GuardedResolver, is_public
from news.errors import Reason
from news.report import RunReport, RunState

Go = Callable[..., RunReport]


@pytest.mark.parametrize("address", ["8.8.8.8", "123.30.48.1", "2404:6800:4005:80b::200e", "::ffff:8.8.8.8"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "203.0.113.9",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "2002:7f00:1::", "2002:a9fe:a9fe::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "not an address", "",
    ],
)  # fmt: skip
def test_private_reserved_and_metadata_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


class _Names:
    """A resolver that knows one name."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, *rest: Any, **named: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.addresses:
            receiver.addressResolved(IPv4Address("TCP", address, 80))
        receiver.resolutionComplete()


class _Heard(list[str]):
    """A receiver that writes down the addresses it is given."""

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        assert not self

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.append("complete")


def test_of_a_name_with_public_and_private_addresses_only_the_public_are_handed_on() -> None:
    guard, heard = GuardedResolver(_Names("10.0.0.1", "8.8.8.8", "127.0.0.1")), _Heard()
    guard.resolveHostName(heard, "evil.example", 80)
    assert heard == ["8.8.8.8", "complete"]
    assert guard.refused == {"evil.example": "127.0.0.1"}


NOTATIONS = [
    "127.0.0.1", "localhost", "LOCALHOST", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0177.0.0.1", "017700000001", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]",
    "user@127.0.0.1",
]  # fmt: skip


def test_no_notation_of_loopback_gets_through(host: Any, go: Go) -> None:
    """Each notation is the address of a feed; robots.txt, the first request to each, is guarded too."""
    host.page("/rss", "<rss><channel></channel></rss>")
    feeds = [{"kind": "feed", "url": f"http://{name}:{host.port}/rss?{n}"} for n, name in enumerate(NOTATIONS)]
    report = go(host.site(allow_private_network=False, source=feeds))
    assert host.asked == {}
    assert report.state is RunState.FAILED
    assert report.reasons == {Reason.PRIVATE_ADDRESS: len(NOTATIONS)}, report.error


def test_a_dot_at_the_end_of_a_name_gets_through_no_more(host: Any, go: Go) -> None:
    """Whether such a name resolves at all differs between systems."""
    feeds = [{"kind": "feed", "url": f"http://{name}:{host.port}/rss"} for name in ("localhost.", "127.0.0.1.")]
    report = go(host.site(allow_private_network=False, source=feeds))
    assert host.asked == {}
    assert sum(report.reasons.values()) == 2
    assert set(report.reasons) <= {Reason.PRIVATE_ADDRESS, Reason.DNS}


def test_the_same_addresses_are_reached_where_the_site_file_allows_it(host: Any, go: Go) -> None:
    host.page("/rss", "<rss><channel></channel></rss>")
    names = ["127.0.0.1", "localhost", "2130706433"]
    feeds = [{"kind": "feed", "url": f"http://{name}:{host.port}/rss?{n}"} for n, name in enumerate(names)]
    for n in range(len(names)):
        host.page(f"/rss?{n}", "<rss><channel></channel></rss>")
    report = go(host.site(source=feeds))
    assert report.reasons == {}
    assert sum(host.asked.values()) == 6
