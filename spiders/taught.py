"""Taught rules as rows of a site file: [[selectors]] tables before those that are there, each with who taught it."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from news.article import VIETNAM
from news.errors import BantinError
from news.review.rules import SiteRule
from news.site import Selectors, Site
from spiders.propose.sitefile import printable, toml_list

_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*selectors[ \t]*\]\]", re.MULTILINE)


def rows(rules: Sequence[SiteRule]) -> str:
    """The rules as a site file says them, the last taught first, as news.site.Site.with_rules tries them."""
    return "\n".join("\n".join(_row(rule)) + "\n" for rule in reversed(rules))


def export(path: Path, rules: Sequence[SiteRule]) -> None:
    """Puts the rules that are not there yet into a site file. Raises BantinError where that cannot be, and leaves the
    file as it was."""
    try:
        text = path.read_bytes().decode()
        before = Site.parse(tomllib.loads(text))
        missing = [rule for rule in rules if _plain(rule.selectors) not in before.selectors]
        if not missing:
            return
        after = _with(text, rows(missing))
        wanted = (*(_plain(rule.selectors) for rule in reversed(missing)), *before.selectors)
        if Site.parse(tomllib.loads(after)) != replace(before, selectors=wanted):
            raise BantinError(f"{path} would not say the same with the rules in it.", "Put the rows in by hand.")
        _replace(path, text, after)
    except OSError as error:
        raise BantinError(f"{path} cannot be written: {error.strerror}.", "Check its permissions.") from None
    except ValueError as error:  # no UTF-8, no TOML, or selectors written as a list
        raise BantinError(f"{path} cannot take the rules: {error}.", "Put the rows in by hand.") from None


def _row(rule: SiteRule) -> Iterator[str]:
    day = f"{rule.at.astimezone(VIETNAM):%d/%m/%Y}" if rule.at else "an unknown day"
    yield f"# {printable(f'Taught at the desk by {rule.by} on {day} (rule {rule.id}).')}"
    yield "[[selectors]]"
    selectors = rule.selectors
    lists = {name: getattr(selectors, name) for name in Selectors.LISTS}
    for name, values in {**selectors.fields, **lists}.items():
        if values:
            yield f"{name} = {toml_list(values)}"


def _plain(selectors: Selectors) -> Selectors:
    return replace(selectors, taught=False)


def _with(text: str, added: str) -> str:
    """The rows before the first table of its kind and the comment above that, or at the end."""
    found = _TABLE.search(text)
    if found is None:
        return f"{text.rstrip()}\n\n{added}"
    lines = text[: found.start()].splitlines(keepends=True)
    while lines and lines[-1].lstrip().startswith("#"):
        lines.pop()
    place = sum(map(len, lines))
    return f"{text[:place]}{added}\n{text[place:]}"


def _replace(path: Path, before: str, after: str) -> None:
    """Puts the new text in the place of the old one, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after.encode())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777)
        if path.read_bytes().decode() != before:
            raise BantinError(f"{path} was changed by somebody else meanwhile.", "Run the command again.")
        os.replace(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
