"""What is known of a graph's execution besides its record: its version, and a pause."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionDetail


class GraphState(msgspec.Struct, kw_only=True):
    """Of an execution of a graph. ``paused_at`` is None while it is not paused."""

    version: int
    paused_at: datetime | None


def graph_state(connection: Any, detail: "ExecutionDetail") -> GraphState | None:
    """The state of a graph's execution; None for any other."""
    if detail.workflow_version_id is None:
        return None
    from everyrun.domain.clock import to_datetime
    from everyrun.store.leases import lease_of
    from everyrun.store.versions import version_by_id

    lease = lease_of(connection, detail.id)
    paused_at = None if lease is None else lease.paused_at
    return GraphState(
        version=version_by_id(connection, detail.workflow_version_id).version,
        paused_at=None if paused_at is None else to_datetime(paused_at),
    )
