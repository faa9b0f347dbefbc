"""bantin doctor: what is wrong is found, and said with its remedy."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

Bantin = Callable[..., Any]


def states(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["what"]: row["state"] for row in rows}


def test_an_installation_that_works_is_well(bantin: Bantin) -> None:
    ran = bantin("doctor", "--json", BANTIN_WEB_PORT="0")

    assert set(states(ran.rows).values()) == {"ok", "warning"}
    assert states(ran.rows)["contact"] == "warning", "the example address reaches nobody"
    assert states(bantin("doctor", "--json", BANTIN_CONTACT_URL="https://x.vn/bot").rows)["contact"] == "ok"


def test_everything_that_is_wrong_is_found_in_one_go(bantin: Bantin, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("id = 'x'\nkind = 'zoo'\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        rows = bantin(
            "doctor", "--json", expect=1, BANTIN_SITES_DIR=str(tmp_path), MONGODB_URI="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100",
            BANTIN_WEB_PORT=str(taken.getsockname()[1]),
        ).rows  # fmt: skip

    wrong = {row["what"]: row for row in rows if row["state"] == "wrong"}
    assert set(wrong) == {"site files", "MongoDB", "web port"}
    assert all(row["remedy"] for row in wrong.values())
    assert "x.toml" in wrong["site files"]["found"]


def test_a_mongod_that_cannot_be_embedded_is_wrong(bantin: Bantin, tmp_path: Path) -> None:
    rows = bantin("doctor", "--json", expect=1, MONGODB_URI="", BANTIN_MONGOD="/no/mongod", BANTIN_WEB_PORT="0").rows

    assert states(rows)["mongod"] == "wrong"
    assert states(rows)["disk"] == "ok"


def test_a_wrong_setting_is_told_by_its_name(bantin: Bantin) -> None:
    assert "BANTIN_WORKERS" in bantin("doctor", expect=1, BANTIN_WORKERS="zwei").out
