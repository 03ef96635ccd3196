"""Batches as the API answers them."""

from collections.abc import Iterable
from typing import Any

from everyrun.domain.clock import to_datetime
from everyrun.domain.views.batches import BatchDetail, BatchMember, BatchSummary
from everyrun.server.shaping.moments import moment_of
from everyrun.store.batches import BatchRecord, Member


def batch_summary(batch: BatchRecord) -> BatchSummary:
    """A batch in a list."""
    return BatchSummary(**_fields(batch))


def batch_detail(
    batch: BatchRecord, members: Iterable[Member] = (), following: str | None = None
) -> BatchDetail:
    """A batch with some of its executions; ``following`` is the cursor to the others."""
    shown = [batch_member(member) for member in members]
    return BatchDetail(**_fields(batch), members=shown, next=following)


def batch_member(member: Member) -> BatchMember:
    """One execution of a batch."""
    return BatchMember(
        id=member.execution_id,
        workflow=member.workflow,
        status=member.status.value,
        started_at=moment_of(member.started_at),
        ended_at=moment_of(member.ended_at),
        reason=member.error_message,
    )


def _fields(batch: BatchRecord) -> dict[str, Any]:
    return {
        "id": batch.id,
        "name": batch.name,
        "status": batch.status.value,
        "total": batch.total,
        **batch.counts._asdict(),
        "left": batch.total - batch.counts.settled,
        "parallel": batch.parallel,
        "created_at": to_datetime(batch.created_at),
        "started_at": moment_of(batch.started_at),
        "ended_at": moment_of(batch.ended_at),
        "started_by": batch.started_by,
        "reason": batch.reason,
        "stop_asked_by": batch.stop_asked_by,
        "stop_asked_at": moment_of(batch.stop_asked_at),
        "runner": batch.owner,
        "runner_until": moment_of(batch.expires_at),
    }
