"""Where a follower goes on, and when it has to begin anew."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.views.changes import ChangesPage
from everyrun.store.changes.positions import BEGINNING, PRUNED, Position
from everyrun.store.changes.pruning import Kept, prune_changes
from everyrun.store.changes.telling import changes
from everyrun.store.database import Database, open_database
from everyrun.store.reading.changes import read_changes
from tests.integration.changes.following import Follower
from tests.integration.reading.runs import Run, tell_runs
from tests.support.facts import NOON, SECOND

Follow = Callable[[], Follower]
WEEK = 7 * 24 * 3_600 * SECOND


def _read(database: Database, after: str | None, limit: int = 100) -> ChangesPage:
    with database.reading() as connection:
        return read_changes(connection, after, limit)


def _prune(database: Database, now: int, *kept: Any, chunk: int = 100) -> int:
    return database.transact(lambda c: prune_changes(c, now, Kept(*kept), chunk))


def _count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(changes)).scalar_one()


def test_without_a_cursor_only_the_place_is_told(database: Database) -> None:
    tell_runs(database, [Run()])
    page = _read(database, None)

    assert ([], False, False) == (page.items, page.more, page.reset)
    assert ChangesPage(items=[], next=page.next, more=False, reset=False) == _read(
        database, page.next
    )


def test_an_empty_ledger_is_followed_from_its_beginning(database: Database, follow: Follow) -> None:
    follower = follow()
    at_first = (follower.cursor, follower.poll())
    tell_runs(database, [Run("a")])

    assert (BEGINNING.cursor, []) == at_first
    assert ["workflow.registered", "execution.appeared"] == follower.types()


def test_pages_follow_each_other_without_gap_or_repeat(database: Database) -> None:
    follower = Follower(database, limit=3)
    runs = [Run("a") for _ in range(10)]
    tell_runs(database, runs)

    assert [None, *(run.id for run in runs)] == [item.execution_id for item in follower.poll()]


@pytest.mark.parametrize("cursor", ["", "x", "AWUB", "AWMAAAA", "가"])
def test_a_cursor_of_something_else_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        _read(database, cursor)


@pytest.mark.parametrize("limit", [0, 1_001])
def test_a_limit_out_of_range_is_refused(database: Database, limit: int) -> None:
    with pytest.raises(InvalidQuery):
        _read(database, None, limit)


@pytest.mark.parametrize(
    "position",
    [
        Position(0, 1, bytes(8)),
        Position(2**63 - 1, 2**63 - 1, bytes(8)),
        Position(1, 1, b"12345678"),
    ],
)
def test_a_place_that_this_ledger_never_had_begins_anew(
    database: Database, position: Position
) -> None:
    tell_runs(database, [Run(), Run()])
    page = _read(database, position.cursor)

    assert ([], True, _read(database, None).next) == (page.items, page.reset, page.next)


def test_a_cursor_of_another_ledger_begins_anew(database: Database, sqlite_template: Path) -> None:
    copy = sqlite_template.with_name("other.db")
    shutil.copyfile(sqlite_template, copy)
    other = open_database(f"sqlite:///{copy}")
    for ledger in (database, other):
        tell_runs(ledger, [Run("a"), Run("b")])
    foreign = _read(other, None).next
    other.close()
    copy.unlink()

    assert _read(database, foreign).reset


def test_old_changes_are_forgotten_and_their_readers_begin_anew(database: Database) -> None:
    beginning = _read(database, None).next
    tell_runs(database, [Run("a")])
    one = _read(database, beginning, limit=1).next
    two = _read(database, None).next
    forgotten = _prune(database, NOON + WEEK + 1)
    again = _prune(database, NOON + WEEK + 1)
    tell_runs(database, [Run("b")])

    assert (2, 0) == (forgotten, again)
    assert [True, True, False] == [
        _read(database, cursor).reset for cursor in (beginning, one, two)
    ]
    assert ["workflow.registered", "execution.appeared"] == [
        item.type for item in _read(database, two).items
    ]
    assert BEGINNING.cursor != _read(database, None).next


def test_young_changes_are_kept(database: Database, follow: Follow) -> None:
    follower = follow()
    tell_runs(database, [Run("a")])

    assert 0 == _prune(database, NOON + WEEK)
    assert ["workflow.registered", "execution.appeared"] == follower.types()


def test_only_so_many_changes_are_kept(database: Database) -> None:
    beginning = _read(database, None).next
    tell_runs(database, [Run("a") for _ in range(20)])
    forgotten: list[int] = []
    while not forgotten or forgotten[-1]:
        forgotten.append(_prune(database, NOON, timedelta(days=7), 5, chunk=4))
    with database.reading() as connection:
        marks = connection.execute(select(changes.c.id).where(changes.c.type == PRUNED)).all()

    assert 16 == sum(forgotten)
    assert (6, 1) == (_count(database), len(marks))
    assert _read(database, beginning).reset


@pytest.mark.postgresql
def test_changes_out_of_a_dump_of_another_server_are_not_told(
    migrated_postgresql_url: str,
) -> None:
    """Their transactions have numbers that this server comes to much later."""
    database = open_database(migrated_postgresql_url)
    tell_runs(database, [Run("a")])
    with database.writing() as connection:
        connection.execute(text("UPDATE changes SET transaction = transaction + 1000000000"))
        row = connection.execute(text("SELECT max(transaction), max(id) FROM changes")).one()
    follower = Follower(database)
    tell_runs(database, [Run("b")])
    _prune(database, NOON)

    assert _read(database, Position(row[0], row[1], bytes(8)).cursor).reset
    assert ["workflow.registered", "execution.appeared"] == follower.types()
    assert 2 == _count(database)
    database.close()
