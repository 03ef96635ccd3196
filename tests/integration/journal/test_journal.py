"""What the journal writes, when it must ask, and what it never writes."""

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import EventRejected, LeaseLost
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store import leases
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.deleting import delete_executions
from everyrun.store.slots import claim_slot
from everyrun.store.tables import (
    ConcurrencySlot,
    ExecutionLog,
    Node,
    NodeExecution,
    Recorder,
    WorkflowExecution,
)
from tests.integration.journal.executions import CountingJournal, Ours, finished, started
from tests.support.facts import NOON, SECOND
from tests.support.queue import LATER, lease_of, take
from tests.support.snapshots import snapshot


def _read(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_a_chain_goes_by_the_journals_own_statements(ours: Ours, journal: CountingJournal) -> None:
    before = ours.node(1)
    journal.commit([started(before, input={"x": 1})], NOON + 1)
    by_the_door = journal.by_the_door

    for turn in range(2, 20):
        node = ours.node(turn % 3, order=turn)
        journal.commit([finished(before, NOON + turn), started(node, NOON + turn)], NOON + turn)
        before = node

    assert by_the_door == journal.by_the_door
    columns = (WorkflowExecution.nodes_total, WorkflowExecution.nodes_completed)
    assert [(20, 19)] == _read(ours.database, *columns)
    with ours.database.reading() as connection:
        assert [] == check_counters(connection)


def test_a_new_owner_takes_everything_from_the_old_one(
    ours: Ours, journal: CountingJournal
) -> None:
    node = ours.node(1)
    journal.commit([started(node)], NOON)
    assert take(ours.database, ours.execution_id, new_id(), now=LATER)
    with ours.database.reading() as connection:
        before = snapshot(connection)

    attempts: list[list[events.AnyEvent]] = [
        [finished(node), started(ours.node(2))],
        [ours.ended()],
        [events.NodeCreated(**ours.node(2), at=NOON)],
        [],
    ]
    for told in attempts:
        with pytest.raises(LeaseLost):
            journal.commit(told, NOON + 9)
    with pytest.raises(LeaseLost):
        journal.commit([finished(node), ours.ended()], NOON + 9, release=True)

    with ours.database.reading() as connection:
        assert before == snapshot(connection)
    assert lease_of(ours.database, ours.execution_id) is not None


def test_what_has_expired_but_nobody_took_is_still_written(
    ours: Ours, journal: CountingJournal
) -> None:
    journal.commit([started(ours.node(1), LATER + 1)], LATER + 1)

    assert [(2,)] == _read(ours.database, WorkflowExecution.nodes_total)


def test_an_execution_that_was_deleted_stays_deleted(ours: Ours, journal: CountingJournal) -> None:
    with ours.database.writing() as connection:
        delete_executions(connection, [ours.execution_id], NOON)

    with pytest.raises(LeaseLost):
        journal.commit([started(ours.node(1))], NOON)

    assert [] == _read(ours.database, WorkflowExecution.id)


def test_the_last_commit_gives_the_lease_and_its_slots_up(
    ours: Ours, journal: CountingJournal
) -> None:
    ours.database.transact(lambda c: claim_slot(c, "db", 2, ours.execution_id, new_id(), NOON))

    journal.commit([ours.ended()], NOON + SECOND, release=True)

    assert lease_of(ours.database, ours.execution_id) is None
    assert [] == _read(ours.database, ConcurrencySlot.key)
    assert [("completed",)] == _read(ours.database, WorkflowExecution.status)
    with pytest.raises(LeaseLost):
        journal.commit([], NOON)


def _progress(node: dict[str, Any], at: int, began: int, attempt: int = 1) -> events.NodeProgressed:
    return events.NodeProgressed(**node, at=at, attempt=attempt, started_at=began, current=1.0)


Interference = Callable[[Ours, dict[str, Any]], None]


@pytest.mark.parametrize(
    "interfere",
    [
        lambda ours, node: ours.append(_progress(node, NOON + 2, NOON - 3)),
        lambda ours, node: ours.append(_progress(node, NOON + 9 * SECOND, NOON)),
        lambda ours, node: ours.append(
            events.NodeLost(**node, at=NOON - SECOND, reason="an old look")
        ),
        lambda ours, node: ours.append(finished(node, NOON + 1, Status.CANCELLED)),
        lambda ours, node: ours.append(
            events.RecorderGone(at=NOON + 50, reason="it does not answer")
        ),
    ],
    ids=["an earlier start", "a later sign of life", "a look that was late", "an end", "nothing"],
)
@pytest.mark.parametrize("attempts", [1, 2])
def test_what_others_said_of_a_row_is_not_lost(
    database: Database, interfere: Interference, attempts: int
) -> None:
    """The same as when all of it had gone through the general door."""
    seen = []
    for quickly in (True, False):
        ours = Ours(database)
        node = ours.node(1, order=4)
        told: list[list[Any]] = [[started(node, input={"a": 1})]]
        for attempt in range(1, attempts):
            retrying = events.NodeRetrying(**node, at=NOON + 3, attempt=attempt, error_type="Oops")
            told.append([retrying])
            told.append([started(node, NOON + 4, attempt=attempt + 1)])
        told.append([finished(node, NOON + 6, attempt=attempts, output=[1])])
        with ours.journal() as journal:
            journal.commit([ours.began(), started(ours.node())], NOON)
            for batch in told:
                if not quickly:
                    journal.commit([*batch, ours.began()], NOON)
                else:
                    journal.commit(batch, NOON)
                if batch is not told[-1]:
                    interfere(ours, node)
        seen.append(_row(database, node["node_execution_id"]))
        with database.reading() as connection:
            assert [] == check_counters(connection)

    assert seen[0] == seen[1]


def _row(database: Database, id_: str) -> dict[str, Any]:
    table = NodeExecution.__table__
    hidden = {"workflow_execution_id", "id", "node_id", "recorder_id"}
    with database.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == id_)).one()
    return {name: value for name, value in row._mapping.items() if name not in hidden}


