"""However writers overlap: who polls is told of each committed change, once, and in one order."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from everyrun.domain.changes import ChangeType
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.changes.telling import tell_change
from everyrun.store.database import Database, open_database
from everyrun.store.reading.changes import read_changes
from tests.integration.changes.following import Follower
from tests.integration.reading.runs import Run, tell_runs
from tests.support.facts import NOON
from tests.support.postgresql_databases import PostgresqlDatabases

WRITERS = 3


class Step(NamedTuple):
    """What happens next: a writer writes, commits or rolls back, or a follower polls."""

    who: int
    does: str


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, WRITERS - 1),
        st.sampled_from(["write", "write", "commit", "roll back", "poll", "poll by ones"]),
    ),
    min_size=8,
    max_size=40,
)


class Writers:
    """Transactions of which each may be open while others come and go."""

    def __init__(self, database: Database, stack: ExitStack) -> None:
        self._connections = [stack.enter_context(database.engine.connect()) for _ in range(WRITERS)]
        self._written: list[list[str]] = [[] for _ in range(WRITERS)]
        self.committed: set[str] = set()

    def write(self, who: int) -> None:
        """One more change in the writer's transaction, which begins with it."""
        told = new_id()
        _tell(self._connections[who], told)
        self._written[who].append(told)

    def end(self, who: int, *, commits: bool) -> None:
        """End the writer's transaction, if it has one."""
        if commits:
            self._connections[who].commit()
            self.committed.update(self._written[who])
        else:
            self._connections[who].rollback()
        self._written[who] = []


def _tell(connection: Connection, told: str) -> None:
    tell_change(connection, ChangeType.BATCH_STOPPING, NOON, batch_id=told, data=_BATCH)


_BATCH = {"name": "b", "status": "running", "total": 1}


@pytest.fixture(scope="module")
def postgresql(
    postgresql_databases: PostgresqlDatabases, postgresql_template: str
) -> Iterator[Database]:
    """One migrated ledger for all examples: a follower minds only what is new."""
    with postgresql_databases.lend(postgresql_template) as url:
        database = open_database(url)
        yield database
        database.close()


@pytest.mark.postgresql
@settings(max_examples=100)
@given(steps=STEPS)
def test_no_order_of_commits_hides_or_repeats_a_change(
    postgresql: Database, steps: list[Step]
) -> None:
    followers = {"poll": Follower(postgresql), "poll by ones": Follower(postgresql, limit=1)}
    seen: dict[str, list[str]] = {name: [] for name in followers}

    def poll(name: str) -> None:
        seen[name] += [str(item.batch_id) for item in followers[name].poll()]

    with ExitStack() as stack:
        writers = Writers(postgresql, stack)
        for step in steps:
            match step.does:
                case "write":
                    writers.write(step.who)
                case "commit" | "roll back":
                    writers.end(step.who, commits=step.does == "commit")
                case _:
                    poll(step.does)
        for who in reversed(range(WRITERS)):
            writers.end(who, commits=True)
    for name in followers:
        poll(name)

    assert seen["poll"] == seen["poll by ones"]
    assert sorted(writers.committed) == sorted(seen["poll"])


@pytest.mark.postgresql
def test_a_change_waits_for_those_that_may_still_come_before_it(postgresql: Database) -> None:
    follower = Follower(postgresql)
    with ExitStack() as stack:
        writers = Writers(postgresql, stack)
        writers.write(0)
        writers.write(1)
        writers.end(1, commits=True)
        early = follower.poll()
        writers.end(0, commits=True)

    assert [] == early
    assert 2 == len(follower.poll())


@pytest.mark.postgresql
def test_two_servers_agree_on_cursors(postgresql: Database) -> None:
    other = open_database(postgresql.url.render_as_string(hide_password=False))
    mine, theirs = Follower(postgresql, limit=2), Follower(other, limit=2)
    tell_runs(postgresql, [Run("a") for _ in range(5)])
    mine.poll()
    theirs.poll()
    other.close()

    assert mine.cursor == theirs.cursor


def test_many_writers_and_a_follower_at_once(database: Database) -> None:
    """Real batches in real threads: the moves of every execution, in their order."""
    runs = [[Run(f"w{number % 3}") for _ in range(8)] for number in range(WRITERS)]
    done = threading.Event()
    follower = Follower(database, limit=7)
    told: dict[str, list[str]] = {}

    def collect() -> None:
        for item in follower.poll():
            if item.execution_id is not None:
                told.setdefault(item.execution_id, []).append(item.type)

    def write(mine: list[Run]) -> None:
        for run in mine:
            tell_runs(database, [run])
            tell_runs(database, [run.started()])
            tell_runs(database, [run.finished(Status.FAILED)])

    def watch() -> None:
        while not done.is_set():
            collect()

    threads = [threading.Thread(target=write, args=(mine,)) for mine in runs]
    watching = threading.Thread(target=watch)
    for thread in [*threads, watching]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watching.join()
    collect()
    moves = ["execution.appeared", "execution.started", "execution.failed"]

    assert {run.id: moves for mine in runs for run in mine} == told


def test_a_reader_sees_whole_transactions(database: Database) -> None:
    follower = Follower(database)
    with database.writing() as connection:
        _tell(connection, new_id())
        with database.reading() as aside:
            during = read_changes(aside, follower.cursor).items
        _tell(connection, new_id())

    assert [] == during
    assert 2 == len(follower.poll())
