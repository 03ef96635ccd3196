"""The one door through which facts enter the ledger.

Recorder, engine, server and scheduler all append events here. Any order and any number of times
gives the same rows and the same sums: see ``joining``. A batch is one transaction:

1. check the events and sort them by execution (``parsing``),
2. lock the executions that exist, so that writers to one execution take turns; load what the
   events touch (``execution_rows``, ``node_rows``),
3. join the facts into the states (``joining``),
4. work out what moves in the sums (``counting``),
5. write executions, nodes, attempts, lines, sums, and what changed (``noticing``).
"""

from collections.abc import Set

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from everyrun.domain import events
from everyrun.domain.identifiers import id_bytes
from everyrun.store.append import execution_rows, log_rows, node_rows
from everyrun.store.append.counting import Changes
from everyrun.store.append.joining import OPEN_ENDED, SETTLED, ExecutionState, NodeState
from everyrun.store.append.log_rows import new_lines
from everyrun.store.append.members import settle_with_members
from everyrun.store.append.names import claim_external_ids, save_tags
from everyrun.store.append.noticing import Noticed
from everyrun.store.append.parsing import Incoming, sort_in
from everyrun.store.append.recorders import (
    count_dropped,
    gone_at,
    mark_gone,
    presume,
    see_recorder,
)
from everyrun.store.append.registering import Registry, node_ids, workflow_ids
from everyrun.store.append.rows import BulkRows, bulk_rows
from everyrun.store.append.workers import see_worker
from everyrun.store.database import RaceLost

__all__ = ["append", "presume_gone"]


def append(connection: Connection, batch: events.Batch, now: int) -> None:
    """Join a batch of events into the ledger, inside the caller's writing transaction.

    ``now`` is the time of arrival in microseconds UTC. All of the batch or, when it raises, none
    of it (the caller rolls back).

    Raises :class:`~everyrun.domain.errors.EventRejected` for an event that can never be taken, and
    ``store.database.RaceLost`` when the transaction is to be tried again.
    """
    incoming = sort_in(batch)
    try:
        _append(connection, incoming, batch.recorder, now)
    except (IntegrityError, RaceLost) as error:
        Registry.forget(connection)
        raise RaceLost(str(error)) from error


def _append(
    connection: Connection, incoming: Incoming, info: events.RecorderInfo, now: int
) -> None:
    is_back = see_recorder(connection, info, now)
    for dropped in incoming.dropped:
        count_dropped(connection, info, dropped)
    rows = bulk_rows(connection)
    recorder = id_bytes(info.id)
    if incoming.executions:
        _append_facts(connection, rows, incoming, recorder, now)
    for worker in incoming.workers:
        see_worker(connection, info, worker)
    for gone in incoming.gone:
        mark_gone(connection, info, gone)
    if incoming.gone or is_back:
        _show_unsettled_anew(connection, rows, recorder, now)


def presume_gone(
    connection: Connection, recorder_id: str, seen_at: int, now: int, reason: str
) -> bool:
    """Show as lost what a recorder left unsettled of which nothing was heard after ``seen_at``.

    Inside the caller's writing transaction. Whenever it is heard of again, that is taken back.
    Answers whether it was so: False when it was heard of meanwhile, or is known to be gone.
    """
    rows, recorder = bulk_rows(connection), id_bytes(recorder_id)
    nodes = node_rows.load_unsettled_of(rows, recorder)
    executions = execution_rows.load_unsettled_of(rows, recorder)
    # Its clock may be ahead of this one; what it said last came before its silence all the same.
    unsettled: list[ExecutionState | NodeState] = [*executions.values(), *nodes.values()]
    said = [state.current.seen_at or 0 for state in unsettled]
    if not presume(connection, recorder_id, seen_at, max([now, *said]), reason):
        return False
    _show_unsettled_anew(connection, rows, recorder, now)
    return True


def _append_facts(
    connection: Connection, rows: BulkRows, incoming: Incoming, recorder: bytes, now: int
) -> None:
    executions = _load_executions(connection, rows, incoming, now)
    nodes = _load_nodes(rows, incoming, executions)
    tags_before = {state.id: state.tags for state in executions.values()}
    claims_before = {state.id: state.external_id for state in executions.values()}
    _join(incoming, executions, nodes, recorder)
    _register_nodes(connection, executions, nodes, now)
    lines = new_lines(rows, incoming.lines, executions)
    for execution_id, these in lines.items():
        executions[execution_id].lines = len(these)
    _save(connection, rows, executions, nodes, now)
    log_rows.save(rows, lines, executions)
    save_tags(
        connection,
        [(s.id, s.tags - tags_before[s.id]) for s in executions.values() if s.tags],
    )
    claim_external_ids(
        connection,
        [s for s in executions.values() if s.external_id and claims_before[s.id] is None],
    )


def _load_executions(
    connection: Connection, rows: BulkRows, incoming: Incoming, now: int
) -> dict[bytes, ExecutionState]:
    workflows = workflow_ids(connection, set(incoming.executions.values()), now)
    known = execution_rows.load(rows, list(incoming.executions))
    for execution_id, (kind, workflow) in incoming.executions.items():
        if execution_id not in known:
            state = ExecutionState(execution_id, kind, workflow)
            state.workflow_id = workflows[kind, workflow]
            known[execution_id] = state
    return known


