"""Bylines, source lines and agency marks: who wrote an article and whom it was taken from, out of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from news.article import Block, Removed
from news.clean.agencies import is_agency
from news.clean.text import fold

# How many blocks from the end may be credits: source, author, photographer, editor, translator.
TAIL = 5
_LONGEST = 170
_UPPER = "A-ZĐÀ-ÝĂƠƯẠ-Ỹ"
_LABEL_SOURCE = r"source|nguồn(?: tin| bài| trích)?|theo nguồn|dẫn nguồn|trích nguồn|bài gốc|link (?:bài )?gốc"
_LABEL_AUTHOR = (
    r"author|written by"
    r"|(?:tên )?tác giả(?: bài viết)?|người (?:viết|đăng|đưa tin)|phóng viên|thực hiện|nhóm (?:pv|phóng viên)|pv|ctv"
    r"|(?:tin|bài)(?: viết)?(?:\s*(?:,|và|&|-)?\s*(?:tin|bài|ảnh|clip|video))*"
)
_LABEL_OTHER = (
    r"(?:nguồn )?ảnh|photo|clip|video|đồ họa|biên tập|hiệu đính|duyệt"
    r"|(?:số )?lượt (?:xem|đọc)|đã xem|ngày (?:đăng|tạo|cập nhật)"
    r"|đăng (?:ngày|lúc)|cập nhật(?: lúc)?|từ khóa|tags?|chuyên mục|số ký hiệu"
)
_MADE = re.compile(r"(?:nguồn )?ảnh|photo|clip|video|đồ họa|biên tập|hiệu đính|duyệt", re.IGNORECASE)
_MOST_WORDS = 8
_LABELLED = re.compile(
    rf"(?:(?<=^)|(?<=[\s|;,.()\[–-]))"
    rf"(?:(?P<source>{_LABEL_SOURCE})|(?P<author>{_LABEL_AUTHOR})|(?P<other>{_LABEL_OTHER}))\s*:\s*",
    re.IGNORECASE,
)
_PLACE = rf"[{_UPPER}][^.!?;,]{{1,60}}?"
_OUTLET = r"(?:báo|đài|tạp chí|cổng|trang|tổng hợp|ttxvn|vietnam\+)\b[^.!?;,]{0,50}?|[A-ZĐ]{3,8}|[\w-]+(?:\.[\w-]+)+"
_THEO = re.compile(
    rf"[(\[]?\s*[Tt]heo\s*:?\s+(?P<name>(?:{_PLACE}|[\w-]+(?:\.[\w-]+)+)(?:\s*[,/&-]\s*(?i:{_OUTLET}))*)\s*[)\]]?\.?"
)
_WORD = rf"(?:[{_UPPER}][\w.]*)"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,5}}")
_BY = re.compile(r"^(?:theo|by|(?:được )?(?:viết|đăng) bởi|bởi|written by|ctv|pv|phóng viên)\s+", re.IGNORECASE)
# "Tin ảnh Lê Hoa", set to the right: a label without its colon.
_BEGUN = re.compile(r"(?:tin|bài)(?:\s*(?:,|và|-)?\s*(?:bài|ảnh|clip))*\s+", re.IGNORECASE)
_PICTURE = re.compile(r"\(?ảnh (?:minh h[oọ]a|tư liệu|internet|st|sưu tầm)\)?", re.IGNORECASE)
# Whoever signs for an office ends a document, not a report.
_SIGNED = re.compile(
    r"(?:TM|KT|TL|TUQ|T/M|Q)\.\s|(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG|CHỦ NHIỆM|TRƯỞNG BAN|BÍ THƯ)$"
)
_GATHERED = {"t/h": "tổng hợp", "th": "tổng hợp", "t.h": "tổng hợp", "st": "sưu tầm"}
# Offices behind a name say where somebody works: such a line is not parted.
_OFFICE = re.compile(
    r"(?:phòng|ban|sở|trung tâm|văn phòng|hội|công an|ubnd|chi cục|cục|trạm|bệnh viện|viện|vụ|đài (?:phát|truyền|tt)\w*"
    r"|(?:tỉnh|huyện|thành|xã) đoàn|trường (?:thpt|thcs|tiểu|đại|cao|mầm)\w*)\b",
    re.IGNORECASE,
)
# What somebody did to a text, not whom it was taken from.
_ACT = re.compile(
    r"(?:lược )?(?:thực hiện|ghi|ghi chép|chép|biên soạn|ảnh|bài(?:,| và) ảnh|pv|ctv|bút ký)", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*[,;&/|]\s*|\s+[–-]\s+|\s+và\s+")
_HYPHEN = re.compile(r"(?<=\w)[–-](?=[^\W\d_])")
_REMARK = re.compile(r"\s*\((?P<remark>[^()]{2,60})\)\s*$")
# The editors' desk as a whole wrote nothing; its line goes all the same.
_DESK = re.compile(r"(?:bbt|ban biên tập|btv|biên tập viên|admin|quản trị(?: viên)?)(?: \w+)?", re.IGNORECASE)
# Words that end a sentence or a letter in capitals and are no person: signatures of offices, "Kính báo".
_NOT_NAMES = re.compile(
    r"^(?:trân trọng|xin cảm ơn|kính báo|nơi nhận|hết|việt nam|phụ lục|điều|chương|mục|khoản|tin)\b|\d", re.IGNORECASE
)
_CREDIT = re.compile(
    r"\(?\b(?:Ảnh|ẢNH|Photo|Nguồn ảnh|Nguồn|Tư liệu ảnh)\s*:\s*(?P<a>[^()]{2,60}?)\s*[).]*$"
    r"|\((?:Ảnh|ẢNH|ảnh|Photo)\s+(?P<b>[^()]{2,60}?)\)[.\s]*$"
)


class Credits(NamedTuple):
    """What the tail of a text said, and the blocks without those lines. Several authors are joined by "; "."""

    blocks: tuple[Block, ...]
    author: str
    source: str
    removed: tuple[Removed, ...]


class Said(NamedTuple):
    """What one line says. `remark` is a source named only in brackets behind an author: "Thu Hà (tổng hợp)"."""

    author: str = ""
    source: str = ""
    remark: str = ""


# Headings of boxes below an article are shorter, and none of these kinds.
_BELOW, _TEXT = 60, frozenset({"image", "row", "item"})


def take_credits(blocks: Sequence[Block]) -> Credits:
    """Take byline and source lines off the end of an article. Of several sources the last stands, one in a line of its
    own before one in a remark."""
    kept = list(blocks)
    said: list[Said] = []
    removed: list[Removed] = []
    if any(_SIGNED.match(block.text) for block in kept[-TAIL:]):
        return Credits(tuple(kept), "", "", ())
    end = _end(kept)
    removed += [Removed(block.text, "credits:behind") for block in kept[end:] if block.text]
    del kept[end:]
    behind = len(removed)
    for index in range(len(kept) - 1, max(0, len(kept) - TAIL) - 1, -1):
        block = kept[index]
        if block.kind == "image":
            continue
        found = credit_line(block, last=index == len(kept) - 1 or len(removed) > behind)
        if found is None:
            break
        said.insert(0, found)
        rule = "byline" if found.author else "source" if found.source or found.remark else "photo"
        removed.insert(0, Removed(block.text, f"credits:{rule}"))
        del kept[index]
    return Credits(tuple(kept), authors(said), source_of(said), tuple(removed))


def _end(blocks: Sequence[Block]) -> int:
    """Where the text ends: behind a labelled byline or source line that only headings and labels follow, those of the
    boxes below the article."""
    for index in range(len(blocks) - 1, max(0, len(blocks) - TAIL), -1):
        block = blocks[index]
        if block.kept or block.kind in _TEXT or len(block.text) > _BELOW or block.text.endswith((".", "!", "?")):
            return len(blocks)
        found = labelled(blocks[index - 1].text) if len(blocks[index - 1].text) <= _LONGEST else None
        if found and (found.author or found.source):
            return len(blocks) if credit_line(block) else index
    return len(blocks)


def authors(said: Sequence[Said]) -> str:
    """The authors that lines name, in their order, each once."""
    return "; ".join(dict.fromkeys(name for line in said for name in line.author.split("; ") if name))


def source_of(said: Sequence[Said]) -> str:
    """The source that lines name: the last one in a line of its own, else the last remark."""
    named = [line.source for line in said if line.source]
    remarks = [line.remark for line in said if line.remark]
    return (named or remarks or [""])[-1]


def credit_line(block: Block, *, last: bool = True) -> Said | None:
    """What a block that is nothing but a credit says, empty for a photographer's; None for a block of the article. A
    bare name counts only at the very end of a text (`last`)."""
    text = block.text.strip()
    if block.kept or block.kind not in ("paragraph", "heading", "quote") or len(text) > _LONGEST:
        return None
    if found := labelled(text):
        return found
    if theo := _THEO.fullmatch(text):
        return _after_theo(theo["name"])
    if _PICTURE.fullmatch(text):
        return Said()
    return _bare(text, block.style) if last else None


def _after_theo(name: str) -> Said:
    """ "Theo Hồ Hương/Báo Đại Đoàn Kết" names a person and her paper; without a slash all of it is the source."""
    who, slash, outlet = name.partition("/")
    person_first = bool(slash) and is_name(who) and not is_agency(who) and re.fullmatch(_OUTLET, outlet, re.IGNORECASE)
    return Said(who.strip(), organisation(outlet)) if person_first else Said(source=organisation(name))


def _bare(text: str, style: frozenset[str]) -> Said | None:
    """What a last line without a label says: names, offices and agencies, alone or with a remark in brackets."""
    remark = _REMARK.search(text)
    bare = _REMARK.sub("", text).strip(" -–./()") or text.strip(" ()")
    said = remark["remark"].strip() if remark and remark.start() else ""
    source = "" if _ACT.fullmatch(said) else _GATHERED.get(said.lower(), organisation(said))
    if _DESK.fullmatch(bare):
        return Said(remark=source)
    if re.fullmatch(r"(?:bbt )?(?:tổng hợp|sưu tầm)", bare, re.IGNORECASE):
        return Said(remark=bare.lower())
    if all(is_agency(part) for part in _BETWEEN.split(bare)):
        return Said(source=bare, remark=source)
    styled = bool(style & {"right", "bold", "italic"})
    bare = _BY.sub("", _BEGUN.sub("", bare) if styled else bare)
    parts = _parted(bare)
    named = [part for part in parts if is_name(part) and not _OFFICE.match(part)]
    if "right" in style and len(bare) <= 70 and any(map(_OFFICE.match, parts)) and not re.search(r"\d", bare):
        return Said(author=bare, remark=source) if named else Said(source=bare)
    if len(named) != len(parts) or len(bare) > 70 or (not styled and len(bare.split()) < 2):
        return None
    agencies = [part for part in parts if is_agency(part)]
    people = [part for part in parts if part not in agencies]
    return Said("; ".join(people), agencies[-1] if agencies else "", source)


def _parted(text: str) -> list[str]:
    """The names in a line; a bare hyphen parts two that have two words each."""
    parts = [part for part in _BETWEEN.split(text) if part]
    halves = _HYPHEN.split(text)
    return halves if len(parts) == 1 and len(halves) == 2 and all(" " in half for half in halves) else parts


def labelled(text: str) -> Said | None:
    """What a line of labels says ("Tác giả: Thu Hà Nguồn tin: Báo Tây Ninh"); None where none stands at its front."""
    text = text.strip(" ()[]-–|")
    if not _LABELLED.match(text):
        return None
    marks = list(_LABELLED.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    values = [(mark, text[mark.end() : end].strip(" -–|;,.()[]")) for mark, end in zip(marks, ends, strict=True)]
    if any(len(value) > 120 or (not mark["source"] and value.count(". ")) for mark, value in values):
        return None
    # "Cập nhật: đến nay, ..." begins a sentence; alone, only who made the pictures or read the text is a credit.
    alone = all(mark["other"] for mark, _ in values)
    if alone and not all(_MADE.match(mark["other"]) and len(value.split()) <= _MOST_WORDS for mark, value in values):
        return None
    # "Tin: ..." and "Bài: ..." begin sentences too; what they name is a person or it is none.
    named = [value for mark, value in values if mark["author"] and value]
    if not all(is_name((_parted(value) or [""])[0]) or _DESK.match(value) or " " not in value for value in named):
        return None
    written = [_people(value) for value in named]
    if any(len(name.split()) > 6 for names in written for name in names.split("; ")):
        return None
    source = next((organisation(value) for mark, value in values if mark["source"] and value), "")
    return Said("; ".join(filter(None, written)), source)


def is_name(text: str) -> bool:
    """Whether a text is nothing but names, of people or of agencies."""
    parts = _BETWEEN.split(text)
    return len(text) <= 70 and all(_NAME.fullmatch(part) and not _NOT_NAMES.search(part) for part in parts)


def person(text: str) -> str:
    """The names in a byline field, joined by "; ": without "Tác giả:", "Theo", "Bài và ảnh:", and what stands in
    brackets."""
    text = _REMARK.sub("", text.strip(" -–|:;,"))
    mark = _LABELLED.match(text)
    text = text[mark.end() :] if mark and mark["author"] else text
    return _people(_BY.sub("", text).strip(" -–|:;,."))


def organisation(text: str) -> str:
    """The name in a source field: without "Nguồn:" and "Theo"; of an address its host."""
    text = text.strip(" -–|;,()[]")
    mark = _LABELLED.match(text)
    text = text[mark.end() :] if mark and mark["source"] else text
    text = re.sub(r"^theo\s+", "", text, flags=re.IGNORECASE).strip(" -–|:;,.()[]")
    named, _, address = text.partition("http")
    if not address:
        return text
    return named.strip(" -–|:;,.()[]") or (_host(f"http{address.split()[0]}") if address.split() else "")


def photographer(caption: str) -> str:
    """Who took the picture, as its caption says ("… Ảnh: Hồng Khanh")."""
    found = _CREDIT.search(caption)
    return (found["a"] or found["b"]).strip() if found else ""


def _people(text: str) -> str:
    """Names in one line apart, where each part is a name; otherwise the line as it is."""
    text = _REMARK.sub("", text).strip(" -–|:;,.")
    parts = _parted(text)
    if len(parts) > 1 and all(_NAME.fullmatch(part) and not _OFFICE.match(part) for part in parts):
        parts = [part for part in parts if not is_agency(part)] or parts
        return "; ".join(dict.fromkeys(parts))
    return "" if _DESK.fullmatch(fold(text)) or text.islower() else text


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
