"""A process beside the web app that reads pages: whatever a page is, the app goes on answering, and can give it up."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import ParamSpec, TypeVar, cast

log = logging.getLogger("bantin.web")

P = ParamSpec("P")
T = TypeVar("T")

# Extraction takes hundredths of a second for nearly all pages, and seconds for the worst that there are.
_LONGEST = 20.0  # seconds
# It holds about 120 MB, which nobody needs while nobody teaches.
_REST_AFTER = 600.0  # seconds


class TooLong(Exception):
    """A task that was given up."""


class Worker:
    """One process, started when it is first asked and ended when it was not asked for a while. Tasks are done one after
    another in the order in which they came."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: SpawnProcess | None = None
        self._tasks: Connection | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._warming: asyncio.Task[int] | None = None

    async def do(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `task` returns there; it and what it is given must be such as can be pickled.

        Raises what it raises, and TooLong where it takes longer than twenty seconds or ends the process.
        """
        async with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            # Whoever does not wait any more must not leave an answer behind for the next one.
            asked = asyncio.ensure_future(asyncio.to_thread(self._exchange, task, args, kwargs))
            try:
                done, result = await asyncio.shield(asked)
            except asyncio.CancelledError:
                with suppress(TooLong):
                    await asked
                raise
            finally:
                self._rest = asyncio.get_running_loop().call_later(_REST_AFTER, self.close)
        if not done:
            raise result
        return cast(T, result)

    def warm(self) -> None:
        """Starts the process, if there is none, for somebody who is going to need it. Returns at once."""
        if self._process is None and self._warming is None:
            self._warming = asyncio.ensure_future(self.do(int))
            self._warming.add_done_callback(self._warmed)

    def _warmed(self, task: asyncio.Task[int]) -> None:
        self._warming = None
        if not task.cancelled() and task.exception() is not None:
            log.warning("The process that reads pages could not be started.")

    def close(self) -> None:
        """Ends the process; it is started again when it is needed."""
        if self._rest is not None:
            self._rest.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if self._tasks is not None:
            self._tasks.close()
            self._tasks = None

    def _exchange(self, task: object, args: object, kwargs: object) -> tuple[bool, BaseException]:
        tasks = self._started()
        try:
            tasks.send((task, args, kwargs))
            if tasks.poll(_LONGEST):
                answer: tuple[bool, BaseException] = tasks.recv()
                return answer
        except (EOFError, OSError):
            log.error("The process that reads pages ended in the middle of a page.")
        self.close()
        raise TooLong

    def _started(self) -> Connection:
        if self._tasks is None or self._process is None or not self._process.is_alive():
            self.close()
            # Not forked: the app has threads, and the server that crawls are forked from is for crawls.
            context = multiprocessing.get_context("spawn")
            self._tasks, theirs = context.Pipe()
            self._process = context.Process(target=_work, args=(theirs,), name="reads pages", daemon=True)
            self._process.start()
            theirs.close()
        return self._tasks


def _work(tasks: Connection) -> None:
    # Ctrl-C reaches the whole foreground group; the app ends this process itself, and its end of the pipe with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("trafilatura").setLevel(logging.ERROR)
    with suppress(EOFError, OSError):
        while True:
            task, args, kwargs = tasks.recv()
            try:
                answer = (True, task(*args, **kwargs))
            except Exception as error:
                answer = (False, error)
            tasks.send(answer)
