"""Executions as a table: for a terminal as wide as it is, or tab-separated for a pipe."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from everyrun.cli import marks, wording
from everyrun.cli.messages import say
from everyrun.cli.terminal import styled
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.store.reading.executions import ExecutionSummary

_ID_LENGTHS = (13, 18, 23)
_WITH_ERROR, _WITH_KIND, _WITH_EVERYTHING = 100, 120, 150
_MOVING = frozenset({Status.RUNNING, Status.RETRYING})


def short_ids(identifiers: Sequence[str]) -> dict[str, str]:
    """Each id's beginning, as short as tells these apart: 13 characters hold its millisecond."""
    for length in _ID_LENGTHS:
        if len({identifier[:length] for identifier in identifiers}) == len(set(identifiers)):
            return {identifier: identifier[:length] for identifier in identifiers}
    return {identifier: identifier for identifier in identifiers}


def rich_table(
    items: Sequence["ExecutionSummary"],
    now: datetime,
    zone: tzinfo,
    width: int,
    *,
    absolute: bool = False,
) -> Table:
    """The columns that fit into ``width``, most telling ones first."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(say("h_status"), no_wrap=True)
    table.add_column(say("h_id"), no_wrap=True)
    table.add_column(say("h_workflow"), no_wrap=True, overflow="ellipsis", min_width=12, ratio=2)
    if width >= _WITH_KIND:
        table.add_column(say("h_kind"), no_wrap=True)
    if width >= _WITH_EVERYTHING:
        table.add_column(say("h_trigger"), no_wrap=True, max_width=12)
        table.add_column(say("h_tags"), no_wrap=True, max_width=24)
    table.add_column(say("h_started"), no_wrap=True)
    table.add_column(say("h_duration"), no_wrap=True, justify="right")
    table.add_column(say("h_nodes"), no_wrap=True, justify="right")
    with_error = width >= _WITH_ERROR and any(item.error or item.lost_reason for item in items)
    if with_error:
        table.add_column(say("h_error"), no_wrap=True, overflow="ellipsis", ratio=3)
    shown = short_ids([item.id for item in items])
    for item in items:
        began = item.started_at or item.created_at
        cells = [
            styled(marks.mark(item.status), marks.style(item.status)),
            styled(shown[item.id], "bright_black"),
            styled(item.workflow, "bold"),
        ]
        if width >= _WITH_KIND:
            cells.append(styled(item.kind))
        if width >= _WITH_EVERYTHING:
            cells += [styled(item.trigger), styled(", ".join(item.tags), "bright_black")]
        cells.append(
            styled(wording.absolute(began, zone) if absolute else wording.ago(began, now, zone))
        )
        cells += [_duration(item, now), _nodes(item)]
        if with_error:
            cells.append(styled(item.error or item.lost_reason or "", "red"))
        table.add_row(*cells)
    return table


def _duration(item: "ExecutionSummary", now: datetime) -> Text:
    if item.status in _MOVING and item.started_at is not None:
        return styled(wording.duration((now - item.started_at).total_seconds()), "cyan italic")
    return styled(wording.duration(item.duration_seconds))


def _nodes(item: "ExecutionSummary") -> Text:
    """Settled of all, how many failed, or how far a running one says it is."""
    if item.status in _MOVING and item.progress_total:
        return styled(f"{(item.progress_current or 0) / item.progress_total:.0%}", "cyan")
    total = max(item.nodes_total, item.nodes_planned or 0)
    if not total:
        return styled(wording.NOTHING, "bright_black")
    settled = (
        item.nodes_completed + item.nodes_failed + item.nodes_cancelled + item.nodes_skipped
    )
    text = Text()
    if item.nodes_failed:
        text.append(f"{marks.icon(Status.FAILED)}{item.nodes_failed} ", "red")
    return text.append(f"{settled}/{total}")


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
        began.astimezone(zone if zone else UTC).isoformat(timespec="milliseconds"),
        "" if seconds is None else f"{seconds:.3f}",
        str(item.nodes_total),
        str(item.nodes_failed),
        ",".join(item.tags),
        item.error or item.lost_reason or "",
    ]
