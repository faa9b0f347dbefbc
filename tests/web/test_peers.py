"""A request is its client's own, whatever a client writes about itself."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from web.peers import client_of

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1"), ip_network("::1"), ip_network("2001:db8:ffff::/48"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # nobody asked it
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.7, 198.51.100.1"], "198.51.100.1"),  # the first was written by the client
        ("10.0.0.1", ["192.0.2.7", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("::1", ["[2001:db8:1:2:3::4]:443"], "2001:db8:1:2::/64"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, <script>"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),  # an IPv4 proxy on a socket of IPv6
        ("2001:db8:5:6:7:8:9:a", [], "2001:db8:5:6::/64"),
        ("", ["198.51.100.1"], ""),  # a unix socket
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_has(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, TRUSTED) == client


def test_a_household_is_one_client_and_its_neighbour_another() -> None:
    assert client_of("2001:db8::1", [], ()) == client_of("2001:db8::ffff:2", [], ())
    assert client_of("2001:db8:0:1::1", [], ()) != client_of("2001:db8:0:2::1", [], ())


def test_a_row_of_proxies_without_end_is_not_read_to_its_end() -> None:
    assert client_of("10.0.0.1", ["198.51.100.1," + "10.0.0.2," * 100_000 + "10.0.0.2"], TRUSTED) == "10.0.0.2"
