"""What can change in a ledger, as those who poll for changes are told it."""

from enum import StrEnum

from everyrun.domain.status import SETTLED, Status


class ChangeType(StrEnum):
    """The kinds of change. One execution that moves several times in one transaction is told of
    once, by where it ended up. All of workflows but new versions is told of by triggers.
    """

    EXECUTION_APPEARED = "execution.appeared"
    """It is on record and waits."""
    EXECUTION_STARTED = "execution.started"
    """It began to run."""
    EXECUTION_COMPLETED = "execution.completed"
    EXECUTION_FAILED = "execution.failed"
    EXECUTION_CANCELLED = "execution.cancelled"
    EXECUTION_SKIPPED = "execution.skipped"
    EXECUTION_LOST = "execution.lost"
    """There is evidence that its process is gone."""
    EXECUTION_RETURNED = "execution.returned"
    """It was thought lost and is not."""
    EXECUTION_CORRECTED = "execution.corrected"
    """It stands as before, and began or ended at another time than was thought."""
    EXECUTIONS_DELETED = "executions.deleted"
    """Several were deleted at once."""

    BATCH_APPEARED = "batch.appeared"
    BATCH_STOPPING = "batch.stopping"
    """Somebody asked for its end."""
    BATCH_SETTLED = "batch.settled"

    WORKFLOW_REGISTERED = "workflow.registered"
    """Its name was seen for the first time."""
    WORKFLOW_SAVED = "workflow.saved"
    """It has a new version."""
    WORKFLOW_SWITCHED = "workflow.switched"
    """It was switched on or off."""
    WORKFLOW_REORDERED = "workflow.reordered"
    """It has another place in the execution order."""
    WORKFLOW_DESCRIBED = "workflow.described"
    """It has another description, name or kind."""
    WORKFLOW_DELETED = "workflow.deleted"
    WORKFLOW_RESTORED = "workflow.restored"
    """It was deleted and is back."""

    SCHEDULE_CHANGED = "schedule.changed"
    """It was added, paused, or goes on."""
    SCHEDULE_DELETED = "schedule.deleted"


SETTLED_AS = {
    Status.COMPLETED: ChangeType.EXECUTION_COMPLETED,
    Status.FAILED: ChangeType.EXECUTION_FAILED,
    Status.CANCELLED: ChangeType.EXECUTION_CANCELLED,
    Status.SKIPPED: ChangeType.EXECUTION_SKIPPED,
}
assert set(SETTLED_AS) == SETTLED


def execution_change(before: str | None, now: str) -> ChangeType | None:
    """What became of an execution that went from one status (None: not on record) to another.

    None when it stands as before.
    """
    if before == now:
        return None
    status = Status(now)
    if status in SETTLED_AS:
        return SETTLED_AS[status]
    if status is Status.LOST:
        return ChangeType.EXECUTION_LOST
    if before == Status.LOST:
        return ChangeType.EXECUTION_RETURNED
    if status is Status.PENDING:
        return ChangeType.EXECUTION_APPEARED
    return ChangeType.EXECUTION_STARTED
