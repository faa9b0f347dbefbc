"""bantin sites: what stands in the files, what would change, and what answers, however badly."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cli import session
from cli.check import probe_all
from config import Config
from demo.server import Demo
from news.site import Site
from spiders.catalog import load_catalog
from storage.connect import Store

Bantin = Callable[..., Any]


@pytest.fixture
def files(sites_dir: Path, tmp_path: Path) -> Path:
    """A folder with the files of two sample portals, to write in."""
    folder = tmp_path / "sites"
    folder.mkdir()
    for id in ("demo-mst", "demo-noivu"):
        (folder / f"{id}.toml").write_text((sites_dir / f"{id}.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_diff_tells_what_changed_since_the_crawl(bantin: Bantin, files: Path) -> None:
    here = {"BANTIN_SITES_DIR": str(files)}
    bantin("crawl", "demo-mst", "--max-pages", "1", **here)
    assert "Nothing differs" in bantin("sites", "diff", "--exit-code", **here).err

    change(files / "demo-mst.toml", "every_minutes = 15", 'every_minutes = 20\nwindows = ["06:00-22:00"]')
    change(files / "demo-mst.toml", 'family = "vccorp"', "")

    said = bantin("sites", "diff", "--exit-code", expect=1, **here).out
    assert said.splitlines()[0] == "demo-mst: changed"
    assert "  - schedule.every_minutes = 15\n  + schedule.every_minutes = 20\n" in said
    assert '  + schedule.windows = ["06:00-22:00"]' in said
    assert '  - family = "vccorp"' in said
    rows = bantin("sites", "diff", "--json", **here).rows
    assert {"site": "demo-mst", "state": "changed", "key": "schedule.every_minutes", "before": 15, "after": 20} in rows
    assert {row["key"] for row in rows} == {"schedule.every_minutes", "schedule.windows", "family"}


def test_diff_tells_of_files_that_came_and_went(bantin: Bantin, files: Path) -> None:
    here = {"BANTIN_SITES_DIR": str(files)}
    bantin("crawl", "demo-mst", "--max-pages", "1", **here)
    (files / "demo-mst.toml").unlink()
    new = (files / "demo-noivu.toml").read_text(encoding="utf-8").replace("demo-noivu", "noivu")
    (files / "noivu.toml").write_text(new, encoding="utf-8")
    (files / "demo-noivu.toml").unlink()

    said = bantin("sites", "diff", **here).out

    assert "demo-mst: removed\n" in said
    assert "noivu: added\n" in said
    assert '+ home = "http://127.0.0.1' in said
    assert bantin("sites", "diff", "noivu", **here).out.startswith("noivu: added")
    assert "There is no site 'nope'" in bantin("sites", "diff", "nope", expect=1, **here).err


def test_what_a_scheduler_takes_up_is_what_diff_compares_with(
    bantin: Bantin, files: Path, store: Store, config: Config
) -> None:
    """A file that was removed while no scheduler ran is forgotten when one starts."""
    for id in ("demo-mst", "demo-noivu"):
        text = (files / f"{id}.toml").read_text(encoding="utf-8")
        (files / f"{id[5:]}.toml").write_text(text.replace(f'"{id}"', f'"{id[5:]}"'), encoding="utf-8")
        (files / f"{id}.toml").unlink()
    session.take_up(store, load_catalog(files))
    here = {"BANTIN_SITES_DIR": str(files), "BANTIN_DATABASE": config.database}
    assert bantin("sites", "diff", "--json", **here).rows == []

    (files / "noivu.toml").unlink()
    assert {row["state"] for row in bantin("sites", "diff", "--json", **here).rows} == {"removed"}
    session.take_up(store, load_catalog(files))
    assert bantin("sites", "diff", "--json", **here).rows == []


def test_a_dry_run_takes_nothing_up(bantin: Bantin, files: Path) -> None:
    here = {"BANTIN_SITES_DIR": str(files)}
    bantin("crawl", "demo-mst", "--max-pages", "1", "--dry-run", **here)

    assert bantin("sites", "diff", "--json", **here).rows == []


def test_a_site_that_nobody_checks_is_named_each_time(bantin: Bantin, files: Path) -> None:
    here = {"BANTIN_SITES_DIR": str(files)}
    change(files / "demo-mst.toml", "[politeness]", '[tls]\nmode = "off"\n\n[politeness]')

    for verb in (("list",), ("show", "demo-mst"), ("check", "demo-mst")):
        assert "demo-mst: Its certificates are not checked" in bantin("sites", *verb, **here).err, verb
    assert "certificates" not in bantin("sites", "check", "demo-noivu", **here).err


@pytest.fixture
def mute() -> Iterator[Callable[[], str]]:
    """Hosts that take a call and say nothing; the addresses of as many as asked for."""
    doors: list[socket.socket] = []

    def another() -> str:
        doors.append(socket.create_server(("127.0.0.1", 0)))
        return f"127.0.0.1:{doors[-1].getsockname()[1]}"

    yield another
    for door in doors:
        door.close()


def site(id: str, host: str, **politeness: Any) -> Site:
    return Site.parse({
        "id": id, "name": id, "kind": "press", "hosts": [host], "home": f"http://{host}/",
        "allow_private_network": True, "politeness": {"delay": 0, "timeout": 30, **politeness},
        "source": [{"kind": "listing", "url": f"http://{host}/tin"}],
    })  # fmt: skip


def test_hosts_that_hang_do_not_hold_up_the_rest(mute: Callable[[], str], tmp_path: Path) -> None:
    with Demo(base_port=0) as demo:
        good = [demo.site("demo-mst"), demo.site("demo-noivu")]
        hung = [site(f"hung-{n}", mute()) for n in range(3)]
        began = time.monotonic()
        found = [
            (id, findings, time.monotonic() - began)
            for id, findings in probe_all([*hung, *good], tmp_path, 2, at_once=4)
        ]

    order = [id for id, _, _ in found]
    assert sorted(order) == sorted(each.id for each in (*good, *hung))
    assert order[0] in ("demo-mst", "demo-noivu"), "those that answer are told at once"
    assert found[-1][2] < 8
    problems = {id: findings[-1].problem for id, findings, _ in found}
    assert all("left alone after 2 seconds" in problems[each.id] for each in hung)
    assert [problems["demo-mst"], problems["demo-noivu"]] == ["", ""]


def test_a_site_is_asked_one_thing_at_a_time_with_its_delay(tmp_path: Path) -> None:
    """Side by side are sites, never the requests of one."""
    calls: list[float] = []

    def serve(door: socket.socket) -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            with caller:
                caller.recv(2000)
                calls.append(time.monotonic())
                caller.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,), daemon=True)
        thread.start()
        ((_, findings),) = probe_all([site("a", f"127.0.0.1:{door.getsockname()[1]}", delay=0.3)], tmp_path)
        door.shutdown(socket.SHUT_RDWR)
        thread.join(5)

    assert [finding.what for finding in findings] == ["robots.txt", "home", "listing"]
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(calls))


def test_the_check_of_a_whole_folder_is_in_the_order_of_the_catalogue(bantin: Bantin, files: Path) -> None:
    rows = bantin("sites", "check", "--json", BANTIN_SITES_DIR=str(files)).rows

    assert [row["site"] for row in rows] == sorted(row["site"] for row in rows)
    assert {row["site"] for row in rows} == {"demo-mst", "demo-noivu"}
    assert re.search(r"demo-mst +robots\.txt", bantin("sites", "check", BANTIN_SITES_DIR=str(files)).out)
