"""Notes of uses are written together, aside, and what goes wrong with some ends there."""

from threading import Event

import pytest
from sqlalchemy import text

from everyrun.server.access.noting import Notes
from everyrun.store.connections import Connection
from everyrun.store.database import Database
from tests.support.waiting import TIMEOUT


class _Written:
    """What was written, each with the transaction that it was written in."""

    def __init__(self) -> None:
        self.notes: list[tuple[int, Connection]] = []

    def note(self, number: int) -> "_Noted":
        return _Noted(self, number)


class _Noted:
    def __init__(self, written: _Written, number: int) -> None:
        self._written, self._number = written, number

    def __call__(self, connection: Connection) -> None:
        self._written.notes.append((self._number, connection))


def test_what_waits_is_written_in_one_transaction(database: Database) -> None:
    notes, written = Notes(database), _Written()
    begun, may_end = Event(), Event()

    def hold(connection: Connection) -> None:
        begun.set()
        may_end.wait(TIMEOUT)

    notes.add(hold)
    assert begun.wait(TIMEOUT)
    for number in range(5):
        notes.add(written.note(number))
    may_end.set()
    notes.settle()

    assert [0, 1, 2, 3, 4] == [number for number, _ in written.notes]
    assert 1 == len({id(connection) for _, connection in written.notes})
    notes.close()


def test_a_note_that_fails_does_not_keep_later_ones(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    notes, written = Notes(database), _Written()

    notes.add(lambda connection: connection.execute(text("UPDATE nowhere SET nothing = 1")))
    notes.settle()
    notes.add(written.note(1))
    notes.settle()

    assert [1] == [number for number, _ in written.notes]
    assert "could not be written" in caplog.text
    notes.close()


def test_what_waits_is_written_before_the_end(database: Database) -> None:
    notes, written = Notes(database), _Written()

    notes.add(written.note(1))
    notes.close()
    notes.add(written.note(2))

    assert [1] == [number for number, _ in written.notes]
