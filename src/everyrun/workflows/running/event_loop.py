"""The event loop that asynchronous nodes run on, in a thread of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from threading import Lock, Thread
from typing import Any


class EventLoop:
    """An asyncio loop, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> Callable[[], None]:
        """Run a coroutine, which must not raise; answers what cancels it, from any thread."""
        loop = self._running()
        made: list[asyncio.Task[None]] = []

        def begin() -> None:
            task = loop.create_task(coroutine)
            made.append(task)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        def cancel() -> None:  # the loop takes its calls in order: there is a task by now
            # Its first step is to come. Cancelled before that, it would end without a word.
            loop.call_soon(made[0].cancel)

        loop.call_soon_threadsafe(begin)
        return lambda: self.call(cancel)

    def call(self, function: Callable[[], object]) -> None:
        """Call a function on the loop soon; nothing happens when the loop has ended."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(function)

    def close(self) -> None:
        """Cancel what still runs and end the loop."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(
                    target=self._run, args=(self._loop,), name="everyrun-tasks", daemon=True
                )
                self._thread.start()
            return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        loop.run_until_complete(asyncio.sleep(0))  # what was just begun takes its first step
        left = list(self._tasks)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
