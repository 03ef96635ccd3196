"""When the turn of a batch's execution has come: whether its workflow runs already, elsewhere."""

from sqlalchemy import Connection

from everyrun.domain.graph import Overlap, from_plain
from everyrun.store import leases, requests
from everyrun.store.history import read_execution
from everyrun.store.leases import Lease
from everyrun.store.versions import version_by_id
from everyrun.workflows.launching import put_on_record, skipped


def may_begin(connection: Connection, lease: Lease, now: int) -> bool:
    """Whether a member is to be run now; one that is to be passed over is settled, with the reason.

    The workflow's overlap policy is about executions that are not of this batch: those of the batch
    follow each other anyway.
    """
    if lease.at_most is None or lease.owner is not None or lease.epoch > 0:
        return True
    execution = read_execution(connection, lease.execution_id)
    definition = from_plain(version_by_id(connection, str(execution.version_id)).definition)
    overlap = definition.policy.overlap
    if overlap not in (Overlap.SKIP, Overlap.CANCEL):
        return True
    leases.lock_workflow(connection, lease.workflow_id)
    others = [
        other
        for other in leases.held_or_waiting(connection, lease.workflow_id)
        if other.batch_id != lease.batch_id
    ]
    if not others:
        return True
    if overlap is Overlap.CANCEL:
        data = {"reason": f"execution {lease.execution_id} takes its place (overlap: cancel)"}
        for other in others:
            if not requests.was_asked(connection, other.execution_id, "cancel", "kill"):
                requests.ask(connection, other.execution_id, "cancel", data=data, now=now)
        return True
    if leases.release(connection, lease.execution_id, None):
        reason = f"not run: execution {others[0].execution_id} still runs or waits (overlap: skip)"
        told = [skipped(lease.execution_id, execution.workflow, reason, now)]
        put_on_record(connection, told, now)
    return False