def _load_nodes(
    rows: BulkRows, incoming: Incoming, executions: dict[bytes, ExecutionState]
) -> dict[node_rows.NodeKey, NodeState]:
    asked = [pair for pair in incoming.nodes if executions[pair[0]].loaded is not None]
    known = node_rows.load(rows, asked) if asked else {}
    others = {
        (*pair, event.attempt)
        for pair, _parent, event in incoming.node_events
        if pair in known and event.attempt != known[pair].current.number
    }
    if others:
        node_rows.load_attempts(rows, known, list(others))
    for pair, key in incoming.nodes.items():
        if pair not in known:
            known[pair] = NodeState(*pair, key)
    return known


def _join(
    incoming: Incoming,
    executions: dict[bytes, ExecutionState],
    nodes: dict[node_rows.NodeKey, NodeState],
    recorder: bytes,
) -> None:
    for execution_id, event in incoming.execution_events:
        state = executions[execution_id]
        state.join(event, recorder)
        if isinstance(event, (events.ExecutionCreated, events.ExecutionStarted)):
            _link(state, event, incoming)
    for pair, parent, node_event in incoming.node_events:
        nodes[pair].join(node_event, parent, recorder)
        if executions[pair[0]].kind == OPEN_ENDED:
            executions[pair[0]].current.show_life(node_event.at)
        if not isinstance(node_event, (events.NodeCreated, events.NodeLost)):
            began = node_event.started_at or node_event.at
            executions[pair[0]].current.run_as_evidenced(began, None)


def _link(
    state: ExecutionState,
    event: "events.ExecutionCreated | events.ExecutionStarted",
    incoming: Incoming,
) -> None:
    ids = incoming.identifiers
    if state.parent is None:
        state.parent = ids.maybe(event.parent_execution_id, "parent_execution_id")
    if state.parent_node is None:
        state.parent_node = ids.maybe(event.parent_node_execution_id, "parent_node_execution_id")
    if state.origin is None:
        state.origin = ids.maybe(event.origin_execution_id, "origin_execution_id")
    if state.batch_id is None:
        state.batch_id = ids.maybe(event.batch_id, "batch_id")
    if state.version is None:
        state.version = ids.maybe(event.workflow_version_id, "workflow_version_id")


def _register_nodes(
    connection: Connection,
    executions: dict[bytes, ExecutionState],
    nodes: dict[node_rows.NodeKey, NodeState],
    now: int,
) -> None:
    unregistered = [state for state in nodes.values() if state.node_id is None]
    wanted: dict[tuple[bytes, str], str | None] = {}
    for state in unregistered:
        workflow_id = executions[state.execution_id].workflow_id
        assert workflow_id is not None
        wanted[workflow_id, state.key] = state.node_type
    found = node_ids(connection, wanted, now)
    for state in unregistered:
        workflow_id = executions[state.execution_id].workflow_id
        assert workflow_id is not None
        state.node_id = found[workflow_id, state.key]


def _save(
    connection: Connection,
    rows: BulkRows,
    executions: dict[bytes, ExecutionState],
    nodes: dict[node_rows.NodeKey, NodeState],
    now: int,
    touched: Set[bytes] = frozenset(),
) -> None:
    """Write states and sums; executions first, for their children refer to them.

    ``touched`` are executions that show something else now, whether or not their rows change.
    """
    changes, noticed = Changes(), Noticed(now)
    ordered = [executions[id_] for id_ in sorted(executions)]
    ordered_nodes = [nodes[pair] for pair in sorted(nodes)]
    unsettled: list[ExecutionState | NodeState] = [*ordered, *ordered_nodes]
    gone = gone_at(
        connection,
        {
            state.current.recorder
            for state in unsettled
            if state.current.phase != SETTLED and state.current.recorder
        },
    )
    for node in ordered_nodes:
        status = node.current.status(gone.get(node.current.recorder or b""))
        changes.count_node(node, status, executions[node.execution_id])
    for execution in ordered:
        settle_with_members(execution, execution_rows.members_of(execution))
        status = execution.current.status(execution_rows.recorder_gone_at(execution, gone))
        changes.count_execution(execution, status)
        noticed.notice(execution, status)
    node_changes = node_rows.NodeChanges(ordered_nodes, gone)
    execution_rows.save(rows, ordered, gone, now, touched | node_changes.executions)
    node_changes.save(rows)
    noticed.save(rows)
    changes.save(connection)


def _show_unsettled_anew(connection: Connection, rows: BulkRows, recorder: bytes, now: int) -> None:
    """What a recorder that is gone left unsettled shows as lost; as it stood, once it is back."""
    executions = execution_rows.load_unsettled_of(rows, recorder)
    nodes = node_rows.load_unsettled_of(rows, recorder)
    elsewhere = sorted({pair[0] for pair in nodes} - executions.keys())
    if elsewhere:
        executions |= execution_rows.load(rows, elsewhere)
    # All of them: what they show as lost has the latest reason why the recorder is gone.
    _save(connection, rows, executions, nodes, now, executions.keys())
