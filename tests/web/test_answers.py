"""What is asked for often is made once, until something happens."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from web.answers import Answer, Answers


def test_what_was_made_is_given_again_until_something_happens() -> None:
    answers, made = Answers(), list[int]()

    def make() -> Answer:
        made.append(1)
        return Answer.of(b"feed %d" % len(made), "text/plain")

    assert [answers.get("a", 1, make).body for _ in range(3)] == [b"feed 1"] * 3
    assert answers.get("a", 2, make).body == b"feed 2"
    assert answers.get("b", 2, make).body == b"feed 3"


def test_of_many_who_ask_at_once_one_makes_the_answer() -> None:
    answers, made, here = Answers(), list[int](), threading.Barrier(8)

    def make() -> Answer:
        made.append(1)
        return Answer.of(b"feed", "text/plain")

    def ask() -> bytes:
        here.wait()
        return answers.get("a", 1, make).body

    with ThreadPoolExecutor(8) as pool:
        assert [future.result() for future in [pool.submit(ask) for _ in range(8)]] == [b"feed"] * 8
    assert made == [1]


def test_what_cannot_be_made_is_tried_again_by_the_next_who_asks() -> None:
    answers, tries = Answers(), [ValueError("the store is away"), None]

    def make() -> Answer:
        if error := tries.pop(0):
            raise error
        return Answer.of(b"feed", "text/plain")

    for expected in (b"failed", b"feed"):
        try:
            body = answers.get("a", 1, make).body
        except ValueError:
            body = b"failed"
        assert body == expected


def test_only_so_many_bytes_are_kept_those_asked_for_last() -> None:
    answers, made = Answers(most=250), list[str]()

    def ask(name: str) -> None:
        answers.get(name, 1, lambda: made.append(name) or Answer.of(b"x" * 100, "text/plain"))

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert made == ["a", "b", "c", "b"]
    answers.get("huge", 1, lambda: Answer.of(b"x" * 1000, "text/plain"))
    ask("a")
    assert made[-1] == "a"
