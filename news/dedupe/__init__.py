"""Article + what is known -> Verdict: is it new, changed, the same, or the same under another address; and Placement:
whose story it tells."""

from news.dedupe.addresses import believable, best_url, tail
from news.dedupe.changes import changes
from news.dedupe.fingerprint import article_id, fingerprint, keys, story_id
from news.dedupe.judge import judge, renamed
from news.dedupe.likeness import Likeness, Relation, Text, compare
from news.dedupe.placement import ONE_STORY, Neighbour, Placement, place
from news.dedupe.sketch import Sketch, shortlist, sketch

__all__ = [
    "ONE_STORY", "Likeness", "Neighbour", "Placement", "Relation", "Sketch", "Text", "article_id", "believable",
    "best_url", "changes", "compare", "fingerprint", "judge", "keys", "place", "renamed", "shortlist", "sketch",
    "story_id", "tail",
]  # fmt: skip
