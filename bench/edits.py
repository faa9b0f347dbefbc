"""What becomes of an article on its way through other newsrooms: seeded edits of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from news.dedupe.likeness import Text
from news.errors import BantinError

_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_LETTER = re.compile(r"[^\W\d_]")
BOILERPLATE = (
    "Lượt xem: {n}", "Số lượt truy cập: {n}", "Chia sẻ Facebook Zalo Twitter", "Tin liên quan", "In bài viết",
    "Cập nhật lúc {n} phút trước", "Xem thêm: Nhiều hoạt động ý nghĩa nhân ngày Môi trường thế giới",
    "Các tin khác: Khai mạc hội thi tuyên truyền viên giỏi; Kiểm tra tiến độ thu hoạch lúa vụ xuân",
    "Bình luận ({n})", "Đánh giá bài viết: 5/5 ({n} đánh giá)", "Bản quyền thuộc về Cổng thông tin điện tử",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Donor:
    """Paragraphs of other articles in the same language: what an editor puts in place of what was there."""

    paragraphs: tuple[str, ...]

    def paragraph(self, rng: Random) -> str:
        return rng.choice(self.paragraphs)

    def sentence(self, rng: Random) -> str:
        return rng.choice(_SENTENCE.split(self.paragraph(rng)))

    def words(self, rng: Random, count: int) -> list[str]:
        """So many words as they follow each other in some paragraph."""
        found: list[str] = []
        while len(found) < count:
            words = self.paragraph(rng).split()
            start = rng.randrange(len(words))
            found += words[start : start + count - len(found)]
        return found


Edit = Callable[[Text, Random, Donor], Text]


def lead_changed(text: Text, rng: Random, donor: Donor) -> Text:
    """Another headline and lead, of at most a quarter of the article each."""
    title = " ".join(donor.words(rng, rng.randint(8, 14)))
    most = len(text.body.split()) // 4
    lead = " ".join(" ".join(donor.sentence(rng) for _ in range(rng.randint(1, 2))).split()[:most])
    first, _, rest = text.body.partition("\n")
    keeps_first = text.lead or not rest or len(first.split()) > most
    return replace(text, title=title, lead=lead, body=text.body if keeps_first else rest)


def paragraph_added(text: Text, rng: Random, donor: Donor) -> Text:
    """A local paragraph, at most half as long as the article, somewhere in it."""
    paragraphs = text.body.split("\n")
    words = donor.paragraph(rng).split()[: len(text.body.split()) // 2]
    paragraphs.insert(rng.randint(0, len(paragraphs)), " ".join(words))
    return replace(text, body="\n".join(paragraphs))


def paragraph_dropped(text: Text, rng: Random, donor: Donor) -> Text:
    """Cut by up to a third: paragraphs anywhere, or the end."""
    paragraphs = sentences(text.body) if text.body.count("\n") < 3 else text.body.split("\n")
    budget = len(text.body) // 3
    for at in (
        rng.sample(range(len(paragraphs)), len(paragraphs)) if rng.random() < 0.6 else range(len(paragraphs))[::-1]
    ):
        if len(paragraphs[at]) <= budget and paragraphs[at]:
            budget -= len(paragraphs[at])
            paragraphs[at] = ""
    return replace(text, body="\n".join(filter(None, paragraphs)))


def order_changed(text: Text, rng: Random, donor: Donor) -> Text:
    """The paragraphs in another order; of a text of two, the sentences."""
    paragraphs = text.body.split("\n")
    parts = paragraphs if len(paragraphs) > 2 else sentences(text.body)
    rng.shuffle(parts)
    return replace(text, body="\n".join(parts))


def diacritics_lost(text: Text, rng: Random, donor: Donor) -> Text:
    return _everywhere(text, bare)


def bare(words: str) -> str:
    """Without diacritics, as typed on a keyboard that has none."""
    plain = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def typos(text: Text, rng: Random, donor: Donor) -> Text:
    """A slip in 2 to 5 of a hundred words: a letter left out, doubled, changed or swapped with the next."""
    share = rng.uniform(0.02, 0.05)
    return _everywhere(
        text, lambda words: " ".join(_slip(w, rng) if rng.random() < share else w for w in words.split(" "))
    )


def _slip(word: str, rng: Random) -> str:
    if len(word) < 3:
        return word
    at = rng.randrange(len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[: at + 1] + word[at:]
    if kind == 2 and _LETTER.fullmatch(word[at]):
        return word[:at] + rng.choice("aeinhgtucom") + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def boilerplate_left(text: Text, rng: Random, donor: Donor) -> Text:
    """Counters, buttons and headlines of other articles around the text."""
    lines = [line.format(n=rng.randint(3, 9000)) for line in rng.sample(BOILERPLATE, rng.randint(2, 6))]
    lines += [" ".join(donor.words(rng, 12)) for _ in range(rng.randint(0, 3))]
    cut = rng.randint(0, len(lines))
    return replace(text, body="\n".join((*lines[:cut], text.body, *lines[cut:])))


def sentences_rewritten(share: float) -> Edit:
    """So large a share of the words in whole sentences that were written anew."""

    def edit(text: Text, rng: Random, donor: Donor) -> Text:
        parts = [(at, part) for at, line in enumerate(text.body.split("\n")) for part in _SENTENCE.split(line)]
        left = share * len(text.body.split())
        lines: dict[int, list[str]] = {}
        anew = set()
        for number in rng.sample(range(len(parts)), len(parts)):
            length = len(parts[number][1].split())
            if length <= left + 3:
                anew.add(number)
                left -= length
        for number, (at, part) in enumerate(parts):
            if number in anew:
                part = " ".join(donor.words(rng, max(3, round(len(part.split()) * rng.uniform(0.7, 1.3)))))
            lines.setdefault(at, []).append(part)
        return replace(text, body="\n".join(" ".join(line) for line in lines.values()))

    return edit


def clumps_replaced(share: float) -> Edit:
    """So large a share of the words replaced, three to nine in a row."""

    def edit(text: Text, rng: Random, donor: Donor) -> Text:
        lines = [line.split() for line in text.body.split("\n")]
        left = round(share * sum(map(len, lines)))
        taken: set[tuple[int, int]] = set()
        for _ in range(40 * left):
            if left <= 0:
                break
            at = rng.choices(range(len(lines)), [len(line) or 0.01 for line in lines])[0]
            length = min(rng.randint(3, 9), left, len(lines[at]))
            start = rng.randint(0, len(lines[at]) - length)
            places = {(at, place) for place in range(start, start + length)}
            if length and not places & taken:
                lines[at][start : start + length] = donor.words(rng, length)
                taken |= places
                left -= length
        return replace(text, body="\n".join(map(" ".join, lines)))

    return edit


def several(text: Text, rng: Random, donor: Donor) -> Text:
    """Three of the small edits, one after the other."""
    small = [
        lead_changed,
        paragraph_added,
        order_changed,
        diacritics_lost,
        typos,
        boilerplate_left,
        sentences_rewritten(0.1),
    ]
    for edit in rng.sample(small, 3):
        text = edit(text, rng, donor)
    return text


EDITS: dict[str, Edit] = {
    "lead changed": lead_changed,
    "paragraph added": paragraph_added,
    "paragraphs dropped": paragraph_dropped,
    "order changed": order_changed,
    "diacritics lost": diacritics_lost,
    "typos": typos,
    "boilerplate left in": boilerplate_left,
    "sentences rewritten, 10 %": sentences_rewritten(0.1),
    "sentences rewritten, 20 %": sentences_rewritten(0.2),
    "sentences rewritten, 30 %": sentences_rewritten(0.3),
    "words replaced, 10 %": clumps_replaced(0.1),
    "words replaced, 20 %": clumps_replaced(0.2),
    "words replaced, 30 %": clumps_replaced(0.3),
    "several of these": several,
}
# Reported, but no target is set for them.
HARD_EDITS: dict[str, Edit] = {
    "sentences rewritten, 40 %": sentences_rewritten(0.4),
    "words replaced, 40 %": clumps_replaced(0.4),
}


def sentences(text: str) -> list[str]:
    return [part for line in text.split("\n") for part in _SENTENCE.split(line) if part]


def _everywhere(text: Text, change: Callable[[str], str]) -> Text:
    return replace(
        text, title=change(text.title), lead=change(text.lead), body="\n".join(map(change, text.body.split("\n")))
    )


def donor_of(texts: Sequence[Text]) -> Donor:
    """What paragraphs of some words these articles have. Raises BantinError where there is none: an edit needs some."""
    paragraphs = tuple(line for text in texts for line in text.body.split("\n") if len(line.split()) >= 12)
    if not paragraphs:
        raise BantinError("There are too few articles to make pairs of.", "Name a folder with three or more of them.")
    return Donor(paragraphs)
