"""The command line as a whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any


def test_help_imports_nothing_heavy_so_it_answers_at_once() -> None:
    heavy = "scrapy twisted trafilatura lxml pymongo fastapi uvicorn apscheduler rich.progress multiprocessing"
    script = f"import sys, cli.main; print([name for name in {heavy.split()} if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"


def test_misuse_is_2_and_says_how_it_is_meant(bantin: Callable[..., Any]) -> None:
    misused = ("nonsense", "crawl", "crawl demo-mst --all", "crawl --max-pages 0 x", "articles list --since gestern",
               "extract pyproject.toml", "runs show")  # fmt: skip
    for line in misused:
        assert "Usage:" in bantin(*line.split(), expect=2).err, line


def test_a_failure_is_1_and_says_what_to_do(bantin: Callable[..., Any]) -> None:
    assert "Did you mean demo-mst" in bantin("crawl", "demo-msst", expect=1).err
    assert "`bantin articles list`" in bantin("articles", "show", "none", expect=1).err
    assert "BANTIN_WORKERS" in bantin("sites", "list", expect=1, BANTIN_WORKERS="many").err


def test_a_mongodb_that_is_away_is_named_with_the_remedy(bantin: Callable[..., Any]) -> None:
    away = {
        "MONGODB_URI": "mongodb://user:secret@127.0.0.1:1/?serverSelectionTimeoutMS=100",
        "BANTIN_MONGODB_PATIENCE": "1",
    }

    said = bantin("articles", "list", expect=1, **away).err

    assert "127.0.0.1:1" in said
    assert "MONGODB_URI" in said
    assert "secret" not in said
