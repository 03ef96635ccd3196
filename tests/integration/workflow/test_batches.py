"""Several executions as one: in order, counted honestly, whoever runs them and however they end."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.status import Status
from everyrun.store import batches
from everyrun.store.batches import BatchRecord, Counts, members_of
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import Database
from everyrun.store.history import read_execution
from everyrun.store.leases import lease_of, leases
from everyrun.store.versions import set_active, set_order
from everyrun.workflows.batches.making import (
    InvalidBatch,
    make,
    make_over_inputs,
    make_run_all,
)
from everyrun.workflows.batches.running import BatchRun, BatchTaken
from everyrun.workflows.batches.stopping import BatchEnded, stop
from everyrun.workflows.controlling import cancel
from everyrun.workflows.launching import LaunchRequest, launch
from everyrun.workflows.running import Engine, Finished
from tests.support import graph_functions
from tests.support.graph_functions import gate
from tests.support.graphs import saved, status_of
from tests.support.waiting import wait_until

FUNCTIONS = "tests.support.graph_functions"
PATIENCE = 60
LONG_AGO = 1


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads for batches that run beside the test."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def _says(database: Database, name: str, policy: str = "{}", call: str = "say") -> None:
    """A graph that notes its input, or waits at a gate of that name."""
    argument = "text" if call == "say" else "name"
    saved(
        database,
        f"""
        workflow: {name}
        policy: {policy}
        inputs:
          text: {{type: string, default: {name}}}
        nodes:
          only:
            type: python
            with:
              function: "{FUNCTIONS}:{call}"
              arguments: {{{argument}: "{{{{ inputs.text }}}}"}}
        """,
    )


def _fails(database: Database, name: str) -> None:
    saved(
        database,
        f"""
        workflow: {name}
        nodes: {{only: {{type: python, with: {{function: "{FUNCTIONS}:fail"}}}}}}
        """,
    )


def _batch_run(
    database: Database,
    batch: BatchRecord,
    engine: Engine,
    on_finished: Callable[[Finished], None] | None = None,
    **more: object,
) -> BatchRun:
    return BatchRun(
        database,
        batch.id,
        engine,
        poll_seconds=0.02,
        on_finished=on_finished,
        **more,  # type: ignore[arg-type]
    )


def _members(database: Database, batch: BatchRecord) -> dict[str, str]:
    with database.reading() as connection:
        return {member.workflow: member.status.value for member in members_of(connection, batch.id)}


def _check(database: Database) -> None:
    with database.reading() as connection:
        assert [] == check_counters(connection)
        assert [] == check_integrity(connection)


def test_run_all_runs_the_active_workflows_in_their_order(
    engine: Engine, database: Database
) -> None:
    for name in ("a", "b", "c", "d"):
        _says(database, name)
    database.transact(lambda c: set_order(c, ["d", "b", "a"], 0))
    database.transact(lambda c: set_active(c, "b", False, 0))
    finished: list[Finished] = []
    batch = make_run_all(database, by="ana")
    ended = _batch_run(database, batch, engine, finished.append).run()

    assert (Status.PENDING, 3, Counts()) == (batch.status, batch.total, batch.counts)
    assert ["d", "a", "c"] == graph_functions.CALLS
    assert (Status.COMPLETED, Counts(completed=3)) == (ended.status, ended.counts)
    assert {"completed"} == {each.status.value for each in finished}
    assert 3 == len(finished)
    assert ended.started_at is not None and ended.ended_at is not None
    assert (None, "ana") == (ended.owner, ended.started_by)
    _check(database)


def test_failures_are_counted_and_the_others_run(engine: Engine, database: Database) -> None:
    _says(database, "a")
    _fails(database, "b")
    _says(database, "c")
    ended = _batch_run(database, make_run_all(database), engine).run()

    assert (Status.FAILED, Counts(completed=2, failed=1)) == (ended.status, ended.counts)
    assert ["a", "c"] == graph_functions.CALLS


def test_a_workflow_that_needs_an_input_is_not_run_and_counted_so(
    engine: Engine, database: Database
) -> None:
    _says(database, "a")
    saved(
        database, "workflow: b\ninputs: {day: string}\nnodes: {n: {type: set, with: {values: {}}}}"
    )
    batch = make_run_all(database)
    ended = _batch_run(database, batch, engine).run()

    assert Counts(not_run=1) == batch.counts
    assert (Status.COMPLETED, Counts(completed=1, not_run=1)) == (ended.status, ended.counts)
    assert {"a": "completed", "b": "skipped"} == _members(database, batch)


def test_an_empty_batch_is_complete(engine: Engine, database: Database) -> None:
    ended = _batch_run(database, make_run_all(database), engine).run()

    assert (Status.COMPLETED, 0, Counts()) == (ended.status, ended.total, ended.counts)


def test_one_workflow_runs_over_many_inputs_in_their_order(
    engine: Engine, database: Database
) -> None:
    _says(database, "a")
    batch = make_over_inputs(database, "a", [{"text": f"{number}"} for number in range(5)])
    ended = _batch_run(database, batch, engine).run()

    assert list("01234") == graph_functions.CALLS
    assert Counts(completed=5) == ended.counts


def test_so_many_run_at_once_and_no_more(
    engine: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "a", call="hold")
    names = ["one", "two", "three"]
    batch = make_over_inputs(database, "a", [{"text": name} for name in names], parallel=2)
    running = pool.submit(_batch_run(database, batch, engine).run)
    assert all(gate(name)[0].wait(PATIENCE) for name in ("one", "two"))
    third_waits = not gate("three")[0].is_set()
    for name in names:
        gate(name)[1].set()

    assert third_waits
    assert Counts(completed=3) == running.result(PATIENCE).counts


def test_inputs_that_are_not_taken_are_all_named_and_nothing_is_on_record(
    database: Database,
) -> None:
    _says(database, "a")
    with pytest.raises(InvalidBatch, match="2: text: must be text, not 2; 3: day: no such input"):
        make_over_inputs(database, "a", [{"text": "1"}, {"text": 2}, {"day": "x"}])

    with database.reading() as connection:
        assert [] == batches.list_batches(connection)


def test_a_stopped_batch_tells_what_was_cancelled_and_what_was_not_run(
    engine: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "a")
    _says(database, "b", call="hold")
    _says(database, "c")
    _says(database, "d")
    batch = make_run_all(database)
    running = pool.submit(_batch_run(database, batch, engine).run)
    assert gate("b")[0].wait(PATIENCE)
    at_once = stop(database, batch.id, by="ben")
    ended = running.result(PATIENCE)

    assert (Status.RUNNING, Counts(completed=1, not_run=2)) == (at_once.status, at_once.counts)
    assert (Status.CANCELLED, Counts(completed=1, cancelled=1, not_run=2)) == (
        ended.status,
        ended.counts,
    )
    assert "stopped by ben" == ended.reason
    assert ended.total == ended.counts.settled
    assert {"a": "completed", "b": "cancelled", "c": "skipped", "d": "skipped"} == _members(
        database, batch
    )
    assert ["a"] == graph_functions.CALLS
    with pytest.raises(BatchEnded):
        stop(database, batch.id)
    _check(database)


def test_a_batch_that_nobody_runs_can_be_stopped(database: Database) -> None:
    _says(database, "a")
    _says(database, "b")
    ended = stop(database, make_run_all(database).id, by="ben")

    assert (Status.CANCELLED, Counts(not_run=2)) == (ended.status, ended.counts)


def _killed(
    database: Database, engine: Engine, batch: BatchRecord, pool: ThreadPoolExecutor
) -> Future[BatchRecord]:
    """The batch, run by one of whom nothing more is heard once it is at the gate of ``b``."""
    future = pool.submit(_batch_run(database, batch, engine).run)
    assert gate("b")[0].wait(PATIENCE)
    engine._keeper.close()
    with database.writing() as connection:
        for table in (batches.batches, leases):
            of_engine = table.update().where(table.c.owner == engine.id)
            connection.execute(of_engine.values(expires_at=to_datetime(LONG_AGO)))
    return future


@pytest.fixture
def other(engine: Engine, database: Database) -> Iterator[Engine]:
    """A second engine."""
    made = Engine(database, engine.settings)
    yield made
    made.close()


def test_another_one_goes_on_with_the_batch_of_a_killed_runner(
    engine: Engine, other: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "a")
    _says(database, "b", call="hold")
    _says(database, "c")
    batch = make_run_all(database)
    killed = _killed(database, engine, batch, pool)
    going_on = pool.submit(_batch_run(database, batch, other).run)
    wait_until(lambda: _owner(database, batch) == other.id, "the other has it")
    gate("b")[1].set()
    ended = going_on.result(PATIENCE)

    assert (Status.COMPLETED, Counts(completed=3)) == (ended.status, ended.counts)
    assert ["a", "c"] == graph_functions.CALLS
    with pytest.raises(BatchTaken):
        killed.result(PATIENCE)
    _check(database)


def test_a_stop_reaches_the_batch_of_a_killed_runner(
    engine: Engine, other: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "b", call="hold_stubbornly")
    _says(database, "c")
    batch = make_run_all(database)
    killed = _killed(database, engine, batch, pool)
    stop(database, batch.id, by="ben")
    ended = _batch_run(database, batch, other).run()
    gate("b")[1].set()

    assert (Status.CANCELLED, Counts(cancelled=1, not_run=1)) == (ended.status, ended.counts)
    killed.exception(PATIENCE)
    assert {"b": "cancelled", "c": "skipped"} == _members(database, batch)
    _check(database)


def _owner(database: Database, batch: BatchRecord) -> str | None:
    with database.reading() as connection:
        return batches.read_batch(connection, batch.id).owner


def test_a_batch_that_is_run_is_nobody_elses(
    engine: Engine, other: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "b", call="hold")
    batch = make_run_all(database)
    running = pool.submit(_batch_run(database, batch, engine).run)
    assert gate("b")[0].wait(PATIENCE)

    with pytest.raises(BatchTaken):
        _batch_run(database, batch, other).run()
    gate("b")[1].set()
    assert Status.COMPLETED == running.result(PATIENCE).status


def test_a_runner_that_leaves_hands_its_batch_over(
    engine: Engine, other: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "a", call="hold")
    _says(database, "c")
    batch, leave = make_run_all(database), Event()
    running = pool.submit(_batch_run(database, batch, engine).run, leave)
    assert gate("a")[0].wait(PATIENCE)
    leave.set()
    engine.hand_over(drain=PATIENCE)
    gate("a")[1].set()
    left = running.result(PATIENCE)
    ended = _batch_run(database, batch, other).run()

    assert (None, Status.RUNNING) == (left.owner, left.status)
    assert (Status.COMPLETED, Counts(completed=2)) == (ended.status, ended.counts)


def test_one_whose_workflow_runs_elsewhere_is_not_run_where_it_must_not_overlap(
    engine: Engine, database: Database
) -> None:
    _says(database, "a", policy="{overlap: skip}")
    _says(database, "b")
    elsewhere = launch(database, LaunchRequest(workflow="a")).execution_id
    batch = make_run_all(database)
    ended = _batch_run(database, batch, engine).run()

    assert (Status.COMPLETED, Counts(completed=1, not_run=1)) == (ended.status, ended.counts)
    assert {"a": "skipped", "b": "completed"} == _members(database, batch)
    assert "pending" == status_of(database, elsewhere)


def test_executions_of_a_batch_do_not_keep_each_other_from_running(
    engine: Engine, database: Database
) -> None:
    _says(database, "a", policy="{overlap: skip}")
    batch = make_over_inputs(database, "a", [{"text": "1"}, {"text": "2"}], parallel=2)
    ended = _batch_run(database, batch, engine).run()

    assert Counts(completed=2) == ended.counts
    assert ["1", "2"] == graph_functions.CALLS


def test_one_that_takes_the_place_of_what_runs_elsewhere_has_that_cancelled(
    engine: Engine, other: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "a", policy="{overlap: cancel}", call="hold")
    elsewhere = other.launch(LaunchRequest(workflow="a", input={"text": "first"})).execution_id
    first = pool.submit(other.run, elsewhere)
    assert gate("first")[0].wait(PATIENCE)
    batch = make_over_inputs(database, "a", [{"text": "second"}])
    running = pool.submit(_batch_run(database, batch, engine).run)
    assert gate("second")[0].wait(PATIENCE)
    gate("second")[1].set()

    assert Status.CANCELLED == first.result(PATIENCE).status
    assert Status.COMPLETED == running.result(PATIENCE).status


def test_a_cancelled_execution_is_counted_and_the_batch_goes_on(
    engine: Engine, database: Database, pool: ThreadPoolExecutor
) -> None:
    _says(database, "a", call="hold")
    _says(database, "b")
    batch = make_run_all(database)
    running = pool.submit(_batch_run(database, batch, engine).run)
    assert gate("a")[0].wait(PATIENCE)
    with database.reading() as connection:
        first = members_of(connection, batch.id)[0].execution_id
    cancel(database, first, by="ana")
    ended = running.result(PATIENCE)

    assert (Status.CANCELLED, Counts(completed=1, cancelled=1)) == (ended.status, ended.counts)
    assert ended.reason is None


def test_a_batch_is_found_by_the_beginning_of_its_id(database: Database) -> None:
    _says(database, "a")
    first, second = make_run_all(database, "first"), make_run_all(database, "second")
    with database.reading() as connection:
        assert first == batches.find_batch(connection, first.id[:-4])
        assert [second, first] == batches.list_batches(connection)
        assert [first] == batches.list_batches(connection, before=second.id)


def test_members_are_asked_for_as_they_are(database: Database) -> None:
    _says(database, "a")
    batch = make(
        database,
        "mixed",
        [LaunchRequest(workflow="a", metadata={"due_at": "then"}, trigger="schedule")],
    )
    with database.reading() as connection:
        (member,) = members_of(connection, batch.id)
        execution = read_execution(connection, member.execution_id)
        lease = lease_of(connection, member.execution_id)

    assert ("schedule", {"due_at": "then"}) == (execution.trigger, execution.metadata)
    assert lease is not None and batch.id == lease.batch_id
