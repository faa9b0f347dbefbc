"""A site as the text of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from news.site import Site, Source

HEAD = "# Proposed by `bantin sites add` from the home page: look at every line, then see docs/adding-a-site.md."


def toml_of(site: Site, notes: Iterable[str] = ()) -> str:
    """The file that declares the site, without what is at its default; `notes` become comments at its head."""
    blocks = ["\n".join([HEAD, *(f"# {printable(note)}" for note in notes), *_keys(site)])]
    blocks += ["\n".join(_source(source)) for source in site.sources]
    return "\n\n".join(blocks) + "\n"


def _keys(site: Site) -> Iterator[str]:
    yield f"id = {toml_text(site.id)}"
    yield f"name = {toml_text(site.name)}"
    yield f"kind = {toml_text(site.kind)}"
    if site.territory:
        yield f"territory = {toml_text(site.territory)}"
    yield f"hosts = {toml_list(site.hosts)}"
    yield f"home = {toml_text(site.home)}"
    if site.family:
        yield f"family = {toml_text(site.family)}"
    if site.article_urls:
        yield f"article_urls = {toml_list(site.article_urls)}"
    if site.deny_urls:
        yield f"deny_urls = {toml_list(site.deny_urls)}"
    if site.allow_private_network:
        yield "allow_private_network = true"
    yield f"verified = {'true' if site.verified else 'false'}"


def _source(source: Source) -> Iterator[str]:
    yield "[[source]]"
    yield f"kind = {toml_text(source.kind)}"
    yield f"url = {toml_text(source.url)}"
    if source.paging:
        yield f"paging = {toml_text(source.paging)}"
    if source.first != 1:
        yield f"first = {source.first}"
    if source.section:
        yield f"section = {toml_text(source.section)}"
    if source.max_pages != 50:
        yield f"max_pages = {source.max_pages}"


def toml_list(texts: Iterable[str]) -> str:
    """Texts as TOML has them."""
    rows = [toml_text(text) for text in texts]
    line = f"[{', '.join(rows)}]"
    return line if len(line) <= 100 else "[\n" + "".join(f"    {row},\n" for row in rows) + "]"


def toml_text(value: str) -> str:
    """A literal string where it saves backslashes, else a basic one."""
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08X}" for letter in escaped) + '"'


def printable(note: str) -> str:
    """The text of a comment, on one line."""
    return "".join(letter if letter.isprintable() else " " for letter in note)
