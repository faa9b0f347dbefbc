"""The process that reads pages for the desk: whatever becomes of it, the next page is read."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from web.desk import worker
from web.desk.worker import TooLong, Worker


@pytest.fixture
def reader() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def fails() -> None:
    raise ValueError("ours to mend")


def test_it_survives_what_breaks_hangs_and_goes_away(reader: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    async def day() -> None:
        first = await reader.do(os.getpid)
        assert first != os.getpid()
        with pytest.raises(ValueError, match="ours to mend"):
            await reader.do(fails)
        assert await reader.do(os.getpid) == first, "an error of a page costs nothing"

        gone = asyncio.ensure_future(reader.do(time.sleep, 0.3))
        await asyncio.sleep(0.05)
        gone.cancel()
        assert await reader.do(abs, -3) == 3, "the answer for who has gone is not given to the next one"

        with pytest.raises(TooLong):
            await reader.do(os._exit, 1)
        monkeypatch.setattr(worker, "_LONGEST", 0.2)
        with pytest.raises(TooLong):
            await reader.do(time.sleep, 30)
        monkeypatch.setattr(worker, "_LONGEST", 20.0)
        assert await reader.do(os.getpid) not in (first, os.getpid())

    asyncio.run(day())
