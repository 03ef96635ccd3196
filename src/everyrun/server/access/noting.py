"""Noting that tokens and sessions were used, aside: no request waits for it."""

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Condition, Thread

from everyrun.domain.errors import EveryrunError
from everyrun.store.connections import Connection
from everyrun.store.database import Database
from everyrun.store.explaining import DatabaseRefused

_MOST_WAITING = 1_000
_log = logging.getLogger("everyrun.server")

Note = Callable[[Connection], object]


class Notes:
    """Writes what waits together, in a thread that begins with the first note."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[Note] = deque()
        self._moved = Condition()
        self._is_writing = False
        self._is_closed = False
        self._thread: Thread | None = None

    def add(self, note: Note) -> None:
        """Write a note soon. With too many before it, it is left out; so it is when it fails.

        A note must be harmless to repeat.
        """
        with self._moved:
            if self._is_closed:
                return
            if len(self._waiting) >= _MOST_WAITING:
                _log.debug("a note of a token's use was left out")
                return
            self._waiting.append(note)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="everyrun-notes", daemon=True)
                self._thread.start()
            self._moved.notify_all()

    def settle(self) -> None:
        """Wait until all notes so far are written."""
        with self._moved:
            self._moved.wait_for(lambda: not self._waiting and not self._is_writing)

    def close(self) -> None:
        """Write what waits, and take no more."""
        with self._moved:
            self._is_closed = True
            self._moved.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while notes := self._take():
            try:
                self._database.transact(partial(_write, notes))
            except (DatabaseRefused, EveryrunError):
                _log.warning("%d notes of tokens' use could not be written", len(notes))
            finally:
                with self._moved:
                    self._is_writing = False
                    self._moved.notify_all()

    def _take(self) -> list[Note]:
        """All that waits; nothing once it is closed."""
        with self._moved:
            self._moved.wait_for(lambda: self._waiting or self._is_closed)
            notes = list(self._waiting)
            self._waiting.clear()
            self._is_writing = bool(notes)
            return notes


def _write(notes: list[Note], connection: Connection) -> None:
    for note in notes:
        note(connection)
