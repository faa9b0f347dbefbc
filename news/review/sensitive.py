"""Whether a correction by the publisher changes what readers were told, or only how it was said."""

from __future__ import annotations

import re
from collections import Counter

from news.article import Article
from news.clean.text import fold
from news.dedupe.changes import said
from news.diff import ChangeKind, ParagraphChange, diff

# Of more than this share of the words nobody can tell at a glance what became of them.
_MUCH = 1 / 3
_NEGATIONS = frozenset(["không", "chưa", "chẳng", "chả", "đừng", "chớ", "cấm", "hủy", "huỷ", "hoãn", "bác", "phủ"])
# How a publisher begins a paragraph that takes back what was said.
_REGRETS = re.compile(r"\W*(?:đính chính|cải chính|xin lỗi|cáo lỗi|rút bài)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\d+(?:[.,/:-]\d+)*|\w+|[.!?:;\"“”\n]")
_ENDS = frozenset('.!?:;"“”\n')  # behind these any word has a capital


def sensitive(old: Article, new: Article) -> bool:
    """Whether the heading, the date of publication, a figure, a name or a "not" changed, a paragraph that had one went,
    the publisher says that it corrects itself, or more than a third of the text is another. What was only added, and
    counters and clocks, do not count."""
    if fold(old.title) != fold(new.title) or old.published != new.published:
        return True
    before, after = ([line for line in (article.lead, *said(article.body)) if line] for article in (old, new))
    changes = diff(before, after)
    if any(map(_tells_otherwise, changes)):
        return True
    words = sum(len(line.split()) for line in (*before, *after))
    return sum(map(_words, changes)) > _MUCH * max(words, 1)


def _tells_otherwise(change: ParagraphChange) -> bool:
    if change.kind is ChangeKind.ADDED:
        return bool(_REGRETS.match(change.after))
    return _facts(change.before) != _facts(change.after)


def _words(change: ParagraphChange) -> int:
    """How many words came or went."""
    before, after = Counter(fold(change.before).split()), Counter(fold(change.after).split())
    return ((before - after) + (after - before)).total()


def _facts(text: str) -> Counter[str]:
    """The figures, negations and names of a text; a name is what has a capital where no sentence begins, or where the
    next word has one, too."""
    tokens = _TOKEN.findall(text)
    found = Counter[str]()
    begins = True
    for token, next in zip(tokens, [*tokens[1:], ""], strict=False):
        if token[0].isdecimal() or token.casefold() in _NEGATIONS:
            found[token.casefold()] += 1
        elif token[0].isupper() and (not begins or next[:1].isupper()):
            found[token] += 1
        begins = token in _ENDS
    return found
