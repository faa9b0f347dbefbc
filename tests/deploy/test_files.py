"""What is in deploy/ fits what it starts: verbs, settings, files, users; and systemd takes its units."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

import config as settings
from cli.main import app

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTINGS = {setting.name for setting in settings.SETTINGS}


def check_verb(words: list[str]) -> None:
    """Raises where `bantin WORDS` is misuse."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[words[0]]
        words = words[1:]
    command.make_context("bantin", words)  # misuse ends here


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def instructions() -> list[tuple[str, str]]:
    """Of the Dockerfile, in order: name and the rest."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in text.splitlines() if line.strip()]


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special() -> None:
    lines = instructions()
    stages = [rest for name, rest in lines if name == "FROM"]
    assert len(stages) == 2
    assert all(stage.startswith("python:3.11-slim") for stage in stages)
    final = lines[max(n for n, (name, _) in enumerate(lines) if name == "FROM") :]
    names = dict(final)
    assert names["USER"] == "10001"
    assert "HEALTHCHECK" in names
    assert "/healthz" in names["HEALTHCHECK"]
    assert [name for name, _ in final].index("USER") < [name for name, _ in final].index("ENTRYPOINT")
    assert not any(name == "COPY" and "--from" not in rest for name, rest in final), "sources stay in the first stage"
    check_verb(yaml.safe_load(names["CMD"]))
    known = set(re.findall(r"\bBANTIN_[A-Z_]+(?==)", names["ENV"]))
    assert known
    assert known <= SETTINGS


def test_what_an_image_needs_is_not_kept_from_it() -> None:
    left_out = {line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    needed = {*packages, "spiders/sites", "pyproject.toml", "README.md", "LICENSE", "config.py", "scheduler.py"}
    assert not left_out & needed
    assert {".git", ".venv", "tests"} <= left_out, "what is private or large stays out"


def test_each_container_runs_a_verb_that_exists_with_settings_that_exist(compose: Any) -> None:
    own = {name: one for name, one in compose["services"].items() if one.get("image") == "bantin"}
    assert set(own) == {"scheduler", "web", "push"}
    for name, one in own.items():
        check_verb(one["command"])
        assert set(one["environment"]) <= SETTINGS, name
        check = one.get("healthcheck", {}).get("test")
        if check:
            assert check[:2] == ["CMD", "bantin"]
            check_verb(check[2:])
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["depends_on"] == {"mongo": {"condition": "service_healthy"}}
        settings.load({key: value for key, value in one["environment"].items() if "${" not in value})


def test_containers_name_only_what_there_is(compose: Any) -> None:
    for name, one in compose["services"].items():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), (name, source)
            else:
                assert source in compose["volumes"], (name, source)
        assert set(one["networks"]) <= set(compose["networks"])
    build = compose["services"]["web"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    wanted = set(re.findall(r"\$\{(\w+):?\?", (DEPLOY / "compose.yaml").read_text()))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "example.env").read_text(), re.MULTILINE))
    assert wanted <= given


def test_mongodb_is_reached_by_no_one_outside_and_by_no_one_without_a_password(compose: Any) -> None:
    mongo = compose["services"]["mongo"]
    assert "ports" not in mongo
    assert {"MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"} <= set(mongo["environment"])
    script = mongo["entrypoint"][-1]
    assert "--replSet bantin" in script
    assert "--keyFile" in script
    assert "rs.initiate" in mongo["healthcheck"]["test"][-1]
    ports = [port for one in compose["services"].values() for port in one.get("ports", [])]
    assert ports == ["127.0.0.1:8765:8765"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_unit_starts_a_verb_that_exists_and_is_locked_up(unit: Path) -> None:
    text = unit.read_text()
    (start,) = re.findall(r"^ExecStart=/opt/bantin/bin/bantin (.+)$", text, re.MULTILINE)
    check_verb(shlex.split(start))
    assert set(re.findall(r"^Environment=(BANTIN_\w+)=", text, re.MULTILINE)) <= SETTINGS
    for locked in ("User=bantin", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert f"\n{locked}\n" in text


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if not (analyze := shutil.which("systemd-analyze")):
        pytest.skip("there is no systemd-analyze here")
    for unit in (DEPLOY / "systemd").iterdir():
        # Of the program itself it is asked whether it is there.
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/bantin/bin/bantin", sys.executable))
    units = sorted(str(path) for path in tmp_path.iterdir())
    ran = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_other_verbs_have_the_settings_of_the_service(tmp_path: Path) -> None:
    """As docs/operations.md says how to run them: what has spaces or an ampersand in it comes whole."""
    (line,) = re.findall(
        r"^    sudo -u bantin (sh -c .* bantin) doctor$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )
    settings = tmp_path / "bantin.env"
    settings.write_text(
        "BANTIN_ALERTS='json://a/b tgram://c/d'\nMONGODB_URI='mongodb://h/?replicaSet=r&authSource=a'\n"
    )
    line = line.replace("/etc/bantin/bantin.env", str(settings)).replace(
        "/opt/bantin/bin/bantin", shutil.which("env") or ""
    )
    said = subprocess.run(f"{line} --null", shell=True, check=True, capture_output=True, text=True).stdout.split("\0")
    for wanted in (*settings.read_text().replace("'", "").splitlines(), "BANTIN_DATA_DIR=/var/lib/bantin"):
        assert wanted in said


def test_whoever_has_containers_is_told_when_a_site_fails(compose: Any) -> None:
    assert "BANTIN_ALERTS=" in (DEPLOY / "example.env").read_text()
    for name in ("scheduler", "web"):  # the one sends, the doctor in the other looks
        assert compose["services"][name]["environment"]["BANTIN_ALERTS"] == "${BANTIN_ALERTS:-}"
