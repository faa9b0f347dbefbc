"""Captions: out of the text and to their pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from news.article import Block, Image
from news.clean.credits import photographer
from news.clean.text import fold

_CAPTION_CHARS = 300
_PLAIN_CAPTION_CHARS = 130
# So many lines with the names of picture files may stand between a picture and its caption.
_FILE_NAMES = 20


def attach_captions(blocks: Sequence[Block]) -> list[Block]:
    """Captions leave the text and join their pictures: a caption belongs to the pictures right before it that have
    none, or, where it comes first, to the picture right behind it. What merely repeats a caption goes too."""
    result: list[Block] = []
    captions: set[str] = set()
    for index, block in enumerate(blocks):
        picture = _bare_picture(result)
        if block.kept:
            result.append(block)
            continue
        if block.kind == "caption" or (picture is not None and _looks_like_caption(block, blocks, index)):
            captions.add(fold(block.text))
            if picture is not None:
                result[picture] = _captioned(result[picture], block.text)
            elif index + 1 < len(blocks) and blocks[index + 1].kind == "image":
                result.append(Block("pending", block.text))
            continue
        if block.kind == "image" and result and result[-1].kind == "pending":
            block = _captioned(block, result.pop().text)
        if block.text and len(block.text) < _CAPTION_CHARS and fold(block.text) in captions:
            continue
        result.append(block)
    return [block for block in result if block.kind != "pending"]


def _bare_picture(blocks: Sequence[Block]) -> int | None:
    """The index of the picture that a caption coming now would belong to."""
    for index in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _FILE_NAMES), -1):
        block = blocks[index]
        if block.kind == "image" and block.image:
            return index if not block.image.caption else None
        if not re.fullmatch(r"\S+\.(?:jpe?g|png|gif|webp)", block.text, re.IGNORECASE):
            return None
    return None


def _looks_like_caption(block: Block, blocks: Sequence[Block], index: int) -> bool:
    """A short paragraph under a picture: set apart by its look, or credited, or a mere line before running text."""
    if block.kind not in ("paragraph", "heading") or not block.text or len(block.text) > _CAPTION_CHARS:
        return False
    if re.fullmatch(r"\S+\.(?:jpe?g|png|gif|webp)", block.text, re.IGNORECASE):
        return False
    if block.style & {"italic", "center"} or photographer(block.text) or block.text.startswith(("Ảnh:", "(Ảnh")):
        return True
    following = next((b for i in range(index + 1, len(blocks)) if (b := blocks[i]).text), None)
    return (
        block.kind == "paragraph"
        and len(block.text) <= _PLAIN_CAPTION_CHARS
        and not block.text.endswith((":", ";"))
        and "bold" not in block.style
        and following is not None
        and (len(following.text) > 1.5 * len(block.text) or following.text == block.text)
    )


def _captioned(block: Block, caption: str) -> Block:
    assert block.image is not None
    return block._replace(image=Image(block.image.url, caption, photographer(caption)))
