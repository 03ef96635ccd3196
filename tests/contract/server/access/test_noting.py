"""Notes of uses are written together, aside, and what goes wrong with some ends there."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from everyrun.server.access.noting import Notes
from everyrun.store.connections import Connection
from everyrun.store.database import Database
from tests.support.waiting import TIMEOUT, wait_until


class _Written:
    """What was written, together."""

    def __init__(self) -> None:
        self.together: list[list[int]] = []

    def write(self, connection: Connection, notes: Sequence[int]) -> None:
        self.together.append(list(notes))


def _fail(connection: Connection, notes: Sequence[int]) -> None:
    connection.execute(text("UPDATE nowhere SET nothing = 1"))


def test_what_is_noted_in_a_while_is_written_at_once(database: Database) -> None:
    notes, written = Notes(database, gathered_seconds=TIMEOUT), _Written()
    write = written.write

    for number in range(5):
        notes.add(write, number)
    notes.settle()

    assert [[0, 1, 2, 3, 4]] == written.together
    notes.close()


def test_what_is_noted_is_written_though_nobody_waits_for_it(database: Database) -> None:
    notes, written = Notes(database, gathered_seconds=0.0), _Written()

    notes.add(written.write, 1)

    wait_until(lambda: [[1]] == written.together, "the note is written")
    notes.close()


def test_a_note_that_fails_does_not_keep_later_ones(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    notes, written = Notes(database), _Written()

    notes.add(_fail, 1)
    notes.settle()
    notes.add(written.write, 2)
    notes.settle()

    assert [[2]] == written.together
    assert "1 notes of tokens' use could not be written" in caplog.text
    notes.close()


def test_what_waits_is_written_before_the_end(database: Database) -> None:
    notes, written = Notes(database), _Written()

    notes.add(written.write, 1)
    notes.close()
    notes.add(written.write, 2)

    assert [[1]] == written.together
