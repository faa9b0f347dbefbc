"""Legal documents named in a text: number, kind, issuer and date, each number in its one normal form.

Forms: "13/2023/NĐ-CP", "1131/QĐ-TTg" (state), "57-NQ/TW" (Party), "36/2018/QH14" (National Assembly), "1234/BKHCN-VP"
(a letter, which names its organ and department). A number below ten has a zero before it, as Decree 30/2020/NĐ-CP
(appendix I) has it. The codes are in legal.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from news.article import Document
from news.dates import parse_date

# One to one, so that places in the text stay the same: every dash is a hyphen, the Icelandic Ð a Đ, a space a space.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_ALIKE = {**dict.fromkeys(_DASHES, "-"), "\u00d0": "Đ", "\u00f0": "đ", "\u00a0": " ", "\u2215": "/"}
_UNLIKE = re.compile(f"[{''.join(map(re.escape, _ALIKE))}]")
_WORDS = (
    "Thông tư liên tịch|Nghị quyết liên tịch|Nghị quyết|Chỉ thị|Quyết định|Nghị định|Thông tư|Kết luận|Bộ luật|Luật"
    "|Pháp lệnh|Kế hoạch|Thông báo|Công điện|Công văn|Hướng dẫn|Quy định|Quy chế|Báo cáo|Tờ trình|Chương trình|Lệnh"
    "|Văn bản hợp nhất|Văn bản|Giấy phép|Đề án"
)
_CODE = r"[^\W\d_](?:[^\W_]|&){0,15}"
_NUMBER = re.compile(
    rf"(?<![\w/.,-])(?P<n>\d{{1,5}}(?:\.\d{{1,2}}(?=/2\d{{3}}/)|[a-d])?)"
    rf"(?:\s?/\s?(?P<y>(?:19|20)\d{{2}}))?\s?(?P<joint>[/-])\s?"
    rf"(?P<codes>{_CODE}(?:(?:\s?[-/]\s?)(?=[^\W\d_])(?:{_CODE}))?(?:[-/]{_CODE}){{0,6}})(?!\w)",
    re.IGNORECASE,
)
_SITTING = re.compile(r"(?P<organ>UBTVQH|QH)(?P<n>\d{1,2})", re.IGNORECASE)
_DAY = r"\d{1,2}\s?(?:[/.-]\s?\d{1,2}\s?[/.-]|tháng\s\d{1,2}(?:\s?năm|,)?)\s?\d{4}"
_AFTER = re.compile(
    rf"\s*[(,]?\s*(?:của\s+[^.,;()\d]{{2,70}}?[\s,(]+)?(?:(?:được )?(?:ký|ban hành)\s+)?(?:ngày\s*)?(?P<day>{_DAY})",
    re.IGNORECASE,
)
_OF = re.compile(r"[^.;\n]{0,40}?của\s+(?P<who>[^.;\n]{2,80})")
# The kind stands before the number; looked for backwards from it, so that a text without numbers costs nothing.
_BEFORE = re.compile(rf"\b(?P<word>{_WORDS})\s+(?:\(?số(?: hiệu)?\s*:?\s*)?$", re.IGNORECASE)
_BEFORE_CHARS = 40
# "Ngày 22/12/2024, Bộ Chính trị đã ban hành Nghị quyết số ...": the day stands before what was issued on it.
_ISSUED = re.compile(
    rf"ngày\s+(?P<day>{_DAY}),?\s+(?:[^.;\d]{{0,60}}\s)?(?:đã\s+)?(?:ký(?: ban hành)?|ban hành|có)\s+$", re.IGNORECASE
)
_ISSUED_CHARS = 120
_LIST = re.compile(r"\s*(?:,|;|và|hoặc|,\s*và)\s*(?:số\s*:?\s*)?")


class _Named(NamedTuple):
    """A number as its codes are understood: `said` is the organ whose words behind "của" say more than the code."""

    number: str
    kind: str
    certain: bool
    issuer: str
    said: str


def documents(text: str) -> tuple[Document, ...]:
    """The documents a text names, in order, each once, with what any of its mentions states."""
    text = _UNLIKE.sub(lambda found: _ALIKE[found[0]], text)
    found: dict[str, Document] = {}
    end, kind = 0, ""
    for match in _NUMBER.finditer(text):
        before = _BEFORE.search(text[max(0, match.start() - _BEFORE_CHARS) : match.start()])
        word = before["word"] if before else kind if _LIST.fullmatch(text[end : match.start()]) else ""
        named = _understood(match, known=bool(before))
        if named is None:
            continue
        end, kind = match.end(), word
        known = found.get(named.number, Document(named.number))
        found[named.number] = Document(
            named.number,
            known.kind or _kind(named, word),
            known.issued or _issued(text, match, before.start() if before else 0),
            _more(known.issuer, _issuer(text, match, named)),
        )
    return tuple(found.values())


def _understood(match: re.Match[str], *, known: bool) -> _Named | None:
    """What a number says; None where it is a figure, a plate or an address. `known`: a kind's name stands before it."""
    whole = re.match(r"\d+", match["n"])
    figure, rest = (int(whole[0]), match["n"][whole.end() :].lower()) if whole else (0, "")
    number = f"{figure:02d}{rest}"
    raw = [part.replace("&", "") for part in re.split(r"\s?[-/]\s?", match["codes"])]
    sitting = _SITTING.fullmatch(raw[0])
    if sitting:
        organ = sitting["organ"].upper()
        if not match["y"] or len(raw) > 1:
            return None
        name = f"{_codes().state[organ.casefold()][1]} khóa {int(sitting['n'])}"
        kind = "Luật" if organ == "QH" else "Nghị quyết"
        return _Named(f"{number}/{match['y']}/{organ}{int(sitting['n'])}", kind, False, name, "")
    codes = _codes()
    if len(raw) < 2 or not figure:
        return None
    first, *organs = raw
    kind_code, kind = codes.kinds.get(first.casefold(), ("", ""))
    issuers = [found for part in organs if (found := codes.organ(part))]
    if kind_code:
        return _by_kind(match, number, kind_code, kind, organs, issuers, known=known)
    sender = codes.organ(first)
    if match["joint"] == "/" and (known or sender) and first[0].isupper() and organs[0][:1].isupper():
        code = sender[0] if sender else first
        joined = "/".join(filter(None, (number, match["y"], "-".join([code, *organs]))))
        return _Named(joined, "Công văn" if sender else "", False, sender[1] if sender else "", code)
    return None


