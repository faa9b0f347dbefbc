"""Broken encryption of government hosts: each mode lets in what it says, for the site's own hosts, and nothing more."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from cli.probe import probe
from config import Config
from crawler.run import CrawlOptions, crawl
from news.report import RunReport
from news.site import Site
from news.urls import identity
from storage.connect import Store
from storage.urls import UrlRow
from tests.crawler.conftest import Host, _handler

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)
ARTICLE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Hội nghị</title></head><body><article>
<h1>Hội nghị về phòng, chống thiên tai tỉnh Lam Hà</h1><div class="date">07/03/2025 08:00</div><div class="content">
<p>Sáng ngày 7 tháng 3, Ủy ban nhân dân tỉnh Lam Hà tổ chức hội nghị về phòng, chống thiên tai và tìm kiếm cứu nạn.</p>
<p>Phát biểu tại hội nghị, lãnh đạo tỉnh đề nghị các địa phương rà soát điểm xung yếu, chủ động sơ tán dân.</p>
<p>Hội nghị thống nhất giao Sở Nông nghiệp và Môi trường theo dõi, đôn đốc việc thực hiện các nhiệm vụ đã nêu.</p>
</div></article></body></html>"""


@dataclass(frozen=True)
class Party:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )


def issue(name: str, by: Party | None = None, *, authority: bool = False, days: int = 30, bits: int = 2048) -> Party:
    """A certificate for 127.0.0.1 and `name`; signed by itself without `by`. A negative number of days has expired."""
    key = rsa.generate_private_key(65537, bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if name == "localhost":
            names.append(x509.IPAddress(ip_address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Party(builder.sign(by.key if by else key, hashes.SHA256()), key)


@pytest.fixture(scope="module")
def root() -> Party:
    return issue("Lam Ha root", authority=True)


@pytest.fixture(scope="module")
def between(root: Party) -> Party:
    return issue("Lam Ha authority in between", root, authority=True)


Serve = Callable[..., int]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Opens a server with a certificate: its home page lists one article. Gives the port."""
    with ExitStack() as stack:

        def another(party: Party, prepare: Callable[[ssl.SSLContext], None] = lambda _: None) -> int:
            host = Host()
            host.page("/", '<a href="/hoi-nghi-phong-chong-thien-tai-100.html">Hội nghị về phòng chống thiên tai</a>')
            host.page("/hoi-nghi-phong-chong-thien-tai-100.html", ARTICLE)
            path = tmp_path / f"{party.certificate.serial_number}.pem"
            path.write_bytes(party.pem + party.key_pem)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            prepare(context)
            context.load_cert_chain(path)
            return stack.enter_context(_listening(context, _handler(host)))

        yield another


@contextmanager
def _listening(context: ssl.SSLContext, handler: Any) -> Iterator[int]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def get_request(self) -> Any:
            plain, address = super().get_request()
            plain.settimeout(5)
            return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *_: Any) -> None:
            """A visitor that does not like the certificate hangs up."""

    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def site(port: int, tls: dict[str, str], host: str = "127.0.0.1", **changes: Any) -> Site:
    table = {
        "id": "lamha", "name": "Tỉnh Lam Hà", "kind": "province", "hosts": [f"{host}:{port}"],
        "home": f"https://{host}:{port}/", "allow_private_network": True, "tls": tls,
        "source": [{"kind": "listing", "url": f"https://{host}:{port}/"}],
        "politeness": {"delay": 0, "timeout": 5, "retries": 0},
    }  # fmt: skip
    return Site.parse({**table, **changes})


def outcomes(site: Site, config: Config, folder: Path) -> tuple[RunReport, bool]:
    """What a crawl reports, and whether `sites check` finds all well: the two must not differ."""
    report = crawl(site, CrawlOptions(), replace(config, sites_dir=folder))
    checked = list(probe(replace(site, politeness=replace(site.politeness, user_agent="Bantin/test")), folder))
    return report, all(finding.good for finding in checked)


def old(context: ssl.SSLContext) -> None:
    """A server that has not been touched since 2006."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")


def new(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3


def test_strict_refuses_a_certificate_of_nobody(serve: Serve, config: Config, tmp_path: Path, root: Party) -> None:
    report, well = outcomes(site(serve(issue("localhost", root)), {}), config, tmp_path)

    assert (report.state, report.new, well) == ("failed", 0, False)
    assert "certificate verify failed" in report.error or "TLS" in report.error, report.error


def test_off_takes_whoever_answers(serve: Serve, config: Config, tmp_path: Path) -> None:
    expired_and_for_another = issue("elsewhere.vn", days=-1)

    report, well = outcomes(site(serve(expired_and_for_another), {"mode": "off"}), config, tmp_path)

    assert (report.state, report.new, well) == ("done", 1, True), report


def test_off_also_speaks_with_old_servers(serve: Serve, config: Config, tmp_path: Path) -> None:
    report, well = outcomes(site(serve(issue("localhost", bits=1024), old), {"mode": "off"}), config, tmp_path)

    assert (report.state, report.new, well) == ("done", 1, True), report


@pytest.mark.parametrize("which", ["root", "between"])
def test_pinned_trusts_the_given_authority(
    serve: Serve, config: Config, tmp_path: Path, root: Party, between: Party, which: str
) -> None:
    """Many hosts forget to send the certificate in between: pinning that one alone mends it."""
    signer = {"root": root, "between": between}[which]
    (tmp_path / "ca.pem").write_bytes(signer.pem)

    pinned = site(serve(issue("localhost", signer)), {"mode": "pinned", "ca": "ca.pem"})

    report, well = outcomes(pinned, config, tmp_path)
    assert (report.state, report.new, well) == ("done", 1, True), report


@pytest.mark.parametrize("wrong", ["another authority", "another host", "expired", "old server"])
def test_pinned_is_strict_otherwise(serve: Serve, config: Config, tmp_path: Path, root: Party, wrong: str) -> None:
    (tmp_path / "ca.pem").write_bytes(root.pem)
    signer = issue("Somebody else", authority=True) if wrong == "another authority" else root
    party = issue(
        "elsewhere.vn" if wrong == "another host" else "localhost", signer, days=-1 if wrong == "expired" else 30
    )
    port = serve(party, old) if wrong == "old server" else serve(party)

    report, well = outcomes(site(port, {"mode": "pinned", "ca": "ca.pem"}), config, tmp_path)

    assert (report.state, report.new, well) == ("failed", 0, False), report


def test_off_for_a_site_does_not_loosen_another_host(serve: Serve, config: Config, tmp_path: Path) -> None:
    """The feed of the site stands on a host that is not its own: there the article could be anybody's."""
    own, other = serve(issue("localhost")), serve(issue("localhost"))
    sources = [{"kind": "listing", "url": f"https://127.0.0.1:{port}/"} for port in (own, other)]

    report, well = outcomes(site(own, {"mode": "off"}, source=sources), config, tmp_path)

    assert (report.new, report.complete, well) == (1, False, False)
    assert f"127.0.0.1:{other}" in report.error


def test_a_crawl_with_off_leaves_the_next_one_strict(serve: Serve, config: Config, tmp_path: Path) -> None:
    port = serve(issue("localhost"))
    outcomes(site(port, {"mode": "off"}), config, tmp_path)

    report, well = outcomes(site(port, {}), config, tmp_path)

    assert (report.state, well) == ("failed", False)


def test_an_address_that_fails_is_kept_with_the_reason(serve: Serve, config: Config, store: Store) -> None:
    broken = site(serve(issue("localhost")), {})
    url = f"{broken.home}hoi-nghi-phong-chong-thien-tai-100.html"
    store.urls.found([UrlRow(key=identity(url), url=url, site=broken.id, found=NOW)])

    report = crawl(replace(broken, sources=()), CrawlOptions(), config)

    assert dict(report.reasons) == {"tls-error": 2}, "the article, and the front page of a site without sources"


@pytest.mark.parametrize(
    ("mode", "prepare", "done"), [("strict", new, True), ("strict", old, False), ("legacy", old, True)]
)
def test_old_servers_are_spoken_with_in_legacy_only_and_certificates_checked_in_both(
    serve: Serve, environ: dict[str, str], tmp_path: Path, root: Party, mode: str, prepare: Any, done: bool
) -> None:
    """With the root among the authorities of the system, as SSL_CERT_FILE has it for a process."""
    (tmp_path / "system.pem").write_bytes(root.pem)
    sites = tmp_path / "sites"
    sites.mkdir()
    parties = {"known": issue("localhost", root), "unknown": issue("localhost")}
    for id, party in parties.items():
        home = f"https://127.0.0.1:{serve(party, prepare)}/"
        (sites / f"{id}.toml").write_text(
            f'id = "{id}"\nname = "{id}"\nkind = "press"\nhosts = ["{urlsplit(home).netloc}"]\nhome = "{home}"\n'
            f'allow_private_network = true\n[tls]\nmode = "{mode}"\n[politeness]\ndelay = 0\nretries = 0\n'
            f'[[source]]\nkind = "listing"\nurl = "{home}"\n'
        )
    given = {"BANTIN_SITES_DIR": str(sites), "SSL_CERT_FILE": str(tmp_path / "system.pem")}

    def rows(*verb: str) -> list[dict[str, Any]]:
        command = [sys.executable, "-m", "cli.main", *verb, "known", "unknown", "--json"]
        said = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ, **given}, capture_output=True, text=True)
        return [json.loads(line) for line in said.stdout.splitlines()]

    assert {row["site"]: row["new"] for row in rows("crawl")} == {"known": int(done), "unknown": 0}
    fine = {"known": done, "unknown": False}
    for row in rows("sites", "check"):
        fine[row["site"]] &= not row["problem"]
    assert fine == {"known": done, "unknown": False}
