"""Threads that run nodes. One that does not come back can be left behind; another takes its place.

The standard pool is not used because its threads keep the process from ending.
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread


class Workers:
    """At most ``limit`` threads, made as they are needed."""

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = Lock()
        self._threads = 0
        self._idle = 0
        self._made = 0

    def do(self, task: Callable[[], None]) -> None:
        """Run ``task``, which must not raise, in one of the threads."""
        with self._lock:
            if self._idle:
                self._idle -= 1
            elif self._threads < self._limit:
                self._add()
        self._tasks.put(task)

    def leave_one_behind(self) -> None:
        """A thread will not come back soon: let another one work in its place."""
        with self._lock:
            self._limit += 1

    def close(self) -> None:
        """Let the threads end when they have nothing left to do."""
        with self._lock:
            threads, self._threads = self._threads, 0
        for _ in range(threads):
            self._tasks.put(None)

    def _add(self) -> None:
        self._threads += 1
        self._made += 1
        Thread(target=self._work, name=f"{self._name}-{self._made}", daemon=True).start()

    def _work(self) -> None:
        while True:
            task = self._tasks.get()
            if task is None:
                return
            task()
            del task  # else it would live until the next one comes
            with self._lock:
                self._idle += 1
