"""A consumer can tell what is ours and of now from everything else; the manual shows it how."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from news.push import sign, verify

SECRET = "0f" * 32
MANUAL = Path(__file__).resolve().parents[3] / "docs" / "api.md"


@given(st.binary(), st.integers(0, 2**33))
def test_what_we_sign_is_verified_and_what_was_touched_is_not(body: bytes, at: int) -> None:
    signature = sign(SECRET, body, at)
    assert verify(SECRET, body, signature, at)
    assert not verify(SECRET, body + b" ", signature, at)
    assert not verify("1e" * 32, body, signature, at)
    assert not verify(SECRET, body, signature.replace(f"t={at}", f"t={at + 1}"), at)


def test_a_recording_is_too_old_and_a_clock_may_be_a_little_wrong() -> None:
    signature = sign(SECRET, b"{}", 1_000_000)
    assert [verify(SECRET, b"{}", signature, 1_000_000 + s) for s in (-301, -300, 300, 301)] == [
        False,
        True,
        True,
        False,
    ]


@given(st.text(max_size=80))
def test_nonsense_is_no_signature(header: str) -> None:
    assert not verify(SECRET, b"{}", header, 0)


def test_the_eight_lines_of_the_manual_verify() -> None:
    chapter = MANUAL.read_text(encoding="utf-8").partition("## Webhooks")[2]
    block = re.search(r"```python\n(.*?)```", chapter, re.DOTALL)
    assert block
    assert len(block[1].splitlines()) <= 10
    given: dict[str, object] = {}
    exec(block[1], given)
    genuine = given["genuine"]
    import time

    now = int(time.time())
    assert genuine(SECRET, b"{}", sign(SECRET, b"{}", now))  # type: ignore[operator]
    assert not genuine(SECRET, b"{ }", sign(SECRET, b"{}", now))  # type: ignore[operator]
    assert not genuine(SECRET, b"{}", sign(SECRET, b"{}", now - 400))  # type: ignore[operator]
