"""Asking together for what many requests want to know at the same time.

While one question is under way, what is wanted meanwhile is gathered, and asked for at once: the
more there is to ask, the less each costs.
"""

import asyncio
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Generic, TypeVar

from anyio import CapacityLimiter, to_thread

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_AT_ONCE = 200


class Gathering(Generic[Key, Value]):
    """Answers one key at a time from ``ask``, which answers many, in a thread.

    For one event loop. What ``ask`` raises is raised to all whom it was asked for.
    """

    def __init__(
        self, ask: Callable[[list[Key]], Mapping[Key, Value]], threads: CapacityLimiter
    ) -> None:
        self._ask = ask
        self._threads = threads
        self._waiting: dict[Key, asyncio.Future[Value]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Value:
        """The answer for one key."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask_for_all())
        # One who goes away takes the answer from nobody else.
        return await asyncio.shield(future)

    async def _ask_for_all(self) -> None:
        try:
            while self._waiting:
                asked = {key: self._waiting.pop(key) for key in self._next()}
                await self._ask_for(asked)
        finally:
            self._asking = None

    def _next(self) -> list[Key]:
        return list(islice(self._waiting, MOST_AT_ONCE))

    async def _ask_for(self, asked: dict[Key, "asyncio.Future[Value]"]) -> None:
        try:
            answers = await to_thread.run_sync(self._ask, list(asked), limiter=self._threads)
        except Exception as error:  # noqa: BLE001 - raised again to everybody who asked
            for future in asked.values():
                future.set_exception(error)
        else:
            for key, future in asked.items():
                future.set_result(answers[key])
