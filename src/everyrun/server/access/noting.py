"""Noting that tokens and sessions were used, aside: no request waits for it."""

import logging
from collections.abc import Callable
from queue import Full, Queue
from threading import Lock, Thread

from everyrun.store.connections import Connection
from everyrun.store.database import Database

_MOST_WAITING = 1_000
_log = logging.getLogger("everyrun.server")

Note = Callable[[Connection], object]


class Notes:
    """Writes notes one after the other, in a thread that begins with the first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Queue[Note | None] = Queue(_MOST_WAITING)
        self._lock = Lock()
        self._thread: Thread | None = None
        self._is_closed = False

    def add(self, note: Note) -> None:
        """Write a note soon. With too many before it, it is left out; so it is when it fails."""
        with self._lock:
            if self._is_closed:
                return
            if self._thread is None:
                self._thread = Thread(target=self._run, name="everyrun-notes", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait(note)
            except Full:
                _log.debug("a note of a token's use was left out")

    def settle(self) -> None:
        """Wait until all notes so far are written."""
        self._waiting.join()

    def close(self) -> None:
        """Write what waits, and take no more."""
        with self._lock:
            ends_now = self._thread is not None and not self._is_closed
            self._is_closed = True
        if ends_now:
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            note = self._waiting.get()
            try:
                if note is None:
                    return
                self._database.transact(note)
            except Exception:  # noqa: BLE001 - whatever it was, the next note may be written
                _log.warning("a note of a token's use could not be written", exc_info=True)
            finally:
                self._waiting.task_done()
