"""Bylines, source lines and agency marks: who wrote an article and whom it was taken from, out of its text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from news.article import Block, Removed

# How many blocks from the end may be credits: source, author, photographer, editor, translator.
TAIL = 5
_SOURCE = re.compile(
    r"[(\[]?\s*(?:nguồn(?: tin)?|theo nguồn|dẫn nguồn|nguồn bài)\s*:\s*(?P<name>.{2,150}?)\s*[)\]]?\.?", re.IGNORECASE
)
_THEO = re.compile(r"[(\[]?\s*[Tt]heo\s*:?\s+(?P<name>[A-ZĐÀ-Ỹ][^.!?;,]{1,60}?)\s*[)\]]?\.?")
_AUTHOR = re.compile(
    r"(?:tác giả|bài(?: viết)?(?:,| và)? ảnh|tin(?:,| và) (?:bài|ảnh)|tin, bài, ảnh|bài viết|bài|tin|thực hiện"
    r"|người viết|phóng viên"
    r"|biên tập|pv|ctv|nhóm pv)\s*:\s*(?P<name>.{2,120})",
    re.IGNORECASE,
)
_PHOTO = re.compile(r"\(?(?:ảnh|photo|clip|video|đồ họa)\s*:\s*.{2,80}\)?", re.IGNORECASE)
_WORD = r"(?:[A-ZĐÀ-ÝĂƠƯẠ-Ỹ][\w.]*)"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,5}}(?:\s*(?:[,;&/–-]|và)\s*{_WORD}(?: {_WORD}){{0,5}}){{0,4}}")
_REMARK = re.compile(r"\s*\((?P<remark>[^()]{2,60})\)\s*$")
# Words that end a sentence or a letter in capitals and are no person: signatures of offices, "Kính báo".
_NOT_NAMES = re.compile(
    r"^(?:trân trọng|xin cảm ơn|kính báo|nơi nhận|hết|việt nam|phụ lục|điều|chương|mục|khoản|tin)\b|\d", re.IGNORECASE
)


class Credits(NamedTuple):
    """What the tail of a text said, and the blocks without those lines."""

    blocks: tuple[Block, ...]
    author: str
    source: str
    removed: tuple[Removed, ...]


def take_credits(blocks: Sequence[Block]) -> Credits:
    """Take byline and source lines off the end of an article."""
    kept = list(blocks)
    author = source = ""
    removed: list[Removed] = []
    for index in range(len(kept) - 1, max(0, len(kept) - TAIL) - 1, -1):
        block = kept[index]
        if block.kind == "image":
            continue
        if block.kind not in ("paragraph", "heading", "quote") or len(block.text) > 170:
            break
        found = _credit(block, last=index == len(kept) - 1 or bool(removed))
        if found is None:
            break
        author, source = found[0] or author, found[1] or source
        removed.append(
            Removed(block.text, "credits:byline" if found[0] else "credits:source" if found[1] else "credits:photo")
        )
        del kept[index]
    return Credits(tuple(kept), author, source, tuple(reversed(removed)))


def person(text: str) -> str:
    """The name in a byline field: without "Tác giả:", "Theo", "Bài và ảnh:", and what stands in brackets."""
    text = _REMARK.sub("", text.strip(" -–|:;,"))
    labelled = _AUTHOR.fullmatch(text)
    text = labelled["name"] if labelled else text
    return re.sub(r"^(?:theo|by)\s+", "", text, flags=re.IGNORECASE).strip(" -–|:;,.")


def organisation(text: str) -> str:
    """The name in a source field: without "Nguồn:" and "Theo"."""
    text = text.strip(" -–|;,()[]")
    found = _SOURCE.fullmatch(text)
    text = found["name"] if found else text
    return re.sub(r"^theo\s+", "", text, flags=re.IGNORECASE).strip(" -–|:;,.()[]")


def take_agency_mark(lead: str) -> tuple[str, str]:
    """The lead without the agency mark at its front, and the agency ("" where there is none)."""
    found = _mark().match(lead)
    if not found:
        return lead, ""
    return lead[found.end() :].strip(), (found["boxed"] or found["bare"]).strip()


def photographer(caption: str) -> str:
    """Who took the picture, as its caption says ("… Ảnh: Hồng Khanh")."""
    found = re.search(r"\(?\b(?:Ảnh|ẢNH|Photo|Nguồn ảnh)\s*:\s*([^()]{2,60}?)\s*[).]*$", caption)
    return found[1].strip() if found else ""


def _credit(block: Block, *, last: bool) -> tuple[str, str] | None:
    """(author, source) that a block names, ("", "") for a photo line, None for a block of the article."""
    text = block.text.strip()
    if found := _SOURCE.fullmatch(text) or _THEO.fullmatch(text):
        return "", organisation(found["name"])
    if found := _AUTHOR.fullmatch(text):
        return person(found["name"]), ""
    if _PHOTO.fullmatch(text):
        return "", ""
    remark = _REMARK.search(text)
    bare = _REMARK.sub("", text).strip(" -–./")
    styled = bool(block.style & {"right", "bold", "italic"})
    if not last or len(bare) > 70 or not _NAME.fullmatch(bare) or _NOT_NAMES.search(bare):
        return None
    words = len(bare.split())
    if words < 2 and not styled:
        return None
    source = organisation(remark["remark"]) if remark else ""
    return bare, source


@cache
def _mark() -> re.Pattern[str]:
    table = tomllib.loads((files("news.clean") / "rules" / "agencies.toml").read_text(encoding="utf-8"))
    bare = "|".join(re.escape(mark) for mark in sorted(table["marks"], key=len, reverse=True))
    return re.compile(rf"\s*(?:\((?P<boxed>[^()\d]{{2,30}})\)|(?P<bare>{bare}))\s*[-–—:]+\s*(?=\S)")
