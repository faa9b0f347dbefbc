"""Article + what is known -> Verdict: is it new, changed, the same, or the same under another address."""

from news.dedupe.addresses import believable, best_url, tail
from news.dedupe.fingerprint import article_id, fingerprint, keys, story_id
from news.dedupe.judge import judge

__all__ = ["article_id", "believable", "best_url", "fingerprint", "judge", "keys", "story_id", "tail"]
