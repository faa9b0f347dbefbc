"""The grammars of the formats, as far as they were published; the rest is after their specifications."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from lxml import etree

_SCHEMAS = Path(__file__).parent / "schemas"


def faults(name: str, document: bytes) -> str:
    """What is wrong with a document of the format; "" where nothing is."""
    if name == "json":
        return "\n".join(f"{error.json_path}: {error.message}" for error in _json().iter_errors(json.loads(document)))
    grammar = _xml(name)
    if grammar.validate(etree.fromstring(document, etree.XMLParser(huge_tree=True))):
        return ""
    return str(grammar.error_log)


@cache
def _xml(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(_SCHEMAS / f"{name}.rng"))


@cache
def _json() -> Draft202012Validator:
    return Draft202012Validator(json.loads((_SCHEMAS / "jsonfeed.json").read_text(encoding="utf-8")))
