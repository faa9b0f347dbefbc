"""The shape of the house: who may import whom, and how long a module may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("news", "spiders", "crawler", "storage", "oversight", "web", "cli", "demo", "bench", "config", "scheduler")
# docs/architecture.md draws this: imports point one way.
MAY_IMPORT = {
    "news": {"news"},
    "config": {"config", "news"},
    "storage": {"storage", "news"},
    "spiders": {"spiders", "news"},
    "crawler": {"crawler", "news", "storage", "spiders", "config"},
    "oversight": {"oversight", "news", "storage", "config"},
    "web": {"web", "news", "storage", "config"},
    "scheduler": set(PARTS),
    "cli": set(PARTS),
    "demo": set(PARTS),
    "bench": set(PARTS),
}
# The heart knows nothing of the world: no network, database, framework, clock or chance.
WORLDLY = {
    "scrapy",
    "twisted",
    "pymongo",
    "fastapi",
    "uvicorn",
    "apscheduler",
    "socket",
    "urllib.request",
    "random",
    "asyncio",
}


def modules() -> Iterator[Path]:
    for part in PARTS:
        place = ROOT / part
        yield from place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    allowed = MAY_IMPORT[part_of(path)]
    wrong = {name for name in imports(path) if name.split(".")[0] in PARTS and name.split(".")[0] not in allowed}
    assert not wrong, f"{path.relative_to(ROOT)} must not import {sorted(wrong)}"


@pytest.mark.parametrize(
    "path", [p for p in modules() if part_of(p) == "news"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_heart_is_pure(path: Path) -> None:
    wrong = {name for name in imports(path) if name in WORLDLY or name.split(".")[0] in WORLDLY}
    text = path.read_text(encoding="utf-8")
    assert not wrong
    assert "datetime.now(" not in text, "a judgement is handed the time"


@pytest.mark.parametrize("path", [*modules(), *(ROOT / "tests").rglob("*.py")], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_part_is_where_the_design_puts_it() -> None:
    for name in ("crawler", "spiders", "scheduler.py", "storage", "scrapy.cfg", "tests", "news", "web", "cli", "demo"):
        assert (ROOT / name).exists(), f"{name} is missing from the top level"
    assert not list(ROOT.glob("*/utils*")), "a name that says nothing: utils"
