"""A site file that is wrong says so with file, line, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from news.errors import BantinError
from spiders.catalog import load_catalog, load_site

GOOD = """id = "lamha"
name = "Tỉnh Lam Hà"
kind = "province"
hosts = ["lamha.gov.vn", "www.lamha.gov.vn"]
home = "https://lamha.gov.vn/"

[politeness]
delay = 2.0

[[source]]
kind = "listing"
url = "https://lamha.gov.vn/tin"
paging = "https://lamha.gov.vn/tin?p={n}"

[[source]]
kind = "feed"
url = "https://lamha.gov.vn/rss"

[urls]
ignore = ["rand"]
keep = ["ref_src"]
case_blind = true
"""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBlzCCAT2gAwIBAgIUUuFFmNgLe45iCEurHG9I/mxkLGkwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVQmFudGluIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNDA2MzYw
NVoYDzIxMjYxMDMxMDYzNjA1WjAgMR4wHAYDVQQDDBVCYW50aW4gdGVzdCBhdXRo
b3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATRfdxURa0v9a0CjkMhYYd/
jeWOuPPBcX2CpXqws2R+r58jb1ApeqXCXCd8stoIkPaEGjJi49yv0ONjugLgtIJA
o1MwUTAdBgNVHQ4EFgQUj2x5nAjblB37yo6pEfok/sM26S4wHwYDVR0jBBgwFoAU
j2x5nAjblB37yo6pEfok/sM26S4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
AgNIADBFAiAHS7tCOrh3y4HyZ7fR6Rq00vC6Ce9MsA5Ynz4rx2XzWAIhAKMyeis9
mwF7gLXE6mnF2kWMU9L7+MShCf6wEYrgl/rp
-----END CERTIFICATE-----
"""
SHIPPED = Path(__file__).resolve().parents[2] / "spiders" / "sites"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_a_site(tmp_path: Path) -> None:
    write(tmp_path, "lamha", GOOD)
    site = load_catalog(tmp_path).get("lamha")
    assert [source.kind for source in site.sources] == ["listing", "feed"]
    assert site.politeness.delay == 2.0
    assert (site.urls.ignore, site.urls.keep, site.urls.case_blind) == (("rand",), ("ref_src",), True)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('kind = "province"', 'kind = "tỉnh"', 3, ["'tỉnh'", "province"]),
        ('kind = "feed"', 'kind = "fed"', 16, ["'fed'", "sitemap"]),
        ("delay = 2.0", "delays = 2.0", 8, ["'delays'", "delay"]),
        ("delay = 2.0", 'delay = "2"', 8, ["delay", "number"]),
        ("delay = 2.0", "delay = -1", 8, ["delay", "0 or more"]),
        ("?p={n}", "?p=1", 13, ["{n}"]),
        ('url = "https://lamha.gov.vn/rss"', 'url = "/rss"', 17, ["'/rss'", "http"]),
        ('hosts = ["lamha.gov.vn", "www.lamha.gov.vn"]', "hosts = []", 4, ["hosts"]),
        ("hosts = [", 'hosts = ["https://lamha.gov.vn", ', 4, ["https://lamha.gov.vn", "without scheme"]),
        ('name = "Tỉnh Lam Hà"', 'name = "Tỉnh Lam Hà', 2, ["TOML", "column"]),
        ('name = "Tỉnh Lam Hà"\n', "", None, ["name"]),
        ("[politeness]", "[politeness", 7, ["TOML"]),
        ("ignore = ", "ignored = ", 20, ["'ignored'", "ignore, keep"]),
        ('["rand"]', '"rand"', 20, ["ignore", "list"]),
        ('["rand"]', '["rand=1"]', 20, ["'rand=1'", "before the = sign"]),
        ('["rand"]', "[7]", 20, ["7", "before the = sign"]),
        ('["rand"]', '["Ref_Src"]', 20, ["'ref_src'", "one of the two"]),
        ("case_blind = true", "case_blind = 1", 22, ["case_blind", "true or false"]),
        ("case_blind = true", 'learned = ["x"]', 22, ["learned", "ignore"]),
        ('kind = "province"', 'kind = "province"\nevery_minutes = 30', 4, ["'every_minutes'", "schedule"]),
        ("[politeness]", "[schedule]\nevery_minutes = 0\n[politeness]", 8, ["every_minutes", "1 or more"]),
        ("[politeness]", '[schedule]\nmode = "daily"\n[politeness]', 8, ["'daily'", "adaptive"]),
        ("[politeness]", '[schedule]\nmode = "cron"\ncron = "0 25 * * *"\n[politeness]', 9, ["'25'", "Sunday"]),
        ("[politeness]", '[schedule]\nwindows = ["Mo 06:00"]\n[politeness]', 8, ["Mo 06:00", "Mon-Fri"]),
        ("[politeness]", '[schedule]\ntimezone = "Hanoi"\n[politeness]', 8, ["Hanoi", "tz database"]),
        ("[politeness]", '[tls]\nmode = "of"\n[politeness]', 8, ["'of'", "legacy"]),
        ("[politeness]", '[tls]\nmode = "pinned"\nca = "none.pem"\n[politeness]', 9, ["none.pem", "PEM"]),
        ("[politeness]", '[tls]\nca = "none.pem"\n[politeness]', 8, ["none.pem", "pinned"]),
        ("[politeness]", "[expect]\nper_day = -2\n[politeness]", 8, ["per_day", "0"]),
        ("[politeness]", "[expect]\nper_week = 2\n[politeness]", 8, ["'per_week'", "per_day"]),
        ('kind = "province"', 'kind = "province"\npublish = "yes"', 4, ["'yes'", "review"]),
        ('kind = "province"', 'kind = "province"\nschedule = "daily"', 4, ["'daily'", "[schedule]"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_a_remedy(
    tmp_path: Path, old: str, new: str, line: int | None, words: list[str]
) -> None:
    assert old in GOOD
    path = write(tmp_path, "lamha", GOOD.replace(old, new, 1))
    with pytest.raises(BantinError) as caught:
        load_catalog(tmp_path)
    place = f"{path}:{line}:" if line else f"{path}:"
    assert str(caught.value).startswith(place), str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert caught.value.remedy


def test_two_sites_cannot_have_one_host(tmp_path: Path) -> None:
    write(tmp_path, "lamha", GOOD)
    second = write(tmp_path, "other", GOOD.replace('"lamha"', '"other"').replace('"lamha.gov.vn", ', ""))
    with pytest.raises(BantinError, match=r"lamha\.gov\.vn belongs to the site 'lamha'") as caught:
        load_catalog(tmp_path)
    assert str(second) in caught.value.problem


def test_the_id_is_the_name_of_the_file_so_none_is_there_twice(tmp_path: Path) -> None:
    write(tmp_path, "copy", GOOD)
    with pytest.raises(BantinError, match="copy"):
        load_catalog(tmp_path)


def test_a_file_in_another_encoding_or_no_file_is_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "lamha.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(BantinError, match="UTF-8"):
        load_site(path)
    with pytest.raises(BantinError, match=r"none\.toml cannot be read"):
        load_site(tmp_path / "none.toml")
    with pytest.raises(BantinError, match="no folder"):
        load_catalog(tmp_path / "none")


def test_a_mistyped_id_is_answered_with_near_ones(tmp_path: Path) -> None:
    write(tmp_path, "lamha", GOOD)
    with pytest.raises(BantinError, match="Did you mean lamha"):
        load_catalog(tmp_path).get("lamah")
    with pytest.raises(BantinError, match="bantin sites list"):
        load_catalog(tmp_path).get("zzzzzz")


def test_a_url_belongs_to_the_site_of_its_host(tmp_path: Path) -> None:
    write(tmp_path, "lamha", GOOD)
    catalog = load_catalog(tmp_path)
    site = catalog.for_url("http://www.lamha.gov.vn/a?b=1")
    assert site is not None
    assert site.id == "lamha"
    assert catalog.for_url("https://sub.lamha.gov.vn/") is None


def test_the_shipped_files_are_right_and_claim_nothing_unchecked() -> None:
    catalog = load_catalog(SHIPPED)
    real = [site for site in catalog.sites.values() if not site.id.startswith("demo-")]
    assert len(real) >= 63
    for site in real:
        assert not site.verified
        assert not site.allow_private_network
        assert site.politeness.delay >= 1
        assert site.sources
        assert all(site.owns(source.url) for source in site.sources)
        assert site.owns(site.home)
        assert site.tls.mode == "strict"
        assert site.name_en.isascii()


def test_a_pinned_authority_is_a_file_of_certificates_beside_the_site_file(tmp_path: Path) -> None:
    path = write(tmp_path, "lamha", GOOD.replace("[politeness]", '[tls]\nmode = "pinned"\nca = "ca.pem"\n[politeness]'))
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    with pytest.raises(BantinError, match=r"ca\.pem' holds no certificates"):
        load_site(path)
    (tmp_path / "ca.pem").write_text(CERTIFICATE, encoding="utf-8")
    assert load_site(path).tls.ca == "ca.pem"
