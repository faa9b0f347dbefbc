"""The folder of site files over time: changed files are taken up while everything runs, broken ones are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from news.errors import BantinError
from news.site import Site
from spiders.catalog import Catalog, claim_hosts, load_catalog, load_site

Stamp = tuple[tuple[str, int, int], ...]


class Change(NamedTuple):
    """What a look at the folder brought. `taken` are ids of new and changed sites, `removed` of those whose file is
    gone; `problems` are of files that broke since the look before, each told once: their old site stays."""

    taken: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[BantinError, ...] = ()


def stamp_of(folder: Path) -> Stamp:
    """Names, times and sizes of the files in the folder: what can be told without opening one."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            status = path.stat()
        except OSError:  # it went between the list and the look
            continue
        found.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


@dataclass
class Watch:
    """A catalogue that follows its folder. `Watch.of` raises BantinError as load_catalog does; `look` never raises."""

    folder: Path
    catalog: Catalog
    _stamp: Stamp
    _told: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: Path) -> Watch:
        stamp = stamp_of(folder)  # before the reading: what changes meanwhile is seen at the next look
        return cls(folder, load_catalog(folder), stamp)

    @property
    def changed(self) -> bool:
        """Whether the folder differs from what was read; a few stat calls."""
        return stamp_of(self.folder) != self._stamp

    def look(self) -> Change:
        """Reads the folder again if it has changed. A file that cannot be used leaves its site as it was."""
        stamp = stamp_of(self.folder)
        if stamp == self._stamp:
            return Change()
        if not self.folder.is_dir():  # a mount that is away for a moment must not remove every site
            return self._broken((BantinError(f"The folder {self.folder} is gone.", "Its sites stay as they were."),))
        self._stamp = stamp
        before, after = self.catalog.sites, dict[str, Site]()
        problems = list(_read(sorted(self.folder.glob("*.toml")), before, after))
        self.catalog = Catalog(dict(sorted(after.items())))
        return Change(
            taken=tuple(id for id, site in self.catalog.sites.items() if before.get(id) != site),
            removed=tuple(id for id in before if id not in after),
            problems=self._broken(tuple(problems)).problems,
        )

    def _broken(self, problems: tuple[BantinError, ...]) -> Change:
        new = tuple(problem for problem in problems if str(problem) not in self._told)
        self._told = frozenset(map(str, problems))
        return Change(problems=new)


def _read(paths: Sequence[Path], before: Mapping[str, Site], after: dict[str, Site]) -> Iterator[BantinError]:
    """Fills `after` with the sites of the files, or with what they were; gives what is wrong with files."""
    found: dict[Path, Site] = {}
    for path in paths:
        try:
            found[path] = load_site(path)
        except BantinError as problem:
            yield problem
            if path.stem in before:
                found[path] = before[path.stem]
    owners: dict[str, str] = {}
    # Sites that stay as they were come first, so that a new file cannot take a host away from one.
    for path, site in sorted(found.items(), key=lambda row: before.get(row[1].id) != row[1]):
        try:
            claim_hosts(site, owners, path)
            after[site.id] = site
        except BantinError as problem:
            yield problem
            if site.id in before:
                with suppress(BantinError):
                    claim_hosts(before[site.id], owners, path)
                    after[site.id] = before[site.id]
