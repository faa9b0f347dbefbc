"""What is published at once, and what waits for an editor."""

from __future__ import annotations

from news.article import Status
from news.site import PublishPolicy

TRUSTED = 0.8
"""The confidence from which an extraction is published unseen; docs/benchmarks.md has how often such ones err."""


def first_status(policy: PublishPolicy, confidence: float) -> Status:
    """Where a new article stands with its readers, by the policy of its site and how sure extraction is of it."""
    if policy is PublishPolicy.AUTO:
        return Status.PUBLISHED
    if policy is PublishPolicy.REVIEW:
        return Status.WAITING
    return Status.PUBLISHED if confidence >= TRUSTED else Status.WAITING
