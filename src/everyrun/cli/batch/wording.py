"""Batches in words: how many ended how, and who runs them."""

from typing import TYPE_CHECKING

from everyrun.cli import wording
from everyrun.cli.messages import say
from everyrun.domain.clock import SystemClock

if TYPE_CHECKING:
    from everyrun.store.batches import BatchRecord


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
