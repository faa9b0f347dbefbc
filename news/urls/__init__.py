"""URLs: one spelling to fetch and store (`canonical`), one key to know an article by (`identity`), and views."""

from news.urls.identity import identity, without_noise
from news.urls.spelling import canonical, owner
from news.urls.views import is_reduced, is_view

__all__ = ["canonical", "identity", "is_reduced", "is_view", "owner", "without_noise"]
