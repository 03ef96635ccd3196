"""Executions whose engine is not heard of any more: told as lost, and put back into the queue.

Any engine then goes on from what is committed. What has settled is never run again.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.status import SETTLED, Status
from everyrun.store import leases
from everyrun.store.history import ExecutionHistory, NodeHistory, read_execution, read_history
from everyrun.store.reading.recorders import find_recorder
from everyrun.workflows.launching import put_on_record


class Rescued(NamedTuple):
    """An execution that waits for an engine again."""

    execution_id: str
    workflow: str
    evidence: str


def rescue(
    connection: Connection, execution_id: str, now: int, dead: Collection[str] = ()
) -> Rescued | None:
    """Put one back; None when by now somebody runs it, or nobody needs to."""
    lease = leases.lease_of(connection, execution_id, lock=True)
    if lease is None or lease.owner is None or lease.expires_at is None:
        return None
    if lease.expires_at > now and lease.owner not in dead:
        return None
    execution = read_execution(connection, execution_id)
    evidence = _evidence(connection, lease, now)
    told = _losses(execution, read_history(connection, execution_id), evidence, now)
    if told:
        put_on_record(connection, told, now)
    leases.hand_over(connection, execution_id, lease.owner, now)
    return Rescued(execution_id, execution.workflow, evidence)


def _evidence(connection: Connection, lease: leases.Lease, now: int) -> str:
    assert lease.owner is not None and lease.expires_at is not None
    engine = find_recorder(connection, lease.owner)
    process = "" if engine is None else f" (pid {engine.pid})"
    what = f"engine {lease.owner} on {lease.host}{process}"
    if lease.expires_at > now:
        return f"{what} has ended"
    expired = to_datetime(lease.expires_at).isoformat(timespec="seconds")
    return f"{what} did not renew its lease, which ran out at {expired}"


def _losses(
    execution: ExecutionHistory, history: Sequence[NodeHistory], evidence: str, now: int
) -> list[events.AnyEvent]:
    """What was under way is lost; an execution that was not begun yet has lost nothing."""
    if execution.status == Status.PENDING or execution.status in SETTLED:
        return []
    of: dict[str, Any] = {
        "execution_id": execution.id,
        "workflow": execution.workflow,
        "kind": execution.kind,
        "at": now,
        "reason": evidence,
    }
    told: list[events.AnyEvent] = [events.ExecutionLost(**of)]
    told += [
        events.NodeLost(
            **of,
            node=row.key,
            node_execution_id=row.id,
            attempt=row.attempt,
            iteration=row.iteration,
            parent_node_execution_id=row.parent_node_execution_id,
        )
        for row in history
        if row.status == Status.RUNNING
    ]
    return told
