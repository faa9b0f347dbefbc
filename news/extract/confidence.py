"""How far an extraction can be trusted: the chance that its text is right, from what is known of it."""

from __future__ import annotations

import re
from math import exp

from news.article import Article, Kind
from news.clean.text import fold
from news.extract.families import families

# What each sign adds to the logarithm of the odds that lead and body are right (F1 of .9 and more). The weights were
# fitted to 900 pages of press and portals, known and disguised (bench.trust), and rounded; the first is lower than
# fitted, since portals that nobody has seen hold more errors than those. How the headline was found told nothing.
_WEIGHTS = {
    "always": -2.9,
    "named": 1.0,
    "covered": 2.5,
    "headline": 0.8,
    "length": 1.6,
    "lead": 1.5,
    "scraps": -1.0,
    "dated": 0.3,
}
# A text of this many letters is long enough to have been found by its length alone.
_LONG = 600
# Letters within which an article has come to what its headline says.
_BEGINNING = 2_000
# A line of fewer letters is hardly a sentence.
_SCRAP = 40


def confidence(article: Article, prose: int) -> float:
    """The chance, 0 to 1, that lead and body are the article's text. `prose` is how many letters of running text the
    page has outside of its boilerplate, among them the article's own."""
    if article.kind is not Kind.ARTICLE:
        return 0.0
    odds = sum(_WEIGHTS[name] * value for name, value in signs(article, prose).items())
    return round(1 / (1 + exp(-odds)), 3)


def signs(article: Article, prose: int) -> dict[str, float]:
    """What speaks for the text and against it, each 0 to 1."""
    text = f"{article.lead}\n{article.body}".strip()
    lines = [line for line in article.body.split("\n") if not line.startswith("- ") and " | " not in line]
    words, told = fold(article.title).split(), set(fold(text[:_BEGINNING]).split())
    how, dated = article.evidence.get("body", ""), article.evidence.get("published", "")
    return {
        "always": 1.0,
        # its place was named by the site, the CMS family or the page's markup, not found by the look of it
        "named": float(how.startswith("site:") or how == "microdata" or how in families()),
        # running text elsewhere on the page means that the wrong box was taken, or half of the right one
        "covered": min(1.0, len(text) / prose) if prose else 1.0,
        # an article speaks of what its headline says
        "headline": sum(word in told for word in words) / len(words) if words else 0.0,
        "length": min(1.0, len(text) / _LONG),
        "lead": float(bool(article.lead)),
        # lines too short for a sentence are labels, captions and teasers that stayed
        "scraps": sum(len(line) < _SCRAP for line in lines) / max(1, len(lines)),
        "dated": float(bool(dated) and not re.match("visible|url", dated)),
    }
