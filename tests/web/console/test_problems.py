"""What is wrong with what an operator asks is said in Vietnamese, whatever it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.texts.console_problems import in_vietnamese

ROOT = Path(__file__).resolve().parents[3]
# Of a site's file, of the API and the command line alone, or of a control that no form can make.
ELSEWHERE = ("no rhythm", "nobody's name", "<> has no <>", "which run is to end")


def sentences(path: str) -> Iterator[str]:
    """The problems that a module raises, with <> for what varies."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "InvalidValue":
            first = node.args[0]
            pieces = first.values if isinstance(first, ast.JoinedStr) else [first]
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "<>" for one in pieces)


@pytest.mark.parametrize("path", ["news/cron.py", "news/schedule.py", "news/control.py", "web/console/controls.py"])
def test_every_refusal_has_its_vietnamese_sentence(path: str) -> None:
    found = [one for one in sentences(path) if not any(other in one for other in ELSEWHERE)]
    assert found
    untold = [one for one in found if in_vietnamese(one.replace("<> =", "since =").replace("<>", "7")) is None]
    assert untold == []


def test_what_was_typed_is_repeated_as_it_was_typed() -> None:
    said = in_vietnamese("cron = '{0} {field} * *' has 4 fields, not five.")
    assert said is not None
    assert said[0] == "cron = '{0} {field} * *' có 4 phần, không phải năm."
    assert in_vietnamese("The disk is full.") is None
