"""bantin import: saved pages and web archives end where a crawl would have put them."""

from __future__ import annotations

import gzip
import json
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from demo.server import Demo

Bantin = Callable[..., Any]
SITE = "demo-mst"


def counts(rows: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    return {(row["decision"], row["reason"]): row["count"] for row in rows}


def contents(rows: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    names = ("title", "lead", "body", "published", "author", "source", "version", "site")
    return {row["id"]: tuple(row[name] for name in names) for row in rows}


@pytest.fixture(scope="session")
def visited(crawled: Bantin, portals: Demo) -> dict[str, tuple[dict[str, str], bytes]]:
    """Every page of the site that a crawl stored or met as an alias, and some that it would not have: address to
    headers and body."""
    site = portals.site(SITE)
    rows = crawled("articles", "list", "--site", SITE, "--limit", "500", "--json").rows
    urls = [url for row in rows for url in (row["url"], *row["aliases"])]
    found = {}
    for url in (site.home, site.sources[0].url, *urls):
        with urllib.request.urlopen(url) as answer:
            found[url] = dict(answer.headers), answer.read()
    return found


class Archive:
    """A WARC as other tools write it (ISO 28500), record by record."""

    def __init__(self, path: Path, *, packed: bool = True) -> None:
        self.file = path.open("wb")
        self.packed = packed
        self.write("warcinfo", "", b"software: test\r\n", {"Content-Type": "application/warc-fields"})

    def add(self, url: str, body: bytes, headers: Mapping[str, str], status: str = "200 OK", digest: str = "") -> None:
        block = http(headers, status) + body
        self.write("response", url, block, {"WARC-Payload-Digest": digest} if digest else {})
        self.write("request", url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    def write(self, kind: str, url: str, block: bytes, more: Mapping[str, str] | None = None) -> None:
        fields = {"WARC-Type": kind, "WARC-Date": "2026-03-01T02:03:04Z", "WARC-Record-ID": f"<{uuid4().urn}>"}
        fields |= {"Content-Type": f"application/http; msgtype={kind}", "Content-Length": str(len(block))}
        fields |= ({"WARC-Target-URI": url} if url else {}) | dict(more or {})
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        record = f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"
        self.file.write(gzip.compress(record) if self.packed else record)

    def close(self) -> None:
        self.file.close()


def http(headers: Mapping[str, str], status: str = "200 OK") -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode()


def test_an_archive_stores_exactly_what_a_crawl_stores(
    bantin: Bantin, crawled: Bantin, visited: dict[str, tuple[dict[str, str], bytes]], tmp_path: Path, portals: Demo
) -> None:
    archive = Archive(tmp_path / "a.warc.gz")
    home = portals.site(SITE).home
    for url, (headers, body) in visited.items():
        archive.add(url, body, headers)
    archive.add(home + "logo.png", b"\x89PNG", {"Content-Type": "image/png"})
    archive.add(home + "robots.txt", b"User-agent: *", {"Content-Type": "text/plain"})
    archive.add(home + "gone.htm", b"<p>404", {"Content-Type": "text/html"}, "404 Not Found")
    archive.close()

    first = counts(bantin("import", tmp_path / "a.warc.gz", "--json").rows)
    second = counts(bantin("import", tmp_path / "a.warc.gz", "--json").rows)

    stored = bantin("articles", "list", "--limit", "500", "--json").rows
    by_crawl = crawled("articles", "list", "--site", SITE, "--limit", "500", "--json").rows
    assert contents(stored) == contents(by_crawl)
    assert first["new", ""] == len(by_crawl)
    assert first["rejected", "not-an-article"] == 2, "the home page and the listing"
    assert {reason for decision, reason in first if decision == "skipped"} == {"image/png", "text/plain", "HTTP 404"}
    assert ("new", "") not in second
    assert ("updated", "") not in second


def test_archives_of_every_make_are_read(
    bantin: Bantin, visited: dict[str, tuple[dict[str, str], bytes]], tmp_path: Path
) -> None:
    pages = [(url, *answer) for url, answer in visited.items()][2:6]
    archive = Archive(tmp_path / "plain.warc", packed=False)
    (one, two, three, four) = pages
    archive.add(one[0], gzip.compress(one[2]), {"Content-Type": "text/html", "Content-Encoding": "gzip"})
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (two[2][:999], two[2][999:], b""))
    archive.add(two[0], chunked, {"Content-Type": "text/html; charset=utf-8", "Transfer-Encoding": "chunked"})
    archive.add(three[0], three[2], three[1], digest="sha1:KNOWN")
    for target, known in ((three[0] + "?utm_source=x&again=1", "sha1:KNOWN"), (four[0], "sha1:UNKNOWN")):
        archive.write("revisit", target, http(three[1]), {"WARC-Payload-Digest": known})
    archive.close()

    found = counts(bantin("import", tmp_path / "plain.warc", "--json").rows)

    assert found["new", ""] == 3
    assert sum(count for (decision, _), count in found.items() if decision in ("duplicate", "rejected")) == 1
    assert found["skipped", "revisit of a page that is not in this archive"] == 1


def test_of_a_cut_archive_what_stands_before_the_cut_is_stored(
    bantin: Bantin, visited: dict[str, tuple[dict[str, str], bytes]], tmp_path: Path
) -> None:
    for name, packed in (("cut.warc.gz", True), ("cut.warc", False)):
        archive = Archive(tmp_path / name, packed=packed)
        for url, (headers, body) in list(visited.items())[2:5]:
            archive.add(url, body, headers)
        whole = archive.file.tell()
        archive.add("http://127.0.0.1:1/x", b"<p>" + visited[url][1] * 3, {"Content-Type": "text/html"})
        archive.file.truncate(whole + 2000)
        archive.close()

        ran = bantin("import", tmp_path / name, "--json", expect=1)

        assert sum(counts(ran.rows).values()) == 3, name
        assert "breaks off" in ran.err
    assert len(bantin("articles", "list", "--json").rows) == 3


def test_what_is_no_archive_is_said_to_be_none(bantin: Bantin, tmp_path: Path) -> None:
    (tmp_path / "x.warc").write_bytes(b"hi")
    (tmp_path / "empty.warc").write_bytes(b"")

    for name in ("x.warc", "empty.warc", "missing.warc"):
        assert name in bantin("import", tmp_path / name, expect=1).err


def test_a_folder_is_read_like_extract_reads_it(
    bantin: Bantin, visited: dict[str, tuple[dict[str, str], bytes]], tmp_path: Path, portals: Demo
) -> None:
    with (tmp_path / "index.jsonl").open("w") as index:
        for number, (url, (_, body)) in enumerate(list(visited.items())[1:4]):
            (tmp_path / f"{number}.html").write_bytes(body)
            index.write(json.dumps({"file": f"{number}.html", "url": url}) + "\n")
        denied = next(iter(visited)) + "print/tin-1.htm?mode=print"
        index.write(json.dumps({"file": "0.html", "url": denied}) + "\n")
        index.write(json.dumps({"file": "missing.html", "url": denied}) + "\n")
        index.write(json.dumps({"file": "1.html", "url": "https://khac.vn/tin-123.html"}) + "\n")

    found = counts(bantin("import", tmp_path, "--json").rows)

    assert found["new", ""] == 3
    assert found["rejected", "not-an-article"] == 1
    assert found["rejected", "denied-url"] == 1
    assert sum(count for (decision, _), count in found.items() if decision == "skipped") == 1
    sites = {row["site"] for row in bantin("articles", "list", "--json").rows}
    assert sites == {SITE, "khac.vn"}, "a page of no known site is stored under its host"
