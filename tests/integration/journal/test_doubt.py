"""When the connection fails, what was committed counts once and what was not is committed."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from everyrun.domain.errors import LeaseLost
from everyrun.domain.identifiers import new_id
from everyrun.store import leases
from everyrun.store.checking import check_counters
from everyrun.store.database import Database, open_database
from everyrun.store.journal.rows import Moves
from everyrun.store.journal.sqlite_writer import SqliteWriter
from everyrun.store.journal.writing import Address, InDoubt, Writer, open_writer
from everyrun.store.tables import NodeExecution, WorkflowExecution
from tests.integration.journal.executions import CountingJournal, Ours, finished, started
from tests.support.facts import NOON
from tests.support.postgresql_server import PostgresqlServer
from tests.support.queue import LATER, lease_of, take


class AnswerLost:
    """A writer whose connection fails after the commit, or before it."""

    def __init__(self, writer: Writer, *, after: bool) -> None:
        self._writer = writer
        self._after = after

    def write(self, address: Address, moves: Moves, now: int, *, heard_of: bool) -> bool:
        if self._after:
            assert self._writer.write(address, moves, now, heard_of=heard_of)
        raise InDoubt

    def close(self) -> None:
        self._writer.close()


class ForgetfulDatabase(Database):
    """A database whose next transaction is committed without an answer."""

    forget = False

    def transact(self, work: Callable[[Connection], Any]) -> Any:
        found = super().transact(work)
        if self.forget:
            self.forget = False
            raise OperationalError("COMMIT", None, Exception("the connection was closed"))
        return found


def _node_statuses(database: Database) -> list[str]:
    with database.reading() as connection:
        return sorted(connection.execute(select(NodeExecution.status)).scalars())


def _nodes_counted(database: Database) -> int:
    with database.reading() as connection:
        assert [] == check_counters(connection)
        return connection.execute(select(WorkflowExecution.nodes_total)).scalar_one()


@pytest.mark.parametrize("after", [True, False], ids=["after the commit", "before the commit"])
def test_a_commit_in_doubt_counts_once(
    ours: Ours, journal: CountingJournal, *, after: bool
) -> None:
    node, following = ours.node(1), ours.node(2)
    journal.commit([started(node)], NOON)
    assert journal._writer is not None
    journal._writer = AnswerLost(journal._writer, after=after)

    journal.commit([finished(node, output=1), started(following)], NOON)
    journal.commit([finished(following)], NOON)

    assert ["completed"] * 3 == _node_statuses(ours.database)
    assert 3 == _nodes_counted(ours.database)


def test_a_commit_in_doubt_is_not_made_again_for_a_lost_lease(
    ours: Ours, journal: CountingJournal
) -> None:
    node = ours.node(1)
    journal.commit([started(node)], NOON)
    assert journal._writer is not None
    journal._writer = AnswerLost(journal._writer, after=False)
    assert take(ours.database, ours.execution_id, new_id(), now=LATER)

    with pytest.raises(LeaseLost):
        journal.commit([finished(node)], NOON)

    assert ["completed", "running"] == _node_statuses(ours.database)


def test_a_writer_that_waited_in_vain_has_written_nothing(migrated_sqlite_url: str) -> None:
    database = open_database(migrated_sqlite_url)
    ours, writer = Ours(database), SqliteWriter(database)
    writer._driver.execute("PRAGMA busy_timeout = 1")
    moves, address = Moves(), Address(ours.execution_id, ours.workflow_id, new_id(), ours.owner)

    with database.writing(), pytest.raises(InDoubt):
        writer.write(address, moves, NOON, heard_of=True)

    assert not writer.write(address, moves, NOON, heard_of=True)
    writer.close()
    database.close()


@pytest.mark.parametrize("url", ["sqlite:///{folder}", "postgresql://nobody@/none?host={folder}"])
def test_a_writer_that_cannot_be_opened_has_written_nothing(url: str, tmp_path: Path) -> None:
    database = open_database(url.format(folder=tmp_path))

    with pytest.raises(InDoubt):
        open_writer(database)


@pytest.fixture
def forgetful(migrated_postgresql_url: str) -> ForgetfulDatabase:
    """On PostgreSQL, where an answer can be lost."""
    return ForgetfulDatabase(migrated_postgresql_url)


@pytest.mark.postgresql
def test_a_last_commit_in_doubt_is_found_to_have_been_made(forgetful: ForgetfulDatabase) -> None:
    ours = Ours(forgetful)
    with ours.journal() as journal:
        journal.commit([ours.began(), started(ours.node())], NOON)
        forgetful.forget = True

        journal.commit([ours.ended()], NOON, release=True)

    assert lease_of(forgetful, ours.execution_id) is None
    forgetful.close()


@pytest.mark.postgresql
def test_a_last_commit_that_another_owner_prevented_is_no_success(
    forgetful: ForgetfulDatabase,
) -> None:
    ours = Ours(forgetful)
    with ours.journal() as journal:
        journal.commit([ours.began(), started(ours.node())], NOON)
        forgetful.transact(lambda c: leases.release(c, ours.execution_id, ours.owner))
        forgetful.forget = True

        with pytest.raises(LeaseLost):
            journal.commit([ours.ended()], NOON, release=True)

    forgetful.close()


@pytest.mark.postgresql
def test_a_server_that_restarts_costs_no_outcome(postgresql_server: PostgresqlServer) -> None:
    database = open_database(postgresql_server.url())
    database.upgrade()
    ours = Ours(database)
    begun, restarted, turns = threading.Event(), threading.Event(), list[int]()

    def run() -> None:
        with ours.journal() as journal:
            journal.commit([ours.began(), started(ours.node())], NOON)
            while not restarted.is_set() or len(turns) < 10:
                node, now = ours.node(len(turns) % 3), NOON + len(turns)
                journal.commit([started(node, now)], now)
                journal.commit([finished(node, now + 1)], now)
                turns.append(journal.by_the_door)
                begun.set()
            for _ in range(3):
                last = ours.node()
                journal.commit([started(last, now)], now)
                journal.commit([finished(last, now)], now)
                turns.append(journal.by_the_door)

    engine = threading.Thread(target=run)
    engine.start()
    assert begun.wait(30)
    # From this thread, for the server ends with the thread that started it.
    postgresql_server.restart()
    restarted.set()
    engine.join(60)

    assert turns[-3] == turns[-1]
    assert ["completed"] * len(turns) + ["running"] == _node_statuses(database)
    assert len(turns) + 1 == _nodes_counted(database)
    database.close()
