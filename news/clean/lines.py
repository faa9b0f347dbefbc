"""How the blocks of an article stand in its body: a line each."""

from __future__ import annotations

from collections.abc import Iterable

from news.article import Block


def line_of(block: Block) -> str:
    """The block's line: an item begins with "- ", unless its author had it begin with a dash."""
    return f"- {block.text}" if block.kind == "item" and not block.text.startswith(("- ", "– ")) else block.text


def body_of(blocks: Iterable[Block]) -> str:
    """The body that the blocks make; pictures have no line."""
    return "\n".join(line_of(block) for block in blocks if block.text)
