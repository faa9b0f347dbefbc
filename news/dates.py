"""Dates as Vietnamese sites write them. Every result is aware; without a stated zone it is in +07:00.

The forms are those of the saved pages behind this project: weekday names, "ngày … tháng … năm …", dd/mm/yyyy with
-, / or ., the time before or after the date, "GMT+7" in all spellings, 24-hour clocks with AM behind them (cafef.vn),
SA/CH for AM/PM, and the broken machine forms of NukeViet and VietNamNet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from news.article import VIETNAM, Precision

# The first public web pages of Vietnamese authorities are of 1997; a later year than this is a typing error.
FIRST_YEAR, LAST_YEAR = 1995, 2099


class Stamp(NamedTuple):
    """A moment a text states: `precision` tells which part was written, `raw` the words, `start` where they began."""

    when: datetime
    precision: Precision
    raw: str
    start: int = 0


# Months in words, as WordPress and DotNetNuke print them in Vietnamese: "21 Tháng Tư, 2025".
_MONTH_NAMES = (
    "một|giêng", "hai", "ba", "tư|bốn", "năm", "sáu", "bảy|bẩy", "tám", "chín", "mười", "mười một", "mười hai|chạp",
)  # fmt: skip
_MONTHS = {word: number for number, words in enumerate(_MONTH_NAMES, 1) for word in words.split("|")}
_MONTH_WORDS = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SEP = r"[\s\u00a0,;:|–—-]{0,12}"
_WEEKDAY = rf"(?:(?:thứ\s+\w+|chủ nhật){_SEP})?"
_DAY = (
    r"(?:(?P<d>\d{1,2})\s*(?P<sep>[/.-])\s*(?P<m>\d{1,2})\s*(?P=sep)\s*(?P<y>\d{4})(?!\d)"
    r"|(?P<y2>\d{4})\s*(?P<sep2>[/.-])\s*(?P<m2>\d{1,2})\s*(?P=sep2)\s*(?P<d2>\d{1,2})(?!\d)"
    rf"|(?P<d3>\d{{1,2}})\s+(?:tháng|thg\.?)\s+(?P<m3>\d{{1,2}}|{_MONTH_WORDS})\s*(?:,|năm)?\s*(?P<y3>\d{{4}})(?!\d))"
)
_TIME = (
    r"(?P<{0}H>\d{{1,2}})\s?(?::|h|giờ\s?)\s?(?P<{0}M>\d{{2}})(?!\d)(?:\s?[:.](?P<{0}S>\d{{2}})(?!\d))?'?(?:\s?phút)?"
    r"(?:\s?(?P<{0}P>[AaPp][Mm]|SA|CH)\b)?(?:\s*\(?(?:GMT|UTC)\s?(?P<{0}Z>[+-]\d{{1,2}}(?::?\d{{2}})?)\)?)?"
)
_TEXT = re.compile(
    rf"(?<![\d/.-])(?:{_TIME.format('a')}{_SEP}{_WEEKDAY}(?:ngày{_SEP})?)?{_DAY}"
    rf"(?:[T\s\u00a0]?{_SEP}(?:lúc\s*)?{_TIME.format('b')})?",
    re.IGNORECASE,
)
# "2024-03-27+0708:42:50": NukeViet's PHP format prints the zone where the letter T should stand.
_NUKEVIET = re.compile(r"(\d{4}-\d{2}-\d{2})([+-]\d{2}):?(?:00)?(\d{2}:\d{2}:\d{2})")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
# .NET in its default en-US culture writes the month first: "9/7/2018 9:59:00 AM" is the seventh of September.
_DOTNET = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2}):(\d{2})\s*([AP]M)", re.IGNORECASE)
_PATH = re.compile(r"/(?P<y>20\d{2}|199\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?=/|[-_]|$)")


def find_dates(text: str) -> Iterator[Stamp]:
    """Every date a visible text states, in order. A date that the calendar does not have is passed over."""
    for match in _TEXT.finditer(text):
        stamp = _from_match(match)
        if stamp:
            yield stamp


def parse_date(text: str) -> Stamp | None:
    """The first date of a visible text, day before month; None where there is none."""
    return next(find_dates(text), None)


def parse_machine_date(text: str) -> Stamp | None:
    """A date of an attribute, a feed or JSON: ISO 8601 also with a space before the zone, RFC 822, NukeViet's meta,
    .NET's month first; then whatever `parse_date` reads. None where nothing fits."""
    text = " ".join(text.split())
    if broken := _NUKEVIET.match(text):
        text = f"{broken[1]}T{broken[3]}{broken[2]}:00"
    if iso := _ISO.match(text):
        year, month, day, hour, minute, second, zone = iso.groups()
        return _stamp(text, (year, month, day), (hour, minute, second), _zone(zone))
    if net := _DOTNET.match(text):
        month, day, year, hour, minute, second, half = net.groups()
        if int(month) > 12:
            month, day = day, month
        return _stamp(text, (year, month, day), (hour, minute, second), VIETNAM, half)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return parse_date(text)
    when = when if when.tzinfo else when.replace(tzinfo=VIETNAM)
    return Stamp(when, Precision.SECOND, text) if FIRST_YEAR <= when.year <= LAST_YEAR else None


def date_in_url(url: str) -> Stamp | None:
    """The day in a path such as /2025-1-20/ or /2025/01/20/: when a page was made, for want of anything better."""
    match = _PATH.search(url)
    return _stamp(match[0], (match["y"], match["m"], match["d"]), (None, None, None), VIETNAM) if match else None


def _from_match(match: re.Match[str]) -> Stamp | None:
    g = match.groupdict()
    month = g["m"] or g["m2"] or str(_MONTHS.get(g["m3"].lower(), g["m3"]))
    ymd = (g["y"] or g["y2"] or g["y3"], month, g["d"] or g["d2"] or g["d3"])
    side = "b" if g["bH"] else "a"
    clock = (g[f"{side}H"], g[f"{side}M"], g[f"{side}S"])
    zone = g["bZ"] or g["aZ"]
    stamp = _stamp(match[0].strip(), ymd, clock, _zone(zone), g[f"{side}P"] or "")
    return stamp._replace(start=match.start()) if stamp else None


def _stamp(
    raw: str,
    ymd: tuple[str, str, str],
    clock: tuple[str | None, str | None, str | None],
    zone: timezone,
    half: str | None = "",
) -> Stamp | None:
    try:
        day = date(int(ymd[0]), int(ymd[1]), int(ymd[2]))
    except ValueError:
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    hour, minute, second = clock
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    if hour is None or minute is None:
        return Stamp(start.replace(tzinfo=VIETNAM), Precision.DAY, raw)
    hours = _hour24(int(hour), (half or "").upper())
    if hours > 23 or int(minute) > 59 or int(second or 0) > 59:
        return Stamp(start.replace(tzinfo=VIETNAM), Precision.DAY, raw)
    moment = start.replace(hour=hours, minute=int(minute), second=int(second or 0))
    return Stamp(moment, Precision.SECOND if second else Precision.MINUTE, raw)


def _hour24(hour: int, half: str) -> int:
    if half in ("PM", "CH") and hour < 12:
        return hour + 12
    if half in ("AM", "SA") and hour == 12:
        return 0
    return hour


def _zone(text: str | None) -> timezone:
    if not text:
        return VIETNAM
    if text.upper() == "Z":
        return timezone(timedelta(0))
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        return VIETNAM
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
