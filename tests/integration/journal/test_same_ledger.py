"""Whatever an engine commits through the journal is on record as the general door would have it."""

from typing import Any

from hypothesis import given
from sqlalchemy import Connection, text

from everyrun.domain import events
from everyrun.domain.events import WIRE_VERSION, Batch
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.intake import append_batch
from everyrun.store.versions import NodeIdentity
from tests.integration.journal.executions import CountingJournal
from tests.support.emptying import empty
from tests.support.engine_stories import (
    ANYTHING,
    ENGINE,
    KEYS,
    ORDINARY,
    WITH_USER_CODE,
    Commit,
    engine_stories,
)
from tests.support.queue import LATER, queue_up, save
from tests.support.snapshots import snapshot
from tests.support.stories import NOON, identifier_at

EXECUTION, OWNER = identifier_at(NOON, 1), identifier_at(NOON, 2)

_MORE = {
    "more of executions": """
        SELECT id, seen_at, updated_at, log_position, progress_message, progress_at, nodes_planned
        FROM workflow_executions ORDER BY id""",
    "more of nodes": """
        SELECT id, seen_at, parent_node_execution_id, progress_message, progress_at
        FROM node_executions ORDER BY id""",
}


def _everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    found = snapshot(connection)
    for name, query in _MORE.items():
        found[name] = [tuple(row) for row in connection.execute(text(query))]
    return found


def _fresh(database: Database) -> None:
    empty(database)
    saved = save(database, nodes={key: NodeIdentity("set", {}) for key in KEYS})
    queue_up(
        database,
        saved.workflow_id,
        execution_id=EXECUTION,
        owner=OWNER,
        host="host-a",
        expires_at=LATER,
    )


def _append(database: Database, commit: Commit) -> None:
    batch = Batch(version=WIRE_VERSION, recorder=commit.recorder, events=commit.told)
    append_batch(database, batch, commit.now)


def _by_append(database: Database, commits: list[Commit]) -> dict[str, list[tuple[Any, ...]]]:
    _fresh(database)
    for commit in commits:
        _append(database, commit)
    with database.reading() as connection:
        return _everything(connection)


def _by_journal(database: Database, commits: list[Commit]) -> CountingJournal:
    _fresh(database)
    with CountingJournal(database, EXECUTION, "nightly", ENGINE, OWNER) as journal:
        for commit in commits:
            if commit.recorder is ENGINE and not _is_gone(commit):
                journal.commit(commit.told, commit.now)
            else:
                _append(database, commit)
    return journal


def _is_gone(commit: Commit) -> bool:
    return any(isinstance(event, events.RecorderGone) for event in commit.told)


@given(commits=engine_stories(WITH_USER_CODE) | engine_stories(ANYTHING))
def test_the_journal_and_the_general_door_write_the_same(
    database: Database, commits: list[Commit]
) -> None:
    expected = _by_append(database, commits)

    _by_journal(database, commits)

    with database.reading() as connection:
        actual = _everything(connection)
        assert [] == check_counters(connection)
    for table, rows in expected.items():
        assert rows == actual[table], table


@given(commits=engine_stories(ORDINARY))
def test_an_ordinary_run_needs_the_general_door_only_to_begin(
    database: Database, commits: list[Commit]
) -> None:
    journal = _by_journal(database, commits)

    assert _until_a_node_is_on_record(commits) + _with_two_steps_of_one_node(commits) >= (
        journal.by_the_door
    )


def _until_a_node_is_on_record(commits: list[Commit]) -> int:
    for number, commit in enumerate(commits, 1):
        if any(isinstance(event, events.NodeEvent) for event in commit.told):
            return number
    return len(commits)


def _with_two_steps_of_one_node(commits: list[Commit]) -> int:
    """How many commits have a node go through more than from its start to its end."""
    return sum(any(len(steps) > 1 for steps in _later_steps(commit)) for commit in commits)


def _later_steps(commit: Commit) -> list[list[events.NodeEvent]]:
    steps: dict[str, list[events.NodeEvent]] = {}
    for event in commit.told:
        if isinstance(event, events.NodeEvent):
            steps.setdefault(event.node_execution_id, []).append(event)
    return [
        taken
        for taken in steps.values()
        if not (
            len(taken) == 2
            and isinstance(taken[0], events.NodeStarted)
            and taken[0].attempt == 1
            and isinstance(taken[1], events.NodeFinished)
        )
    ]
