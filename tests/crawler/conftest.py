"""Portals to crawl: the demo's, and a small server whose every answer a test writes itself."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from news.report import RunReport
from news.site import Site

Answer = tuple[int, dict[str, str], bytes]

ARTICLE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body>
<article><h1>{title}</h1><div class="date">Thứ sáu, 07/03/2025 08:0{digit}</div><div class="content">
<p>Sáng ngày 7 tháng 3, Ủy ban nhân dân tỉnh Lam Hà tổ chức hội nghị số {n} về phòng, chống thiên tai và tìm kiếm
cứu nạn năm 2025, với sự tham dự của lãnh đạo các sở, ban, ngành và {n} xã, phường trong toàn tỉnh.</p>
<p>Phát biểu tại hội nghị, lãnh đạo tỉnh đề nghị các địa phương rà soát {n} điểm xung yếu, chủ động sơ tán dân,
chuẩn bị vật tư theo phương châm bốn tại chỗ và báo cáo kết quả trước ngày 30 tháng 4.</p>
<p>Hội nghị thống nhất giao Sở Nông nghiệp và Môi trường theo dõi, đôn đốc việc thực hiện {n} nhiệm vụ đã nêu.</p>
</div></article></body></html>"""


def article(n: int) -> bytes:
    """A plain page that extraction reads as an article of its own."""
    return ARTICLE.format(title=f"Hội nghị số {n} về phòng, chống thiên tai tỉnh Lam Hà", n=n, digit=n % 10).encode()


@dataclass
class Host:
    """A web server of one site. `answers` by path and query; a function gets the handler and may misbehave."""

    port: int = 0
    answers: dict[str, Answer | Callable[[Any], Answer | None]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": "text/html; charset=utf-8", **named}, data)

    def list_of(self, *paths: str) -> None:
        """The listing of the site: links to these paths."""
        self.page("/tin", "".join(f'<a href="{path}">Hội nghị về phòng, chống thiên tai</a>' for path in paths))

    def articles(self, count: int) -> list[str]:
        """Publishes so many articles in one list."""
        paths = [f"/hoi-nghi-phong-chong-{n}00.html" for n in range(1, count + 1)]
        for n, path in enumerate(paths, start=1):
            self.page(path, article(n))
        self.list_of(*paths)
        return paths

    def site(self, **changes: Any) -> Site:
        politeness = {"delay": 0, "concurrency": 4, "timeout": 3, "retries": 0, **changes.pop("politeness", {})}
        table = {
            "id": "lamha",
            "name": "Tỉnh Lam Hà",
            "kind": "province",
            "hosts": [f"127.0.0.1:{self.port}"],
            "home": self.base,
            "allow_private_network": True,
            "source": [{"kind": "listing", "url": f"{self.base}/tin"}],
            "politeness": politeness,
        }
        return Site.parse({**table, **changes})


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host.asked[self.path] += 1
            host.agents.add(self.headers["User-Agent"])
            answer = host.answers.get(self.path, (404, {}, b"<html><body>404</body></html>"))
            given = answer(self) if callable(answer) else answer
            if given is None:
                return
            status, headers, body = given
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A crawl that is killed, or has had enough, hangs up on us."""


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    with _Server(("127.0.0.1", 0), _handler(made)) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo(base_port=0) as portals:
        yield portals


Go = Callable[..., RunReport]


@pytest.fixture
def go(config: Config) -> Go:
    """Crawls a site into the test's database: go(site, max_pages=3)."""

    def crawl_it(site: Site, **options: Any) -> RunReport:
        return crawl(site, CrawlOptions(**options), config)

    return crawl_it
