"""The command line as a user runs it, on a real MongoDB, with the sample portals on free ports."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from demo.server import Demo
from demo.truth import DemoArticle

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Bantin = Callable[..., Ran]


def command(environ: dict[str, str]) -> Bantin:
    """`bantin` with these variables, in this process: a process each would cost a second of imports."""

    def run(*arguments: str | Path, expect: int | None = 0, **more: str) -> Ran:
        out, err = TextIOWrapper(BytesIO(), "utf-8", newline=""), TextIOWrapper(BytesIO(), "utf-8", newline="")
        code: object = 0
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in {**environ, **more}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["bantin", *map(str, arguments)])
            try:
                main()
            except SystemExit as ended:
                code = ended.code or 0
        said = [stream.detach().getvalue().decode() for stream in (out, err)]
        assert code == expect or (expect is None and code), said
        return Ran(code, *said)

    return run


@pytest.fixture(scope="session")
def portals() -> Iterator[Demo]:
    """The running sample portals."""
    with Demo(base_port=0) as demo:
        yield demo


@pytest.fixture(scope="session")
def sites_dir(portals: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their site files, with the ports in use."""
    return site_files(portals, tmp_path_factory.mktemp("sites"))


def site_files(portals: Demo, folder: Path) -> Path:
    """The site files of running portals, in a folder."""
    for id, portal in portals.portals.items():
        text = (ROOT / "spiders" / "sites" / f"{id}.toml").read_text(encoding="utf-8")
        (folder / f"{id}.toml").write_text(re.sub(r"127\.0\.0\.1:\d+", portal.netloc, text), encoding="utf-8")
    return folder


@pytest.fixture
def bantin(environ: dict[str, str], sites_dir: Path) -> Bantin:
    """`bantin` on an empty database."""
    return command({**environ, "BANTIN_SITES_DIR": str(sites_dir)})


@pytest.fixture(scope="session")
def crawled(mongod_uri: str, sites_dir: Path) -> Bantin:
    """`bantin` on a database in which two portals were crawled; for commands that only read."""
    environ = {"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "cli_crawled", "BANTIN_SITES_DIR": str(sites_dir)}
    run = command(environ)
    run("crawl", "demo-mst", "demo-noivu")
    return run


@pytest.fixture
def changing(environ: dict[str, str], tmp_path: Path) -> Iterator[tuple[Bantin, Demo]]:
    """`bantin` on an empty database, with portals of its own, which a test may change."""
    folder = tmp_path / "sites"
    folder.mkdir()
    with Demo(base_port=0) as demo:
        yield command({**environ, "BANTIN_SITES_DIR": str(site_files(demo, folder))}), demo


@dataclass(frozen=True)
class Twin:
    """An article of demo-mst, and its copy in demo-nhandan with a lead of its own; their addresses."""

    origin: DemoArticle
    copy: DemoArticle
    origin_url: str
    copy_url: str


@pytest.fixture(scope="session")
def twin(portals: Demo) -> Twin:
    """One ministry's article and a newspaper's copy of it."""
    ministry, paper = portals.portals["demo-mst"], portals.portals["demo-nhandan"]
    copy = next(article for article in paper.articles if article.twin_of.startswith("demo-mst/"))
    origin = next(article for article in ministry.articles if article.key == copy.twin_of)
    return Twin(origin, copy, ministry.url(origin), paper.url(copy))


@pytest.fixture(scope="session")
def storied(mongod_uri: str, sites_dir: Path) -> Bantin:
    """`bantin` on a database in which both portals of `twin` were crawled; for commands that only read."""
    run = command({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "cli_storied", "BANTIN_SITES_DIR": str(sites_dir)})
    run("crawl", "demo-nhandan", "demo-mst")
    return run


@pytest.fixture(scope="session")
def embedded() -> Callable[[Path], dict[str, str]]:
    """The environment of an installation of its own, embedded MongoDB and all, in a directory."""

    def environ(folder: Path) -> dict[str, str]:
        return {**os.environ, "BANTIN_DATA_DIR": str(folder), "MONGODB_URI": "", "BANTIN_WEB_PORT": "0"}

    return environ
