"""Batches in words: how many ended how, who runs them, and how one stands as a document."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from everyrun.cli import wording
from everyrun.cli.messages import say
from everyrun.domain.clock import SystemClock, to_datetime

if TYPE_CHECKING:
    from everyrun.store.batches import BatchRecord, Member


class ShownMember(msgspec.Struct, kw_only=True):
    """One execution of a batch."""

    id: str
    workflow: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str | None


class ShownBatch(msgspec.Struct, kw_only=True):
    """A batch as a document. ``left`` is what has not settled."""

    id: str
    name: str
    status: str
    total: int
    completed: int
    failed: int
    cancelled: int
    not_run: int
    left: int
    parallel: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    started_by: str | None
    reason: str | None
    stop_asked_by: str | None
    members: list[ShownMember] = []


def shown(batch: "BatchRecord", members: "list[Member] | None" = None) -> ShownBatch:
    """A batch for a document."""
    return ShownBatch(
        id=batch.id,
        name=batch.name,
        status=batch.status.value,
        total=batch.total,
        **batch.counts._asdict(),
        left=batch.total - batch.counts.settled,
        parallel=batch.parallel,
        created_at=to_datetime(batch.created_at),
        started_at=moment_of(batch.started_at),
        ended_at=moment_of(batch.ended_at),
        started_by=batch.started_by,
        reason=batch.reason,
        stop_asked_by=batch.stop_asked_by,
        members=[
            ShownMember(
                id=member.execution_id,
                workflow=member.workflow,
                status=member.status.value,
                started_at=moment_of(member.started_at),
                ended_at=moment_of(member.ended_at),
                reason=member.error_message,
            )
            for member in members or ()
        ],
    )


def moment_of(at: int | None) -> datetime | None:
    """Microseconds UTC -> a moment."""
    return None if at is None else to_datetime(at)


def counts(batch: "BatchRecord") -> str:
    """How many ended how, and how many are left."""
    numbers = {name: wording.number(count) for name, count in batch.counts._asdict().items()}
    text = say("batch_counts", **numbers)
    left = batch.total - batch.counts.settled
    return f"{text}, {say('batch_left', count=wording.number(left))}" if left else text


def seconds(batch: "BatchRecord") -> float | None:
    """How long it took, or has taken so far."""
    if batch.started_at is None:
        return None
    return ((batch.ended_at or SystemClock().now()) - batch.started_at) / 1e6


def runner(batch: "BatchRecord") -> str:
    """That nobody runs a batch that has not ended, and what to do about it; else nothing."""
    if batch.ended_at is not None:
        return ""
    if batch.owner is None:
        return say("batch_unrun", id=batch.id)
    if batch.expires_at is not None and batch.expires_at <= SystemClock().now():
        return say("batch_runner_gone", id=batch.id)
    return ""
