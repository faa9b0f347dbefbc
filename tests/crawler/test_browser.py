"""Pages made by scripts, in a real Chromium, on a server of ours.

`make test` installs what these need where it may; with BANTIN_TEST_BROWSER=1 (.ci/run) a missing browser is a failure.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Config
from crawler.browser import check
from crawler.leash import Leash, Slot
from crawler.run import CrawlOptions, crawl
from news.errors import BantinError
from news.health import outcome
from news.report import RunReport, RunState
from news.site import Site
from storage.connect import Store
from tests.browser import needs_browser
from tests.crawler.conftest import Host, _handler, _Server, article

LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tin</title></head><body><div id="app"></div><script>
fetch('/api/list').then(r => r.json()).then(all => { document.getElementById('app').innerHTML =
all.map(a => '<li><a href="' + a + '">Hội nghị về phòng, chống thiên tai</a></li>').join(''); });
%s</script></body></html>"""
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tin</title></head><body><div id="app"></div><script>
fetch('/api' + location.pathname).then(r => r.text()).then(html => { document.body.innerHTML = html; });
</script></body></html>"""


pytestmark = needs_browser


def _spa(host: Host, count: int = 3, script: str = "") -> Site:
    paths = [f"/bai/hoi-nghi-phong-chong-{n}00" for n in range(1, count + 1)]
    host.page("/tin", LIST % script)
    host.page("/api/list", json.dumps(paths))
    for n, path in enumerate(paths, start=1):
        host.page(path, PAGE)
        host.page(f"/api{path}", article(n))
    return host.site(browser=True, politeness={"timeout": 10})


def _go(site: Site, config: Config, **options: Any) -> RunReport:
    return crawl(site, CrawlOptions(**options), config)


def _browsers() -> list[int]:
    """The processes of browsers that serve crawls of the tests' site."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"--bantin-site=lamha" in command or b"bantin-browser-" in command:
                found.append(int(entry.name))
    return found


