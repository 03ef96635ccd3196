"""Executions as rows for a pipe: nothing cut, nothing coloured, nothing heavy to load."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from everyrun.cli.messages import say
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionSummary


def trouble(item: "ExecutionSummary") -> str:
    """Why it failed, or why it is taken for lost."""
    lost = item.lost_reason if item.status == Status.LOST else None
    return item.error or lost or ""


def plain_table(
    items: Sequence["ExecutionSummary"], zone: tzinfo
) -> tuple[list[str], list[list[str]]]:
    """Headings and rows for a pipe: full ids, full times with their offset, seconds."""
    headings = [
        "id", "status", "workflow", "kind", "trigger", "started", "seconds",
        "nodes", "failed", "tags", "error",
    ]  # fmt: skip
    return [say(f"h_{name}") for name in headings], [_plain_row(item, zone) for item in items]


def _plain_row(item: "ExecutionSummary", zone: tzinfo) -> list[str]:
    began = item.started_at or item.created_at
    seconds = item.duration_seconds
    return [
        item.id,
        item.status,
        item.workflow,
        item.kind,
        item.trigger,
        began.astimezone(zone).isoformat(timespec="milliseconds"),
        "" if seconds is None else f"{seconds:.3f}",
        str(item.nodes_total),
        str(item.nodes_failed),
        ",".join(item.tags),
        trouble(item),
    ]
