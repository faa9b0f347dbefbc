"""What the selectors of a site and of its family say of the text itself: boxes and lines that are none of it, and those
that are, whatever the rules for all pages say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from news.clean.wording import reads_so
from news.site import Selectors


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The boxes of `drop` by the rule that strikes them, those of `keep` by who says so; wordings of lines by their
    rule, and of lines to keep."""

    drop: Mapping[HtmlElement, str]
    keep: Mapping[HtmlElement, str]
    drop_lines: Mapping[str, tuple[str, ...]]
    keep_lines: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, Selectors]], select: Callable[[str], list[HtmlElement]]) -> OwnRules:
        """The rules of these selectors on a page; of two for one box the first names it."""
        drop: dict[HtmlElement, str] = {}
        keep: dict[HtmlElement, str] = {}
        lines: dict[str, tuple[str, ...]] = {}
        for how, row in rows:
            for css in row.drop:
                drop = dict.fromkeys(select(css), f"{row.striker}:drop") | drop
            for css in row.keep:
                keep = dict.fromkeys(select(css), how) | keep
            if row.drop_lines:
                rule = f"{row.striker}:drop-line"
                lines[rule] = (*lines.get(rule, ()), *row.drop_lines)
        return cls(drop, keep, lines, tuple(line for _, row in rows for line in row.keep_lines))

    def keeps_line(self, line: str) -> bool:
        return reads_so(line, self.keep_lines)

    def strikes_line(self, line: str) -> str:
        """The rule by which a line is none of the text; "" where none says so."""
        return next((rule for rule, lines in self.drop_lines.items() if reads_so(line, lines)), "")
