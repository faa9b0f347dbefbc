"""Whatever can be said of a URL, a source or a run is said in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from string import Formatter

import pytest

from news.article import Status, Via
from news.errors import Reason
from news.language import Language
from news.report import Fate, RunState
from news.telling import Parts, Said, Step, english, named, of_fate, of_reason, of_run, tell, vietnamese

BOTH = pytest.mark.parametrize("language", list(Language))


def shown(when: datetime) -> str:
    return f"{when:%H:%M}"


@pytest.mark.parametrize("said", list(Said))
def test_a_sentence_says_the_same_things_in_both_languages(said: Said) -> None:
    filled = [{name for _, name, _, _ in Formatter().parse(words.SAID[said])} for words in (english, vietnamese)]
    assert filled[0] - {None} == filled[1] - {None}


@BOTH
def test_every_reason_fate_and_end_is_explained(language: Language) -> None:
    explained = [
        *(of_reason(reason, language) for reason in Reason),
        *(of_fate(fate, language) for fate in Fate),
        *(of_run(state, language) for state in RunState),
    ]
    assert all(one.name and one.says.endswith(".") for one in explained)
    assert all(one.do == "" or one.do.endswith((".", "!")) for one in explained)
    assert all(of_fate(fate, language).do for fate in Fate if not fate.good), "what went wrong is to be mended"


@pytest.mark.parametrize("kind", [Via, Status, RunState, Reason])
def test_what_is_stored_by_an_english_name_has_a_vietnamese_one(kind: type[StrEnum]) -> None:
    assert not {str(member) for member in kind} & {named(member, Language.VIETNAMESE) for member in kind}


def test_values_are_written_as_people_write_them() -> None:
    at = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    what = Parts(("rejected", Reason.NO_TEXT, "12 words"))

    said = tell(Step(Said.FETCHED, {"at": at, "what": what}), Language.ENGLISH, shown)
    stands = {"site": "soyte", "published": date(2026, 3, 1), "status": Status.WAITING, "version": 2, "story": "s1"}

    assert said == "fetched 09:05: rejected: no-text: 12 words"
    assert "01/03/2026; đang chờ duyệt, phiên bản 2" in tell(Step(Said.STANDS, stands), Language.VIETNAMESE, shown)
    assert tell(Step(Said.DO_REASON, {"reason": Reason.TOO_OLD}), Language.ENGLISH, shown).startswith("To have it")


def test_what_pages_say_is_no_pattern_to_be_filled_in() -> None:
    hostile = "{at.__class__} {} %s"
    step = Step(Said.LEADS, {"id": "a1", "title": hostile})
    assert tell(step, Language.ENGLISH, shown) == f"It leads to the article a1: {hostile}"