def _wait_until_gone(seconds: float = 10) -> list[int]:
    deadline = time.monotonic() + seconds
    while (left := _browsers()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


@pytest.fixture
def inside() -> Iterator[Host]:
    """A server that no page may reach: the inside of our network."""
    made = Host()
    with _Server(("127.0.0.1", 0), _handler(made)) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        made.page("/", "<h1>Mật</h1>", Access_Control_Allow_Origin="*")
        yield made
        server.shutdown()
        thread.join()


def test_a_site_made_by_scripts_is_crawled_and_the_browser_ends_with_it(
    host: Host, store: Store, config: Config
) -> None:
    report = _go(_spa(host), config)
    assert (report.state, report.error, report.new) == (RunState.DONE, "", 3)
    assert {stored.article.url.rpartition("/")[2] for stored in store.articles.find()} == {
        f"hoi-nghi-phong-chong-{n}00" for n in (1, 2, 3)
    }
    assert _wait_until_gone() == []
    assert all("Bantin/0.1" in agent for agent in host.agents)


def test_only_the_source_that_says_so_is_opened_in_a_browser(host: Host, config: Config) -> None:
    _spa(host)
    host.page("/bai/hoi-nghi-phong-chong-100", article(1))
    site = host.site(source=[{"kind": "listing", "url": f"{host.base}/tin", "browser": True}])
    report = _go(site, config)
    assert report.new == 1
    assert report.rejected == 2, "the other two were fetched without a browser, and are empty"


def test_no_page_reaches_the_inside_of_our_network(host: Host, inside: Host, config: Config) -> None:
    away = inside.base
    attempts = f"""
    fetch('{away}/fetch').catch(() => 0); fetch('{away}/post', {{method: 'POST', body: 'x'}}).catch(() => 0);
    new Image().src = '{away}/image.png'; new WebSocket('{away.replace("http", "ws")}/socket');
    document.write('<iframe src="{away}/frame"></iframe><script src="{away}/script.js"><\\/script>');
    document.write('<link rel=stylesheet href="{away}/style.css"><link rel=prefetch href="{away}/prefetch">');
    navigator.sendBeacon('{away}/beacon'); fetch('/away').catch(() => 0);
    fetch('http://localhost:{inside.port}/name').catch(() => 0);
    fetch('http://0x7f.1:{inside.port}/odd').catch(() => 0);
    fetch('http://[::ffff:127.0.0.1]:{inside.port}/mapped').catch(() => 0);
    """
    host.answers["/away"] = (302, {"Location": f"{away}/redirect"}, b"")
    report = _go(_spa(host, count=1, script=attempts), config)
    assert report.new == 1
    assert inside.asked == {}


def test_a_page_that_leads_inside_is_told_as_a_private_address(host: Host, inside: Host, config: Config) -> None:
    site = _spa(host, count=1)
    host.answers["/bai/hoi-nghi-phong-chong-100"] = (302, {"Location": f"{inside.base}/"}, b"")
    report = _go(site, config)
    assert report.reasons == {"private-address": 1}
    assert inside.asked == {}


def test_a_site_on_a_private_address_is_refused_unless_its_file_allows_it(host: Host, config: Config) -> None:
    report = _go(replace(_spa(host), allow_private_network=False), config)
    assert report.state is RunState.FAILED
    assert report.reasons.get("private-address", 0) > 0
    assert host.asked == {}


def test_pages_over_the_budget_wait_for_the_next_crawl(host: Host, config: Config) -> None:
    site = _spa(host, count=5)
    first = _go(site, replace(config, browser_pages=3))
    assert first.new == 2, "the list takes one of the three"
    assert first.reasons == {"browser-budget": 3}
    assert sum(count for path, count in host.asked.items() if path.startswith("/bai/")) == 2


def test_a_page_that_never_ends_costs_its_time_and_nothing_else(host: Host, config: Config) -> None:
    site = _spa(host)
    host.page("/bai/hoi-nghi-phong-chong-200", "<html><body><script>for (;;) {}</script></body></html>")
    report = _go(site, replace(config, browser_seconds=6))
    assert report.new == 2
    assert report.reasons == {"timeout": 1}
    assert _wait_until_gone() == []


def test_pictures_are_not_loaded_and_nothing_is_downloaded(host: Host, config: Config) -> None:
    script = "document.write('<img src=/a.jpg><video src=/a.mp4></video>'); location.href = '/file.zip';"
    site = _spa(host, script=script)
    host.page("/file.zip", b"PK" * 1000, Content_Type="application/zip", Content_Disposition="attachment")
    before = set(Path.home().glob("**/file*.zip")) if (Path.home() / "Downloads").is_dir() else set()
    _go(site, replace(config, browser_seconds=6))
    assert host.asked["/tin"]
    assert not {"/a.jpg", "/a.mp4"} & set(host.asked)
    assert _wait_until_gone() == []
    assert not before


def test_a_killed_crawl_takes_its_browser_along(host: Host, config: Config) -> None:
    site = _spa(host)
    host.page("/bai/hoi-nghi-phong-chong-100", "<html><body><script>for (;;) {}</script></body></html>")
    report = _go(site, replace(config, crawl_time_limit=8, browser_seconds=60))
    assert report.state is RunState.KILLED
    assert _wait_until_gone() == []


def test_a_browser_that_is_missing_fails_the_run_with_words_that_help(host: Host, config: Config) -> None:
    report = _go(_spa(host), replace(config, chromium="/nowhere/chromium"))
    assert report.state is RunState.FAILED
    assert "apt-get install chromium" in report.error
    assert host.asked == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("No usable sandbox! If this is a Debian system, ...", "user namespaces. .*BANTIN_CHROMIUM_SANDBOX=0"),
        ("error while loading shared libraries: libnss3.so", "Chromium does not start.*BANTIN_CHROMIUM"),
    ],
    ids=["no_namespaces", "no_library"],
)
def test_a_browser_that_does_not_start_is_our_fault_and_the_run_says_so(
    host: Host, config: Config, tmp_path: Path, said: str, told: str
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    broken.chmod(0o755)
    report = _go(_spa(host), replace(config, chromium=str(broken)))
    assert report.state is RunState.FAILED
    assert re.search(told, report.error)
    assert not outcome(report).bad, "the site is not to blame"


def test_packages_that_are_missing_are_named(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scrapy_playwright", None)
    with pytest.raises(BantinError, match=r"pip install 'bantin\[browser\]'"):
        check(config)


def test_so_many_browsers_run_at_once_and_a_dead_crawl_gives_its_place_back() -> None:
    code = (
        "import asyncio, time\nfrom crawler.leash import Slot\nslot = Slot(1)\n"
        "asyncio.run(slot.take())\nprint('held', flush=True)\ntime.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        async def take(seconds: float) -> bool:
            slot = Slot(1)
            try:
                await asyncio.wait_for(slot.take(), seconds)
            except TimeoutError:
                return False
            slot.give_back()
            return True

        assert not asyncio.run(take(0.7))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert asyncio.run(take(5))
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()


def test_what_a_leashed_program_takes_is_measured_and_it_can_be_ended() -> None:
    leash = Leash()
    wrapper = leash.wrapped("chromium", sys.executable)
    program = subprocess.Popen([wrapper, "-c", "kept = bytearray(b'x') * 80_000_000\nimport time\ntime.sleep(60)"])
    try:
        deadline = time.monotonic() + 10
        while leash.memory("chromium") < 80_000_000 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert leash.memory("chromium") >= 80_000_000
        leash.kill("chromium")
        assert program.wait(5) == -signal.SIGKILL
    finally:
        program.kill()
        program.wait()
        leash.remove()
