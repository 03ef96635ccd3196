"""The list of node logs: every filter, page by page, whatever the size of a look."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection

from everyrun.domain.errors import InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import Database
from everyrun.store.deleting_nodes import (
    InHand,
    delete_node,
    delete_nodes_of,
    delete_some_nodes,
)
from everyrun.store.leases import enqueue
from everyrun.store.numbers import NodePlace
from everyrun.store.reading import node_logs
from everyrun.store.reading.node_logs import (
    NodeLogFilters,
    NodeLogPage,
    list_node_logs,
    read_node_log,
)
from everyrun.store.scripts import find_script
from tests.integration.reading.runs import Run, tell_runs
from tests.support.facts import NOON, SECOND, Facts, tell

OUTCOMES = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, None)


def _history(database: Database) -> list[Run]:
    """Eight executions of two workflows: each node ends in each way, some at one moment."""
    runs = [
        Run(f"flow {number % 2}", NOON + (number // 3) * SECOND, kind="script")
        for number in range(8)
    ]
    for run, (key, status) in product(runs, product(("load", "sum"), OUTCOMES)):
        run.node(key, status)
    runs.append(Run("flow 0", NOON, kind="script"))
    tell_runs(database, runs)
    return runs


def _pages(
    connection: Connection, filters: NodeLogFilters, limit: int, **more: Any
) -> list[NodeLogPage]:
    pages = [list_node_logs(connection, filters, limit=limit, **more)]
    while pages[-1].next is not None:
        assert len(pages) < 1_000
        pages.append(list_node_logs(connection, filters, limit=limit, cursor=pages[-1].next))
    return pages


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"workflow_id": True},
    {"node": "load"},
    {"node": "load", "workflow_id": True},
    {"statuses": ("failed",)},
    {"statuses": ("failed", "cancelled", "lost")},
    {"statuses": ("running", "retrying")},
    {"statuses": ("completed",)},
    {"statuses": ("completed", "failed"), "node": "sum"},
    {"statuses": ("failed",), "workflow_id": True, "node": "sum"},
    {"execution_ids": True},
    {"execution_ids": True, "statuses": ("failed",)},
    {"execution_ids": True, "workflow_id": True, "node": "load"},
    {"node": "nothing"},
)


@pytest.mark.parametrize("look", [2, 3, 1_000])
def test_pages_hold_all_that_is_wanted_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    monkeypatch.setattr(node_logs, "ENTRIES_PER_LOOK", look)
    runs = _history(database)
    for asked in FILTERS:
        given = dict(asked)
        with database.reading() as connection:
            if "workflow_id" in given:
                given["workflow_id"] = find_script(connection, "flow 1").id
            if "execution_ids" in given:
                given["execution_ids"] = (runs[1].id, runs[4].id)
            pages = _pages(connection, NodeLogFilters(**given), limit=5)

        found = [item.place.node_execution_id for page in pages for item in page.items]
        assert len(found) == len(set(found)), asked
        assert _wanted(given, runs) == len(found), asked
        assert all(len(page.items) <= 5 for page in pages)


def _wanted(given: dict[str, Any], runs: list[Run]) -> int:
    statuses = given.get("statuses") or ("completed", "failed", "cancelled", "running")
    keys = [key for key in ("load", "sum") if given.get("node") in (None, key)]
    executions = [
        run
        for number, run in enumerate(runs[:8])
        if run.id in given.get("execution_ids", (run.id,))
        and ("workflow_id" not in given or number % 2)
    ]
    ended = ("completed", "failed", "cancelled", "running")
    return len(executions) * len(keys) * len(set(statuses) & set(ended))


def test_an_executions_logs_are_in_the_order_in_which_they_were_begun(database: Database) -> None:
    run = Run("nightly")
    ids = [run.node(key) for key in ("a", "b", "c")]
    tell_runs(database, [run])

    with database.reading() as connection:
        page = list_node_logs(connection, NodeLogFilters(execution_ids=(run.id,)))
    assert ids == [item.place.node_execution_id for item in page.items]


def test_others_come_latest_first_and_an_offset_skips(database: Database) -> None:
    runs = [Run("nightly", NOON + number * SECOND) for number in range(4)]
    ids = [run.node("load", Status.FAILED) for run in runs]
    tell_runs(database, runs)

    with database.reading() as connection:
        for filters in (NodeLogFilters(), NodeLogFilters(statuses=("failed",))):
            page = list_node_logs(connection, filters, limit=2, offset=1)
            assert ids[2:0:-1] == [item.place.node_execution_id for item in page.items]


def test_what_never_began_has_no_log(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.node_finished(status=Status.SKIPPED))

    with database.reading() as connection:
        assert [] == list_node_logs(connection, NodeLogFilters()).items
        with pytest.raises(NotOnRecord):
            read_node_log(connection, NodePlace(facts.execution_id, facts.node_execution_id))


def test_a_large_payload_is_left_out_of_a_list_alone(database: Database) -> None:
    facts = Facts()
    # Of many different characters: PostgreSQL measures what it has compressed.
    output = [new_id() for _ in range(20_000)]
    tell(database, facts.node_started(input={"a": 1}), facts.node_finished(output=output))
    place = NodePlace(facts.execution_id, facts.node_execution_id)

    with database.reading() as connection:
        [item] = list_node_logs(connection, NodeLogFilters()).items
        whole = read_node_log(connection, place)
    assert ({"a": 1}, None, ["output"]) == (item.input, item.output, list(item.left_out))
    assert (output, {}) == (whole.output, whole.left_out)


def test_limits_and_cursors_are_checked(database: Database) -> None:
    with database.reading() as connection:
        for limit, offset in ((0, 0), (1_001, 0), (1, -1), (1, 10_001)):
            with pytest.raises(InvalidQuery):
                list_node_logs(connection, NodeLogFilters(), limit=limit, offset=offset)
        with pytest.raises(InvalidCursor):
            list_node_logs(connection, NodeLogFilters(), cursor="bm8")


def _in_order(database: Database) -> bool:
    with database.reading() as connection:
        return not check_counters(connection) and not check_integrity(connection)


def test_a_deleted_log_leaves_its_execution_and_right_sums(database: Database) -> None:
    facts = Facts()
    tell(
        database,
        facts.started(),
        facts.node_started(),
        facts.node_retrying(),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.node_line(),
        facts.node_finished(attempt=2),
    )
    place = NodePlace(facts.execution_id, facts.node_execution_id)

    database.transact(lambda connection: delete_node(connection, place, NOON))

    with database.reading() as connection:
        assert [] == list_node_logs(connection, NodeLogFilters()).items
    assert _in_order(database)
    with pytest.raises(NotOnRecord):
        database.transact(lambda connection: delete_node(connection, place, NOON))


def test_a_group_of_logs_and_then_all_others_are_deleted(database: Database) -> None:
    runs = _history(database)

    assert 8 == database.transact(lambda c: delete_nodes_of(c, runs[0].id, NOON))
    assert _in_order(database)
    assert (7 * 8, None) == database.transact(lambda c: delete_some_nodes(c, None, NOON))
    assert _in_order(database)
    with database.reading() as connection:
        assert [] == list_node_logs(connection, NodeLogFilters()).items


def test_what_an_engine_has_in_hand_keeps_its_nodes(database: Database) -> None:
    facts = Facts(kind="graph")
    tell(database, facts.started(), facts.node_started())
    with database.reading() as connection:
        workflow_id = find_script(connection, "nightly").id
    database.transact(
        lambda c: enqueue(c, facts.execution_id, workflow_id, available_at=NOON, at_most=None)
    )

    with pytest.raises(InHand):
        database.transact(lambda c: delete_nodes_of(c, facts.execution_id, NOON))
    assert (0, None) == database.transact(lambda c: delete_some_nodes(c, None, NOON))