def _by_kind(
    match: re.Match[str],
    number: str,
    code: str,
    kind: str,
    organs: list[str],
    issuers: list[tuple[str, str]],
    *,
    known: bool,
) -> _Named | None:
    small = match["codes"][0].islower() or organs[0][0].islower()
    if small and not issuers:
        return None
    if match["joint"] == "-" and "/" not in match["codes"] and not issuers:
        return None
    if not issuers and not known and not organs[0][:2].isupper():
        return None
    written = [(_codes().organ(part) or (part, ""))[0] for part in organs]
    named = "; ".join(dict.fromkeys(name for _, name in issuers)) if code in ("TTLT", "NQLT") else ""
    issuer = named or (issuers[0][1] if issuers else "")
    organ = issuers[0][0] if issuers else ""
    if _codes().is_party(organ) or (match["joint"] == "-" and "/" in match["codes"] and not issuers):
        return _Named(f"{number}-{code}/{'-'.join(written)}", kind, code != "QĐ", issuer, organ)
    joined = "/".join(filter(None, (number, match["y"], "-".join([code, *written]))))
    return _Named(joined, kind, True, issuer, organ)


def _kind(named: _Named, word: str) -> str:
    """The code says what a document is, but for laws, letters and the Party's QĐ, which is also a Quy định."""
    said = word[:1].upper() + word[1:].lower()
    return said if said and said != "Văn bản" and not named.certain else named.kind


def _issued(text: str, match: re.Match[str], before: int) -> date | None:
    """The day behind the number, or the one on which somebody "ban hành" it; of the year that the number names."""
    start = max(0, match.start() - _BEFORE_CHARS) + before
    after = _AFTER.match(text[match.end() : match.end() + 130])
    ahead = _ISSUED.search(text[max(0, start - _ISSUED_CHARS) : start]) if before or match.start() else None
    for found in (after, ahead):
        stamp = parse_date(found["day"]) if found else None
        if stamp and match["y"] in (None, str(stamp.when.year)):
            return stamp.when.date()
    return None


def _issuer(text: str, match: re.Match[str], named: _Named) -> str:
    """Who issued it by its code; where the code names a rank of organs, by the words behind "của" if they tell."""
    pattern = _codes().said.get(named.said)
    of = _OF.match(text[match.end() : match.end() + 130]) if pattern else None
    said = pattern.search(of["who"].partition(",")[0]) if pattern and of else None
    return said[0].strip() if said else named.issuer


def _more(known: str, found: str) -> str:
    """Of two names of an issuer the one that tells which organ of its rank it is."""
    general = {name for _, name in (*_codes().party.values(), *_codes().state.values())}
    return found if not known or (known in general and found) else known


class _Codes(NamedTuple):
    """Codes in small letters to (the code as it is written, what it stands for)."""

    kinds: Mapping[str, tuple[str, str]]
    party: Mapping[str, tuple[str, str]]
    state: Mapping[str, tuple[str, str]]
    said: Mapping[str, re.Pattern[str]]

    def organ(self, code: str) -> tuple[str, str] | None:
        letters = code.rstrip("0123456789")
        key = letters.casefold()
        known = self.party.get(key) or self.state.get(key)
        return (known[0] + code[len(letters) :], known[1]) if known else None  # UBTVQH14: of which term

    def is_party(self, code: str) -> bool:
        return code.casefold() in self.party


@cache
def _codes() -> _Codes:
    table = tomllib.loads((files("news.extract") / "legal.toml").read_text(encoding="utf-8"))
    kinds, party, state = (
        {code.casefold(): (code, name) for code, name in table[name].items()} for name in ("kinds", "party", "state")
    )
    return _Codes(kinds, party, state, {code: re.compile(words) for code, words in table["said"].items()})
