"""Waiting helps against a server that is away, and against nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from news.errors import BantinError
from storage.patience import Patience, StorageUnavailable

PATIENCE = Patience(5, "mongodb://db", "Start it.")


def failing(*errors: Exception) -> Callable[[], str]:
    """An operation that fails with each of the errors in turn and then succeeds."""
    left = list(errors)

    def operation() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return operation


def bulk(code: int) -> BulkWriteError:
    return BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": code, "errmsg": ""}]})


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("connection closed"),
        NetworkTimeout("timed out"),
        ServerSelectionTimeoutError("nobody there"),
        NotPrimaryError("not primary"),
        OperationFailure("shutdown in progress", 91),
        OperationFailure("killed", 11601 + 1),
        OperationFailure("a label", 1, {"errorLabels": ["RetryableWriteError"]}),
        WriteConcernError("no majority in time", 64),
        ExecutionTimeout("operation exceeded time limit", 50),
        bulk(91),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_operation_is_repeated_while_mongodb_is_away(error: PyMongoError) -> None:
    assert PATIENCE.carry(failing(error, error)) == "done"


def test_the_log_says_once_that_it_is_waited_for_and_once_that_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    PATIENCE.carry(failing(AutoReconnect("gone"), AutoReconnect("gone")))
    assert caplog.messages == [
        "MongoDB at mongodb://db does not answer; waiting up to 5 s for it.",
        "MongoDB at mongodb://db is back.",
    ]


@pytest.mark.parametrize(
    "error",
    [DuplicateKeyError("taken", 11000), OperationFailure("bad query", 2), bulk(2), PyMongoError("?")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_that_waiting_does_not_mend_goes_through(error: PyMongoError) -> None:
    for run in (PATIENCE.carry, PATIENCE.once):
        with pytest.raises(type(error)) as caught:
            run(failing(error))
        assert caught.value is error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OperationFailure("no", 18, {"codeName": "AuthenticationFailed"}), "AuthenticationFailed.*readWrite"),
        (OperationFailure("not authorized", 13, {}), "code 13"),
        (OperationFailure("disk", 14031), "disk of MongoDB at mongodb://db is full.*Free space"),
        (DocumentTooLarge("17 MB"), "over the 16 MB.*max_bytes"),
    ],
)
def test_what_a_person_has_to_mend_is_said_at_once(error: Exception, message: str) -> None:
    with pytest.raises(BantinError, match=message):
        PATIENCE.carry(failing(error))


def test_patience_ends_with_the_address_and_the_remedy() -> None:
    always = [AutoReconnect("connection refused, Timeout: 2s, Topology Description: <long>")] * 100
    with pytest.raises(StorageUnavailable) as caught:
        Patience(0.2, "mongodb://db", "Start it.").carry(failing(*always))
    assert str(caught.value) == (
        "MongoDB at mongodb://db has not answered for 0.2 seconds: connection refused. Start it."
    )


def test_who_asks_just_after_another_gave_up_is_told_at_once() -> None:
    always = [AutoReconnect("connection refused")] * 100
    brisk = Patience(0.1, "mongodb://db", "Start it.", rest=0.2)
    with pytest.raises(StorageUnavailable) as first:
        brisk.carry(failing(*always))
    for run in (brisk.carry, brisk.once):
        with pytest.raises(StorageUnavailable) as second:
            run(failing())
        assert str(second.value) == str(first.value)
    time.sleep(0.25)
    assert brisk.carry(failing()) == "done"


def test_a_question_that_takes_too_long_keeps_no_other_from_being_asked() -> None:
    brisk = Patience(0.1, "mongodb://db", "Start it.", rest=60)
    assert brisk.carry(failing()) == "done"
    with pytest.raises(StorageUnavailable):
        brisk.carry(failing(*[ExecutionTimeout("operation exceeded time limit", 50)] * 100))
    assert brisk.carry(failing()) == "done"


def test_waiting_stops_when_it_is_known_to_be_of_no_use() -> None:
    def given_up() -> None:
        raise BantinError("It died.", "Look at the log.")

    with pytest.raises(BantinError, match="It died"):
        Patience(60, "mongodb://db", "", check=given_up).carry(failing(AutoReconnect("gone")))
