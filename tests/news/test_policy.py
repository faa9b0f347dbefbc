"""What is published at once, by the policy of its site."""

from __future__ import annotations

import pytest

from news.article import Status
from news.policy import TRUSTED, first_status
from news.site import PublishPolicy


@pytest.mark.parametrize(
    ("policy", "sure", "unsure"),
    [
        (PublishPolicy.AUTO, Status.PUBLISHED, Status.PUBLISHED),
        (PublishPolicy.REVIEW, Status.WAITING, Status.WAITING),
        (PublishPolicy.CONFIDENT, Status.PUBLISHED, Status.WAITING),
    ],
)
def test_a_policy_says_what_readers_get_unseen(policy: PublishPolicy, sure: Status, unsure: Status) -> None:
    assert (first_status(policy, TRUSTED), first_status(policy, TRUSTED - 0.001)) == (sure, unsure)
    assert (first_status(policy, 1.0), first_status(policy, 0.0)) == (sure, unsure)
