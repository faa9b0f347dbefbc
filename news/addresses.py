"""Which addresses a fetch may go to: the one list, and the one judgement, of every request that Bantin makes.

A feed, a redirect or a robots.txt is written by others and must not reach into our own network. What is judged is what
a name led to, just before that very address is connected to, so that neither odd notations (http://2130706433/) nor a
name that changes between check and use can get around it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from news.errors import BantinError
from news.site import Site

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Range(NamedTuple):
    """Addresses that no news site has, and what they are for."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    what: str


def _ranges(*rows: tuple[str, str]) -> tuple[Range, ...]:
    return tuple(Range(ipaddress.ip_network(network), what) for network, what in rows)


# IANA's special-purpose registries (RFC 6890 and what updates it), with multicast and what clouds answer their own
# machines on: https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry.
# Not `ipaddress.is_global`: what it holds to be global has changed in patch releases of Python, and it knows no clouds.
# First what says most: the first range that holds an address names it.
RANGES = _ranges(
    ("169.254.169.254/32", "the metadata of AWS, Google, Azure and others"),
    ("169.254.170.2/32", "the credentials of AWS containers"),
    ("100.100.100.200/32", "the metadata of Alibaba Cloud"),
    ("168.63.129.16/32", "the host of an Azure machine"),  # a public number, and the reason why numbers do not suffice
    ("192.0.0.192/32", "the metadata of Oracle Cloud"),
    ("fd00:ec2::254/128", "the metadata of AWS"),
    ("fd20:ce::254/128", "the metadata of Google Cloud"),
    ("0.0.0.0/8", "this machine"),  # RFC 791; Linux connects 0.0.0.0 to itself
    ("10.0.0.0/8", "a private network"),  # RFC 1918
    ("100.64.0.0/10", "the inside of a provider's network"),  # RFC 6598
    ("127.0.0.0/8", "this machine"),  # RFC 1122
    ("169.254.0.0/16", "link-local"),  # RFC 3927
    ("172.16.0.0/12", "a private network"),  # RFC 1918
    ("192.0.0.0/24", "for IETF protocols"),  # RFC 6890
    ("192.0.2.0/24", "for documentation"),  # RFC 5737
    ("192.31.196.0/24", "for AS112"),  # RFC 7535
    ("192.52.193.0/24", "for multicast tunnels"),  # RFC 7450
    ("192.88.99.0/24", "for 6to4 relays"),  # RFC 7526
    ("192.168.0.0/16", "a private network"),  # RFC 1918
    ("192.175.48.0/24", "for AS112"),  # RFC 7534
    ("198.18.0.0/15", "for benchmarks"),  # RFC 2544
    ("198.51.100.0/24", "for documentation"),  # RFC 5737
    ("203.0.113.0/24", "for documentation"),  # RFC 5737
    ("224.0.0.0/4", "multicast"),  # RFC 5771
    ("240.0.0.0/4", "reserved, or broadcast"),  # RFC 1112, RFC 919
    ("::1/128", "this machine"),  # RFC 4291
    ("::/128", "this machine"),  # RFC 4291; Linux connects it to itself
    ("fc00::/7", "a private network"),  # RFC 4193
    ("fe80::/10", "link-local"),  # RFC 4291
    ("ff00::/8", "multicast"),  # RFC 4291
    ("2001::/23", "for IETF protocols"),  # RFC 2928: Teredo, ORCHID, benchmarks; a tunnel hides where it ends
    ("2001:db8::/32", "for documentation"),  # RFC 3849
    ("2002::/16", "6to4"),  # RFC 7526 has ended it; it leads to the IPv4 address inside
    ("2620:4f:8000::/48", "for AS112"),  # RFC 7534
    ("3fff::/20", "for documentation"),  # RFC 9637
)
# All that is given out in IPv6 lies here (RFC 3513); the rest is special, translated, or nobody's.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
# How a network without IPv4 writes the IPv4 addresses of others (RFC 6052): as good as the address inside.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Names that never leave the network they are asked in: RFC 6761, RFC 6762, RFC 8375, and ICANN's resolution of 2024,
# which covers metadata.google.internal.
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")
_PORTS = {"http": 80, "https": 443}


class PrivateAddress(BantinError):
    """A host leads to an address that is not of the public internet."""

    def __init__(self, host: str, address: str, what: str) -> None:
        self.host, self.address, self.what = host, address, what
        leads = f"is {what}" if address in ("", host) else f"leads to {address}, {what}"
        super().__init__(
            f"{host} {leads}: not an address of the public internet.",
            "If it is a server of your own: allow_private_network = true in its site file, or --allow-private.",
        )

    def __reduce__(self) -> tuple[type[BantinError], tuple[str, ...]]:  # type: ignore[override]
        return type(self), (self.host, self.address, self.what)


@dataclass(frozen=True, slots=True)
class Doors:
    """Hosts (in small letters, without "www.") and ports that may be anywhere, because somebody of ours named them."""

    places: frozenset[tuple[str, int]] = frozenset()

    def open(self, host: str, port: int) -> bool:
        return (_plain(host), port) in self.places

    @classmethod
    def to(cls, *urls: str) -> Doors:
        """To the hosts and ports of these addresses, and nowhere else."""
        return cls(frozenset(place for url in urls for place in _places(url)))

    @classmethod
    def of(cls, site: Site) -> Doors:
        """What a site's own file opens: nothing without allow_private_network, else the hosts that it names. A host
        without a port is opened at the ports of http and https."""
        if not site.allow_private_network:
            return cls()
        named = [f"//{host}" for host in site.hosts]
        return cls.to(*named, site.home, *(source.url for source in site.sources))


SHUT = Doors()


def check(host: str, port: int, addresses: Iterable[str], doors: Doors = SHUT) -> None:
    """Raises PrivateAddress unless the host may be connected to at all of `addresses`, which its name led to.

    One that is private among public ones refuses the host: which of them is taken is chance.
    """
    if doors.open(host, port):
        return
    name = _plain(host)
    if any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES):
        raise PrivateAddress(host, "", "a name of the local network")
    for address in addresses:
        what = objection(address)
        if what:
            raise PrivateAddress(host, address, what)


def objection(address: str) -> str:
    """What an address in standard notation is where it is not public; "" where it is."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "no address"
    ip = _inner(ip)
    for row in RANGES:
        if ip in row.network:
            return row.what
    return "" if ip.version == 4 or ip in _GIVEN_OUT else "reserved"


def is_literal(host: str) -> bool:
    """Whether the host is an address in standard notation and no name."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _inner(ip: _Address) -> _Address:
    """The IPv4 address that is meant by an IPv6 address which only wraps it."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _plain(host: str) -> str:
    return host.lower().strip("[]").rstrip(".").removeprefix("www.")


def _places(url: str) -> list[tuple[str, int]]:
    parts = urlsplit(url)
    ports = [parts.port] if parts.port else [_PORTS[parts.scheme]] if parts.scheme else list(_PORTS.values())
    return [(_plain(parts.hostname or ""), port) for port in ports]
