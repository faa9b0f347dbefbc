"""How far an extraction can be trusted, from what is known of it: 0 (nothing fits) to 1."""

from __future__ import annotations

from news.article import Article, Kind

# A body named by a site's or family's selectors was read where the site puts it; one found by its prose scores .985 on
# the pages of the article-extraction benchmark, and trafilatura is asked only where no prose stands out.
_BODY = {"trafilatura": 0.2, "density": 0.4, "microdata": 0.4}
_SHORT = 200


def confidence(article: Article) -> float:
    """The share of trust: where the body came from, whether headline and date were stated, how much text there is."""
    if article.kind is not Kind.ARTICLE:
        return 0.0
    how = article.evidence.get("body", "")
    score = _BODY.get(how, 0.45) if how else 0.0
    title = article.evidence.get("title", "")
    score += 0.25 if title and not title.startswith(("title", "h2")) else 0.1
    dated = article.evidence.get("published", "")
    score += 0.0 if not dated else 0.05 if dated.startswith("url") else 0.12 if dated.startswith("visible") else 0.2
    score += 0.1 if len(article.body) >= _SHORT else 0.0
    disagreements = sum("(not" in how for how in article.evidence.values())
    return round(max(0.0, min(1.0, score - 0.05 * disagreements)), 3)
