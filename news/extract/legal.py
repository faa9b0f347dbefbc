"""Legal documents named in a text: number, kind and date, each in one normal form.

Forms of numbers: Decree 30/2020/NĐ-CP (clerical work), Law 80/2015/QH13 (legal documents), and Guidance 36-HD/VPTW of
the Party's Central Office, which writes a hyphen between number and kind.
"""

from __future__ import annotations

import re

from news.article import Document
from news.dates import parse_date

_KINDS = {
    "NQ": "Nghị quyết", "CT": "Chỉ thị", "QĐ": "Quyết định", "NĐ": "Nghị định", "TT": "Thông tư", "KL": "Kết luận",
    "TTLT": "Thông tư liên tịch", "KH": "Kế hoạch", "TB": "Thông báo", "CĐ": "Công điện", "HD": "Hướng dẫn",
    "QH": "Luật", "BC": "Báo cáo", "TTr": "Tờ trình", "CV": "Công văn", "PL": "Pháp lệnh", "L": "Lệnh", "QC": "Quy chế",
    "CTr": "Chương trình", "ĐA": "Đề án", "GM": "Giấy mời", "QyĐ": "Quy định",
}  # fmt: skip
_WORDS = (
    "Thông tư liên tịch|Nghị quyết|Chỉ thị|Quyết định|Nghị định|Thông tư|Kết luận|Bộ luật|Luật|Pháp lệnh|Kế hoạch"
    "|Thông báo|Công điện|Công văn|Hướng dẫn|Quy định|Báo cáo|Tờ trình|Chương trình|Văn bản"
)
_CODE = r"[A-ZĐ][A-Za-zĐđƯư]{0,5}"
_NUMBER = re.compile(
    rf"(?<![\w/-])(?P<n>\d{{1,5}})\s?"
    rf"(?:/\s?(?P<y>(?:19|20)\d{{2}})\s?/\s?(?P<a>(?:{_CODE}\s?-\s?[A-ZĐ][\w&]{{0,12}})|QH\d{{1,2}})"
    rf"|/\s?(?P<b>{_CODE}\s?-\s?[A-ZĐ][\w&]{{0,14}})"
    rf"|\s?-\s?(?P<c>{_CODE}\s?/\s?[A-ZĐ][\w.&]{{0,12}}))(?![\w])"
    r"(?P<tail>,?\s*(?:(?:ký |ban hành )?ngày)?\s*\d{1,2}\s?"
    r"(?:[/.-]\s?\d{1,2}\s?[/.-]|tháng\s\d{1,2}(?:\s?năm|,)?)\s?\d{4})?",
    re.IGNORECASE,
)
# The kind stands before the number; looked for backwards from it, so that a text without numbers costs nothing.
_BEFORE = re.compile(rf"\b(?P<word>{_WORDS})\s+(?:số\s*:?\s*)?$", re.IGNORECASE)
_BEFORE_CHARS = 40


def documents(text: str) -> tuple[Document, ...]:
    """The documents a text names, in order, each once; the date and kind of the mention that states them."""
    found: dict[str, Document] = {}
    for match in _NUMBER.finditer(text):
        code = next(match[name] for name in "abc" if match[name])
        code = re.sub(r"\s", "", code).rstrip(".")
        if not code[0].isupper() or not code.rpartition("-" if not match["c"] else "/")[2][:1].isupper():
            continue
        parts = (match["n"], match["y"], code) if match["y"] else (match["n"], code)
        number = ("-" if match["c"] else "/").join(parts)
        stamp = parse_date(match["tail"]) if match["tail"] else None
        known = found.get(number)
        named = _BEFORE.search(text[max(0, match.start() - _BEFORE_CHARS) : match.start()])
        kind = _kind(named["word"] if named else "", code)
        found[number] = Document(
            number,
            known.kind if known and known.kind else kind,
            known.issued if known and known.issued else stamp.when.date() if stamp else None,
        )
    return tuple(found.values())


def _kind(word: str, code: str) -> str:
    if word and word.lower() != "văn bản":
        return word[0].upper() + word[1:].lower()
    start = re.split(r"[-/\d]", code)[0]
    return _KINDS.get(start, "")