def test_an_end_may_say_what_the_start_left_out(ours: Ours, journal: CountingJournal) -> None:
    node = ours.node(1)
    journal.commit([started(node)], NOON)

    journal.commit([finished({**node, "order": 7, "iteration": "3"})], NOON)

    found = _read(ours.database, NodeExecution.execution_order, NodeExecution.iteration)
    assert (7, "3") in found


def test_a_next_attempt_that_seems_to_begin_first_begins_it(
    ours: Ours, journal: CountingJournal
) -> None:
    node = ours.node(1)
    journal.commit([started(node, NOON + 10)], NOON)
    journal.commit([events.NodeRetrying(**node, at=NOON + 11)], NOON)

    journal.commit([started(node, NOON + 2, attempt=2)], NOON)

    row = _row(ours.database, node["node_execution_id"])
    assert to_datetime(NOON + 2) == row["started_at"] == row["attempt_started_at"]


def test_a_node_that_nobody_saved_is_registered(ours: Ours, journal: CountingJournal) -> None:
    node = {**ours.node(), "node": "improvised"}
    journal.commit([started(node)], NOON)
    by_the_door = journal.by_the_door

    journal.commit([finished(node), started({**ours.node(), "node": "improvised"})], NOON)

    assert by_the_door == journal.by_the_door
    assert ("improvised",) in _read(ours.database, Node.key)


def test_text_that_cannot_be_stored_is_cleaned(ours: Ours, journal: CountingJournal) -> None:
    node = ours.node(1)
    journal.commit([started(node, input={"a": "x\0y"})], NOON)

    journal.commit([finished(node, status=Status.FAILED, error_message="a\0b", output="\0")], NOON)

    found = _read(
        ours.database,
        NodeExecution.error_message,
        NodeExecution.input_data,
        NodeExecution.output_data,
    )
    assert ("a\\x00b", {"a": "x\\x00y"}, "\\x00") in found


@pytest.mark.parametrize("wrong", ["no id at all", "g" * 8 + "-0000-7000-8000-000000000000"])
def test_an_event_that_can_never_be_taken_is_refused(
    ours: Ours, journal: CountingJournal, wrong: str
) -> None:
    fine = ours.node(1)

    with pytest.raises(EventRejected, match="event 1"):
        journal.commit([started(fine), started({**ours.node(2), "node_execution_id": wrong})], NOON)

    assert 1 == len(_read(ours.database, NodeExecution.id))


def test_text_without_utf8_is_refused_whole(ours: Ours, journal: CountingJournal) -> None:
    node = ours.node(1)
    journal.commit([started(node)], NOON)

    with pytest.raises(ValueError, match="surrogates"):
        journal.commit([started(ours.node(2)), finished(node, error_message="\udc80")], NOON)

    journal.commit([finished(node)], NOON)
    assert [(2, 2)] == _read(
        ours.database, WorkflowExecution.nodes_total, WorkflowExecution.nodes_completed
    )


