"""Batches in words: how many ended how, and who runs them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from everyrun.cli import wording
from everyrun.cli.messages import say

if TYPE_CHECKING:
    from everyrun.domain.views.batches import BatchSummary

COUNTED = ("completed", "failed", "cancelled", "not_run")
"""How the executions of a batch may end."""


def counts(batch: "BatchSummary") -> str:
    """How many ended how, and how many are left."""
    numbers = {name: wording.number(getattr(batch, name)) for name in COUNTED}
    text = say("batch_counts", **numbers)
    left = batch.left
    return f"{text}, {say('batch_left', count=wording.number(left))}" if left else text


def seconds(batch: "BatchSummary") -> float | None:
    """How long it took, or has taken so far."""
    if batch.started_at is None:
        return None
    return ((batch.ended_at or datetime.now(UTC)) - batch.started_at).total_seconds()


def runner(batch: "BatchSummary") -> str:
    """That nobody runs a batch that has not ended, and what to do about it; else nothing."""
    if batch.ended_at is not None:
        return ""
    if batch.runner is None:
        return say("batch_unrun", id=batch.id)
    if batch.runner_until is not None and batch.runner_until <= datetime.now(UTC):
        return say("batch_runner_gone", id=batch.id)
    return ""
