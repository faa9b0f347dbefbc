"""One judgement over addresses, for every request that is made."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest

from news.addresses import RANGES, SHUT, Doors, PrivateAddress, check, objection
from news.site import Site


def site(**changes: object) -> Site:
    table = {
        "id": "a", "name": "Tỉnh A", "kind": "province", "hosts": ["a.gov.vn"], "home": "https://a.gov.vn/",
        "source": [{"kind": "feed", "url": "http://rss.a.gov.vn:8080/tin"}], "allow_private_network": True,
    }  # fmt: skip
    return Site.parse({**table, **changes})


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "123.30.48.1", "2404:6800:4005:80b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.15.255.255",
     "172.32.0.0", "100.128.0.0", "169.253.255.255", "192.0.1.0", "223.255.255.255"],
)  # fmt: skip
def test_a_public_address_may_be_asked(address: str) -> None:
    assert objection(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.8", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1",
        "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "::127.0.0.1", "2002:7f00:1::",
        "2002:808:808::", "2001:0:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1",
        "5f00::1", "4000::1", "fec0::1", "not an address", "",
    ],
)  # fmt: skip
def test_private_reserved_and_metadata_addresses_may_not(address: str) -> None:
    assert objection(address)


def test_a_range_that_says_more_stands_before_the_one_around_it() -> None:
    for n, row in enumerate(RANGES):
        for earlier in RANGES[:n]:
            assert not (
                earlier.network.version == row.network.version and row.network.subnet_of(earlier.network)  # type: ignore[arg-type]
            ), f"{row.network} is never named"


def test_a_name_with_one_private_address_among_public_ones_is_refused_in_any_order() -> None:
    answers = ["8.8.8.8", "10.0.0.1", "2404:6800:4005:80b::200e"]
    check("a.vn", 80, ["8.8.8.8", "2404:6800:4005:80b::200e"])
    for first, second in pairwise([*answers, answers[0]]):
        if "10.0.0.1" in (first, second):
            with pytest.raises(PrivateAddress, match=r"a\.vn leads to 10\.0\.0\.1, a private network"):
                check("a.vn", 80, [first, second])


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST.", "tin.localhost", "metadata.google.internal", "nas.local", "x.home.arpa"]
)
def test_a_name_of_the_local_network_is_refused_whatever_it_leads_to(name: str) -> None:
    with pytest.raises(PrivateAddress):
        check(name, 80, ["8.8.8.8"])


def test_names_that_only_look_local_are_not() -> None:
    for name in ("localhost.vn", "internal.gov.vn", "mylocal", "xlocalhost"):
        check(name, 80, ["8.8.8.8"])


def test_a_site_file_opens_the_hosts_and_ports_that_it_names_and_no_others() -> None:
    doors = Doors.of(site(hosts=["a.gov.vn", "noi-bo.a.gov.vn:8443"]))
    for host, port in [
        ("a.gov.vn", 80), ("a.gov.vn", 443), ("WWW.a.gov.vn.", 443), ("noi-bo.a.gov.vn", 8443), ("rss.a.gov.vn", 8080)
    ]:  # fmt: skip
        check(host, port, ["10.0.0.1"], doors)
    for host, port in [
        ("a.gov.vn", 27017), ("noi-bo.a.gov.vn", 80), ("rss.a.gov.vn", 80), ("b.gov.vn", 80), ("10.0.0.1", 80),
        ("x.a.gov.vn", 80),
    ]:  # fmt: skip
        with pytest.raises(PrivateAddress):
            check(host, port, ["10.0.0.1"], doors)


def test_a_site_file_without_the_key_opens_nothing() -> None:
    assert Doors.of(site(allow_private_network=False)) == SHUT


def test_a_refusal_crosses_the_border_of_a_process() -> None:
    error = PrivateAddress("a.vn", "10.0.0.1", "a private network")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert "allow_private_network" in error.remedy
