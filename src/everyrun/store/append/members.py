"""Executions that end when every member has: canvases of Celery (R4.6, R4.7).

No process sees the whole of a canvas, so none can say that it is done. It stands as its node
executions do, worked out anew from the sums with every batch, which keeps it the same in any order:

* a reported failure or cancellation settles it at once, as any other execution,
* a reported completion says only that its own process is done with it,
* otherwise it is settled while every member is, at the last sign of life of any, and runs again
  when another member comes.
"""

from everyrun.domain.status import Status
from everyrun.store.append.joining import OPEN_ENDED, PENDING, RUNNING, SETTLED, ExecutionState


def reopen(state: ExecutionState) -> None:
    """Take back what was worked out when the row was written; reports are kept."""
    attempt = state.current
    if state.kind != OPEN_ENDED or attempt.phase != SETTLED:
        return
    if attempt.settled_as == Status.COMPLETED or attempt.error_message is None:
        state.told_complete = attempt.settled_as == Status.COMPLETED
        attempt.phase = PENDING if attempt.started_at is None else RUNNING
        attempt.seen_at, attempt.ended_at, attempt.settled_as = attempt.ended_at, None, None


def settle_with_members(state: ExecutionState, members: list[int]) -> None:
    """Settle a canvas whose members have; ``members`` are the sums of ``members_of``."""
    attempt = state.current
    if state.kind != OPEN_ENDED or attempt.phase == SETTLED or attempt.seen_at is None:
        return
    total, completed, failed, cancelled, skipped = members
    if completed + failed + cancelled + skipped < total or not (total or state.told_complete):
        return
    attempt.phase = SETTLED
    attempt.ended_at = attempt.seen_at
    if failed:
        attempt.settled_as = Status.FAILED.value
    elif cancelled:
        attempt.settled_as = Status.CANCELLED.value
    elif completed or not total:
        attempt.settled_as = Status.COMPLETED.value
    else:
        attempt.settled_as = Status.SKIPPED.value
