"""Noting that tokens and sessions were used, aside: no request waits for it."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from threading import Condition, Thread
from typing import Any, TypeVar

from everyrun.domain.errors import EveryrunError
from everyrun.store.connections import Connection
from everyrun.store.database import Database
from everyrun.store.explaining import DatabaseRefused

GATHERED_SECONDS = 1.0
"""How long notes wait for others, to be written together."""
_MOST_WAITING = 2_000
_log = logging.getLogger("everyrun.server")

Note = TypeVar("Note")
Write = Callable[[Connection, Sequence[Note]], object]
_Waiting = dict[Write[Any], list[Any]]


class Notes:
    """Writes what was noted within a second together, in a thread that begins with the first."""

    def __init__(self, database: Database, gathered_seconds: float = GATHERED_SECONDS) -> None:
        self._database = database
        self._gathered_seconds = gathered_seconds
        self._waiting: _Waiting = {}
        self._moved = Condition()
        self._is_writing = False
        self._is_hurried = False
        self._is_closed = False
        self._thread: Thread | None = None

    def add(self, write: Write[Note], note: Note) -> None:
        """Have ``write`` write a note soon, with others that are written by it.

        With too many before it, it is left out; so it is when it fails. To repeat one must be
        harmless.
        """
        with self._moved:
            if self._is_closed:
                return
            if sum(map(len, self._waiting.values())) >= _MOST_WAITING:
                _log.debug("a note of a token's use was left out")
                return
            self._waiting.setdefault(write, []).append(note)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="everyrun-notes", daemon=True)
                self._thread.start()
            self._moved.notify_all()

    def settle(self) -> None:
        """Wait until all notes so far are written."""
        with self._moved:
            self._is_hurried = True
            self._moved.notify_all()
            self._moved.wait_for(lambda: not self._waiting and not self._is_writing)
            self._is_hurried = False

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
                count = sum(map(len, notes.values()))
                _log.warning("%d notes of tokens' use could not be written", count)
            finally:
                with self._moved:
                    self._is_writing = False
                    self._moved.notify_all()

    def _take(self) -> _Waiting:
        """All that waits; nothing once it is closed."""
        with self._moved:
            self._moved.wait_for(lambda: self._waiting or self._is_closed)
            self._moved.wait_for(
                lambda: self._is_hurried or self._is_closed, self._gathered_seconds
            )
            notes, self._waiting = self._waiting, {}
            self._is_writing = bool(notes)
            return notes


def _write(notes: _Waiting, connection: Connection) -> None:
    for write, some in notes.items():
        write(connection, some)
