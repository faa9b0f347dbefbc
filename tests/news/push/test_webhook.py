"""A webhook that could never be told, or would be told everything by a slip of the pen, is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from news.errors import InvalidValue
from news.push import Notice, Webhook
from news.push.webhook import notices_of, query_of, selection_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOOK = Webhook("wh1", "Tin y tế", "https://a.vn/hook?key=1", "0f" * 32, NOW, "site=moh&kind=press")


@pytest.mark.parametrize(
    "url",
    [
        "", "a.vn/hook", "ftp://a.vn/", "file:///etc/passwd", "https://", "https://u:p@a.vn/", "https://a.vn/#x",
        "https://a.vn/a b", "https://a.vn/\n", "https://ă.vn/", "https://a.vn:99999/", "https://[::1/",
        "https://a.vn/" + "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_consumer_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="url"):
        replace(HOOK, url=url)


@pytest.mark.parametrize(
    "query", ["sites=moh", "kind=nothing", "status=waiting", "site", "since=soon", "site=a&q=b&limit=5"]
)
def test_a_selection_that_says_what_none_knows_is_refused(query: str) -> None:
    with pytest.raises(InvalidValue):
        replace(HOOK, query=query)


@pytest.mark.parametrize("values", [{"name": " "}, {"name": "a\nb"}, {"secret": "1234"}, {"notices": frozenset()},
                                    {"notices": frozenset({Notice.TEST})}])  # fmt: skip
def test_other_nonsense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        replace(HOOK, **values)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="deleted"):
        notices_of(["new", "deleted"])


def test_the_secret_is_shown_nowhere() -> None:
    assert HOOK.secret not in repr(HOOK)
    assert HOOK.secret not in str(HOOK.to_json())
    assert HOOK.to_json()["events"] == ["new", "updated", "merged", "retracted"]


def test_the_same_selection_has_one_query() -> None:
    assert query_of(selection_of("kind=press&site=b,a")) == query_of(selection_of("site=a&site=b&kind=press"))
