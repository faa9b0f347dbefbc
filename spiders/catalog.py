"""The site files of a folder -> one Catalog, in which no two sites claim the same host."""

from __future__ import annotations

import re
import ssl
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from news.errors import BantinError, InvalidValue, did_you_mean
from news.refusals import owner_of
from news.site import Site


@dataclass(frozen=True, slots=True)
class Catalog:
    """All sites by id, in the order of their ids."""

    sites: Mapping[str, Site]

    def get(self, site_id: str) -> Site:
        """The site of that id. Raises BantinError with the ids that come near."""
        site = self.sites.get(site_id)
        if site is None:
            hint = did_you_mean(site_id, self.sites, "`bantin sites list` shows all.")
            raise BantinError(f"There is no site {site_id!r}.", hint)
        return site

    def for_url(self, url: str) -> Site | None:
        """The site to whose hosts the URL belongs."""
        return owner_of(url, self.sites)


def load_catalog(folder: Path) -> Catalog:
    """Every site file of `folder`. Raises BantinError naming the file, the line where it is known, and the remedy."""
    if not folder.is_dir():
        raise BantinError(
            f"There is no folder {folder} for site files.", "Set BANTIN_SITES_DIR to the one that has them."
        )
    sites: dict[str, Site] = {}
    owners: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        site = load_site(path)
        claim_hosts(site, owners, path)
        sites[site.id] = site
    return Catalog(sites)


def claim_hosts(site: Site, owners: dict[str, str], path: Path) -> None:
    """Writes the site's hosts into `owners` (host -> id). Raises BantinError if another site has one of them."""
    hosts = _bare(site.hosts)
    for host in hosts:
        if owners.get(host, site.id) != site.id:
            raise BantinError(
                f"{path}{_line(path, 'hosts')}: {host} belongs to the site {owners[host]!r} already.",
                "Each host belongs to one site: take it out of one of the two files.",
            )
    owners.update(dict.fromkeys(hosts, site.id))


def load_site(path: Path) -> Site:
    """The site of one file. Raises BantinError naming the file, the line where it is known, and the remedy."""
    site = _parsed(path)
    if site.id != path.stem:
        raise BantinError(
            f"{path}{_line(path, 'id')}: id = {site.id!r} is not the name of the file.",
            f"Write id = {path.stem!r}, or rename the file to {site.id}.toml.",
        )
    if site.tls.ca:
        _check_ca(path, site.tls.ca)
    return site


def _parsed(path: Path) -> Site:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BantinError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from None
    except UnicodeDecodeError as error:
        raise BantinError(f"{path} is not UTF-8 (byte {error.start}).", "Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        line, column = _position(str(error))
        raise BantinError(
            f"{path}{line}: this is no TOML: {re.sub(r' [(]at .*[)]$', '', str(error))}{column}.",
            "Correct the syntax; see docs/adding-a-site.md.",
        ) from None
    try:
        return Site.parse(table)
    except InvalidValue as error:
        raise BantinError(f"{path}{_line_of_problem(path, error.problem)}: {error.problem}", error.remedy) from None


def _check_ca(path: Path, name: str) -> None:
    """Raises BantinError if the certificates that a site file names are not beside it."""
    authority = path.parent / name
    try:
        ssl.create_default_context(cafile=str(authority))
    except OSError as error:
        why = "holds no certificates" if isinstance(error, ssl.SSLError) else f"cannot be read: {error.strerror}"
        raise BantinError(
            f"{path}{_line(path, 'ca', name)}: ca = {name!r} {why}.",
            f"Put the authority's certificates in PEM form at {authority}.",
        ) from None


def _position(message: str) -> tuple[str, str]:
    found = re.search(r"at line (\d+), column (\d+)", message)
    return (f":{found[1]}", f" (column {found[2]})") if found else ("", "")


def _line_of_problem(path: Path, problem: str) -> str:
    """The line whose key the problem names ("kind = 'fed' is unknown", "no key 'kinds'", "hosts is empty")."""
    named = re.search(r"(\w+) = ('[^']*'|\S+) |key '(\w+)'|^(\w+) is empty|^('[^']*'|\S+) in (\w+) ", problem)
    if named is None:
        return ""
    key = named[1] or named[3] or named[4] or named[6]
    return _line(path, key, (named[2] or named[5] or "").strip("'"))


def _line(path: Path, key: str, value: str = "") -> str:
    """The first line that gives the key this value; failing that, the first that gives it any."""
    lines = [
        (number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.match(rf"\s*{re.escape(key)}\s*=", line)
    ]
    exact = [number for number, line in lines if value in line] or [number for number, _ in lines]
    return f":{exact[0]}" if exact else ""


def _bare(hosts: Iterable[str]) -> list[str]:
    """Hosts as Site.owns compares them, each once: www. names the same site."""
    return sorted({host.removeprefix("www.") for host in hosts})