def test_large_outputs_and_many_rows_fit_in_one_commit(
    ours: Ours, journal: CountingJournal
) -> None:
    nodes = [ours.node(number % 3, order=number) for number in range(1_500)]
    by_the_door = journal.by_the_door
    journal.commit([started(node) for node in nodes], NOON)

    journal.commit([finished(node, output={"text": "행" * 2_000}) for node in nodes], NOON)

    assert by_the_door == journal.by_the_door
    counted = _read(ours.database, WorkflowExecution.nodes_completed, WorkflowExecution.nodes_total)
    assert [(1_501, 1_501)] == counted
    with ours.database.reading() as connection:
        assert [] == check_counters(connection)


def test_the_recorder_is_heard_of_once_a_second(ours: Ours, journal: CountingJournal) -> None:
    journal.commit([started(ours.node(1))], NOON + SECOND // 2)
    journal.commit([started(ours.node(1))], NOON + 2 * SECOND)
    journal.commit([started(ours.node(1))], NOON + 2 * SECOND + 9)

    assert [(to_datetime(NOON + 2 * SECOND),)] == _read(ours.database, Recorder.last_seen_at)


def test_journals_in_turn_share_a_connection(database: Database) -> None:
    one, other = Ours(database), Ours(database)
    with one.journal() as journal:
        journal.commit([one.began(), started(one.node())], NOON)
        journal.commit([started(one.node())], NOON)
        used = journal._writer
    with other.journal() as journal:
        journal.commit([other.began(), started(other.node())], NOON)
        journal.commit([started(other.node())], NOON)

        assert used is not None
        assert used is journal._writer


def test_user_code_may_tell_of_itself_meanwhile(ours: Ours, journal: CountingJournal) -> None:
    stopped, told = threading.Event(), list[int]()
    node = ours.node(1)
    journal.commit([started(node)], NOON)

    def tell_of_it() -> None:
        while not stopped.is_set():
            nested = {**ours.node(2), "parent_node_execution_id": node["node_execution_id"]}
            line = {key: node[key] for key in ("node", "node_execution_id")}
            ours.append(
                started(nested),
                finished(nested, started_at=NOON),
                events.LineLogged(**ours.of, **line, id=new_id(), at=NOON, message="at work"),
                _progress(node, NOON + len(told), NOON),
                events.ExecutionProgressed(**ours.of, at=NOON + len(told), current=len(told)),
            )
            told.append(1)

    teller = threading.Thread(target=tell_of_it)
    teller.start()
    turn = 0
    while turn < 100 or (len(told) < 10 and turn < 5_000):
        each = ours.node(turn % 3)
        journal.commit([started(each)], NOON + turn)
        journal.commit([finished(each, NOON + turn + 1)], NOON + turn)
        turn += 1
    stopped.set()
    teller.join(60)
    journal.commit([finished(node, NOON + 10**6)], NOON)

    rounds = len(told)
    assert rounds >= 10
    counted = (WorkflowExecution.nodes_total, WorkflowExecution.nodes_completed)
    assert [(turn + rounds + 2, turn + rounds + 2)] == _read(ours.database, *counted)
    assert [(rounds,)] == _read(ours.database, func.count(ExecutionLog.id))
    assert [(rounds, rounds - 1.0)] == _read(
        ours.database, WorkflowExecution.log_position, WorkflowExecution.progress_current
    )
    with ours.database.reading() as connection:
        assert [] == check_counters(connection)


def test_commits_and_renewals_go_on_side_by_side(ours: Ours, journal: CountingJournal) -> None:
    stopped, renewed = threading.Event(), list[set[str]]()

    def renew() -> None:
        while not stopped.is_set():
            held = ours.database.transact(
                lambda c: leases.renew(c, ours.owner, [ours.execution_id], LATER + len(renewed))
            )
            renewed.append(held)

    keeper = threading.Thread(target=renew)
    keeper.start()
    turn = 0
    while turn < 100 or (len(renewed) < 10 and turn < 5_000):
        each = ours.node(turn % 3)
        journal.commit([started(each)], NOON + turn)
        journal.commit([finished(each, NOON + turn + 1)], NOON + turn)
        turn += 1
    stopped.set()
    keeper.join(60)

    assert [{ours.execution_id}] * len(renewed) == renewed
    journal.commit([ours.ended()], NOON, release=True)


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_journal_goes_on_after_a_fork(ours: Ours, journal: CountingJournal) -> None:
    before, by_the_door = ours.node(1), journal.by_the_door
    journal.commit([started(before)], NOON + 1)
    by_the_door = journal.by_the_door
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)

    journal.commit([finished(before, NOON + 2)], NOON + 2)

    assert by_the_door == journal.by_the_door
    assert [(2, 2)] == _read(
        ours.database, WorkflowExecution.nodes_total, WorkflowExecution.nodes_completed
    )
