"""What a user can set, call or write is documented, and what is documented exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

import config as settings
from cli.dedupe import Judged
from cli.main import app
from crawler.intake import Outcome
from news.article import Article, Decision, Status, StoredArticle
from news.event import Event, EventKind
from news.export.columns import ARTICLE, COLUMNS, ListOf, MapOf, Struct, Type
from news.schedule import Expect, Schedule
from news.selection import NAMES
from news.site import Politeness, Selectors, Site, Source, UrlRules
from news.story import Story, story_json, told
from news.tls import Tls
from storage.biography import Known
from storage.now import Now
from storage.recounting import to_json
from web import api
from web.api import articles
from web.problems import KINDS

ROOT = Path(__file__).resolve().parent.parent
# What the desk alone is told of a stored article, or the store keeps for itself.
_UNTOLD = ("article", "keys", "fingerprint", "review")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str, heading: str = "", end: str = "\n## ") -> set[str]:
    """The first cells of the tables of a document, or of one chapter of it, up to what begins with `end`."""
    text = read(name)
    if heading:
        text = text.partition(heading)[2].partition(end)[0]
    cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def verbs(group: Any, above: str = "bantin") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


VERBS = dict(verbs(typer.main.get_command(app)))


def test_every_setting_is_documented_with_its_default() -> None:
    assert rows("docs/settings.md") == {setting.name for setting in settings.SETTINGS}
    for setting in settings.SETTINGS:
        told = re.search(rf"^\| `{setting.name}` \| ([^|]+) \|", read("docs/settings.md"), re.MULTILINE)
        assert told
        if setting.name != "BANTIN_SITES_DIR":  # a place in the installation, told in words
            assert told[1] == (f"`{setting.default}`" if setting.default else "(empty)"), setting.name


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_is_documented(verb: str) -> None:
    heading = re.search(rf"^### .*`{verb}[` ].*$", read("docs/cli.md"), re.MULTILINE)
    assert heading, f"docs/cli.md has no chapter on {verb}"
    chapter = read("docs/cli.md").partition(heading[0])[2].partition("\n#")[0]
    options = {option for parameter in VERBS[verb].params for option in parameter.opts if option.startswith("--")}
    missing = {option for option in options - {"--help"} if not re.search(rf"{option}\b", chapter)}
    assert not missing, f"{verb} in docs/cli.md does not tell of {missing}"


def test_every_documented_option_exists() -> None:
    known = {option for command in VERBS.values() for parameter in command.params for option in parameter.opts}

    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", read("docs/cli.md"))) <= known | {"--help"}


@pytest.mark.parametrize("name", ["README.md", "README.vi.md", "docs/adding-a-site.md", "docs/cli.md"])
def test_every_command_shown_is_one_that_exists(name: str) -> None:
    for line in re.findall(r"^ {4}(bantin .+)$|`(bantin [^`]+)`", read(name), re.MULTILINE):
        words = "".join(line).split()
        verb = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in VERBS), None)
        assert verb or " ".join(words) in ("bantin VERB --help",), f"{name} shows {words}"
        known = {option for parameter in VERBS[verb].params for option in parameter.opts} if verb else {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, f"{name} shows {words}"


def test_every_key_of_a_site_file_is_documented() -> None:
    chapters = {
        "## Keys of the site": Site,
        "## Keys of `[[source]]`": Source,
        "## Keys of `[politeness]`": Politeness,
        "## Keys of `[urls]`": UrlRules,
        "## Keys of `[schedule]`": Schedule,
        "## Keys of `[tls]`": Tls,
        "## Keys of `[expect]`": Expect,
    }
    for heading, kind in chapters.items():
        wanted = {f.name for f in fields(kind) if not f.metadata.get("observed")}  # type: ignore[arg-type]
        assert rows("docs/adding-a-site.md", heading) == wanted, heading
    selectors = {*Selectors.FIELDS, *Selectors.LISTS, "since", "until"}
    assert rows("docs/adding-a-site.md", "## Keys of `[[selectors]]`") == selectors


def test_the_site_of_the_manual_is_a_site() -> None:
    import tomllib

    block = re.search(r"```toml\n(.*?)```", read("docs/adding-a-site.md"), re.DOTALL)
    assert block
    site = Site.parse(tomllib.loads(re.sub(r"^ {3}", "", block[1], flags=re.MULTILINE)))

    assert len(site.sources) == 2


def test_every_name_of_the_articles_json_is_documented() -> None:
    article = Article(url="https://x.vn/", site="x")
    stored = {name for name in StoredArticle.__dataclass_fields__ if name not in _UNTOLD}

    assert rows("docs/api.md", "# The article as JSON") == set(article.to_json()) | stored


def test_every_name_of_a_storys_and_an_events_json_is_documented() -> None:
    now = datetime.now(UTC)
    article = Article(url="https://x.vn/", site="x")
    stored = StoredArticle("a", article, ("x.vn",), (), "", "s", Status.PUBLISHED, 1, now, now)
    story = story_json(Story("s", ("a",), now), told([stored]))

    assert rows("docs/api.md", "## The story as JSON") == set(story) | set(story["articles"][0])
    event = Event(1, EventKind.CREATED, "a", "x", "s", 1, now)
    assert rows("docs/api.md", "## The event as JSON") == set(event.to_json())
    kinds = re.search(r"^\| `kind` \|.*$", read("docs/api.md").partition("## The event as JSON")[2], re.MULTILINE)
    assert kinds
    assert {kind for kind in EventKind if f"`{kind}`" not in kinds[0]} == set()


def test_every_column_of_an_export_is_documented_with_its_type() -> None:
    chapter = read("docs/api.md").partition("### Columns")[2].partition("\n- Parquet:")[0]
    shown = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", chapter, re.MULTILINE)

    assert shown == [(column.name, told_type(column.type)) for column in COLUMNS]
    stored = {name for name in StoredArticle.__dataclass_fields__ if name not in _UNTOLD}
    article = set(Article(url="https://x.vn/", site="x").to_json())
    assert {column.name for column in COLUMNS} == article | stored | {"deleted", "cursor"}


def told_type(kind: Type) -> str:
    if isinstance(kind, ListOf):
        return f"list<{told_type(kind.item)}>"
    if isinstance(kind, MapOf):
        return f"map<string, {told_type(kind.value)}>"
    if isinstance(kind, Struct):
        inside = ", ".join(f"{column.name}: {told_type(column.type)}" for column in kind.fields)
        return "article" if kind.fields is ARTICLE else f"struct<{inside}>"
    return kind.value


def test_every_name_of_a_urls_json_is_documented() -> None:
    known = Known("https://x.vn/", ("x.vn",), None, None, None, None, (), (), None)

    assert rows("docs/api.md", "## A URL as JSON") == set(to_json(known))


def test_every_name_of_what_is_under_way_is_documented() -> None:
    now = Now((), {}, {}, (), None, None)

    assert rows("docs/api.md", "## What is under way as JSON") == set(now.to_json())


def test_every_name_of_a_judgements_json_is_documented() -> None:
    outcome = Outcome(Decision.NEW, None, "a", Article(url="https://x.vn/", site="x"), "")

    assert rows("docs/api.md", "## The judgement as JSON") == set(Judged(outcome, None, (), {}).to_json())


def test_every_resource_name_and_problem_of_the_api_is_documented() -> None:
    router = api.routes(None, None)  # type: ignore[arg-type]
    resources = {route.path.removeprefix("/api/v1") for route in router.routes if route.include_in_schema}  # type: ignore[attr-defined]

    assert {name for name in rows("docs/api.md", "## The API") if name.startswith("/")} == resources
    assert rows("docs/api.md", "### Names of a selection\n", "\n### ") == set(NAMES)
    own = {row.name for row in articles.NAMES} - set(NAMES)
    assert rows("docs/api.md", "### Names of `/articles`", "\n### ") == own
    assert rows("docs/api.md", "### Problems", "\n## ") == {kind.name for kind in KINDS}


def test_the_two_commands_of_the_readme_are_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for name in ("README.md", "README.vi.md"):
        shown = re.findall(r"^ {4}make (\w+)$", read(name), re.MULTILINE)
        assert shown == ["demo", "test"]
        assert set(shown) <= targets


def test_both_readmes_show_the_same_commands_and_the_same_run() -> None:
    shown = [
        re.findall(r"^ {4}\S.*$|```.*?```", read(name), re.MULTILINE | re.DOTALL)
        for name in ("README.md", "README.vi.md")
    ]
    blocks, translated = ([block for block in blocks if "BANTIN_CONTACT_URL" not in block] for blocks in shown)

    assert blocks == translated


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
