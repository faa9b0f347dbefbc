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
        """The rules of these selectors on a page; of two for one box the first names it.

        What one source says of a box holds for the boxes in it too, whatever a lesser one says of those: an editor's
        rules go before the site file's, these before the family's. Of one source the inner box decides, and of a box
        that is both it is kept.
        """
        drop: dict[HtmlElement, tuple[int, str]] = {}
        keep: dict[HtmlElement, tuple[int, str]] = {}
        lines: dict[str, tuple[str, ...]] = {}
        for how, row in rows:
            rank = 0 if row.taught else 1 if how.startswith("site:") else 2
            for css in row.drop:
                drop = dict.fromkeys(select(css), (rank, f"{row.striker}:drop")) | drop
            for css in row.keep:
                keep = dict.fromkeys(select(css), (rank, how)) | keep
            if row.drop_lines:
                rule = f"{row.striker}:drop-line"
                lines[rule] = (*lines.get(rule, ()), *row.drop_lines)
        return cls(
            {
                box: rule
                for box, (rank, rule) in drop.items()
                if not keep or not _is_outranked(box, rank, keep, own=True)
            },
            {box: how for box, (rank, how) in keep.items() if not drop or not _is_outranked(box, rank, drop)},
            lines,
            tuple(line for _, row in rows for line in row.keep_lines),
        )

    def keeps_line(self, line: str) -> bool:
        return reads_so(line, self.keep_lines)

    def strikes_line(self, line: str) -> str:
        """The rule by which a line is none of the text; "" where none says so."""
        return next((rule for rule, lines in self.drop_lines.items() if reads_so(line, lines)), "")


def _is_outranked(
    box: HtmlElement, rank: int, others: Mapping[HtmlElement, tuple[int, str]], *, own: bool = False
) -> bool:
    """Whether a better source says the opposite of a box or of one around it; with `own` an equal one of itself."""
    if own and box in others and others[box][0] <= rank:
        return True
    return any(up in others and others[up][0] < rank for up in (box, *box.iterancestors()))
