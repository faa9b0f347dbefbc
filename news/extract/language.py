"""The language a text is written in; what a page declares is often its template's, not its article's."""

from __future__ import annotations

import re
from collections import Counter

# Letters with two marks, or with a dot or a hook: a quarter of a Vietnamese text, next to none of any other language.
_TONED = re.compile("[\u1ea0-\u1ef9]")
# Enough of them to be Vietnamese and not an English text with Vietnamese names, of which one in a hundred has some.
_LEAST = 0.025
_SAMPLE = 2_000
# The scripts of the other languages in which Vietnamese portals publish.
_SCRIPTS = {
    "ja": "[\u3040-\u30ff]", "ko": "[\uac00-\ud7af]", "zh": "[\u4e00-\u9fff]", "km": "[\u1780-\u17ff]",
    "lo": "[\u0e80-\u0eff]", "th": "[\u0e00-\u0e7f]", "ru": "[\u0400-\u04ff]", "ar": "[\u0600-\u06ff]",
}  # fmt: skip
# Words that hold a language together; the most frequent ones of each that none of the others has.
_WORDS = {
    "en": "the of and to in is that for was with by has on are its",
    "fr": "le les des du une est dans que pour qui sur au avec ont",
    "es": "el los las del una es por que con para su al como ha",
    "de": "der die das und den von mit dem ist des zu im auf für",
}
_WORD_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
# A text of fewer letters is judged by what its page declares.
_ENOUGH = 40


def is_vietnamese(text: str, least: float = _LEAST) -> bool:
    """Whether `least` of the letters carry marks that only Vietnamese writes. `text` is in NFC."""
    sample = text[:_SAMPLE]
    return len(_TONED.findall(sample)) > least * max(1, sum(map(str.isalpha, sample)))


def language_of(text: str, declared: str = "") -> str:
    """The ISO 639-1 code of a text's language; the declared one ("en-US"), else "vi", where the text does not tell."""
    if is_vietnamese(text):
        return "vi"
    letters = sum(map(str.isalpha, text[:_SAMPLE]))
    if letters >= _ENOUGH:
        for code, script in _SCRIPTS.items():
            if len(re.findall(script, text[:_SAMPLE])) > (0.05 if code == "ja" else 0.3) * letters:
                return code
        counts = Counter(re.findall(r"\w+", text[:_SAMPLE].lower()))
        shares = {code: sum(counts[word] for word in words) for code, words in _WORD_SETS.items()}
        best = max(shares, key=lambda code: shares[code])
        if shares[best] > 0.1 * sum(counts.values()):
            return best
    return re.split(r"[-_,;]", declared.strip().lower())[0][:3] or "vi"
