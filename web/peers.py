"""Who asks, by address: the client's own where a trusted proxy tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Networks = Sequence[IPv4Network | IPv6Network]
Address = IPv4Address | IPv6Address

# Proxies stand in rows of two or three; what a client wrote before them is not read without end.
_HOPS = 20


def client_of(peer: str, forwarded: Iterable[str], trusted: Networks) -> str:
    """The client that a connection from `peer` stands for: the last address of X-Forwarded-For (`forwarded`, its lines
    in order) that is not a trusted proxy's. What stands before that one, the client could have written itself.

    Addresses that one household has to itself are one: those of a /64 of IPv6.
    """
    own = _address(peer, forwarded, trusted)
    return _group(own) if own else peer


def is_of(networks: Networks, peer: str, forwarded: Iterable[str], trusted: Networks) -> bool:
    """Whether that client is of one of these networks."""
    own = _address(peer, forwarded, trusted)
    return own is not None and _among(own, networks)


def _address(peer: str, forwarded: Iterable[str], trusted: Networks) -> Address | None:
    own = _parse(peer)
    if own is None or not _among(own, trusted):
        return own
    hops = [hop for line in forwarded for hop in line.split(",")]
    for hop in hops[: -_HOPS - 1 : -1]:
        told = _parse(_bare(hop))
        if told is None:
            break
        own = told
        if not _among(own, trusted):
            break
    return own


def _among(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


@lru_cache(4096)
def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _group(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Address(int(address) >> 64 << 64)) + "/64"


def _bare(hop: str) -> str:
    """Some proxies write the port too: 192.0.2.1:80, [2001:db8::1]:80."""
    hop = hop.strip()
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
