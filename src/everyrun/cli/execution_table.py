"""Executions as a table: for a terminal as wide as it is, or tab-separated for a pipe."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.text import Text

from everyrun.cli import marks, wording
from everyrun.cli.execution_rows import trouble
from everyrun.cli.messages import say
from everyrun.cli.short_ids import short_ids
from everyrun.cli.tables import Column, draw
from everyrun.cli.terminal import styled
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionSummary

_MOVING = frozenset({Status.RUNNING, Status.RETRYING})


def drawn_table(
    items: Sequence["ExecutionSummary"],
    now: datetime,
    zone: tzinfo,
    width: int,
    *,
    absolute: bool = False,
) -> Iterator[Text]:
    """Lines of at most ``width`` cells, with the columns that fit."""
    shown = short_ids([item.id for item in items])
    columns = [
        Column(heading=say("h_status")),
        Column(heading=say("h_id")),
        Column(heading=say("h_workflow"), least=14),
        Column(heading=say("h_kind"), expendable=3),
        Column(heading=say("h_trigger"), least=8, expendable=4),
        Column(heading=say("h_tags"), least=8, expendable=5),
        Column(heading=_started_heading(now, zone) if absolute else say("h_started")),
        Column(heading=say("h_duration"), right=True),
        Column(heading=say("h_nodes"), right=True, expendable=1),
        Column(heading=say("h_error"), least=30, expendable=2),
    ]
    rows = []
    for item in items:
        began = item.started_at or item.created_at
        rows.append(
            [
                styled(marks.mark(item.status), marks.style(item.status)),
                styled(shown[item.id], "bright_black"),
                styled(item.workflow, "bold"),
                styled(item.kind),
                styled(item.trigger),
                styled(", ".join(item.tags), "bright_black"),
                styled(
                    f"{began.astimezone(zone):%Y-%m-%d %H:%M:%S}"
                    if absolute
                    else wording.ago(began, now, zone)
                ),
                _duration(item, now),
                _nodes(item),
                styled(trouble(item), "red"),
            ]
        )
    return draw(columns, rows, width)


def _started_heading(now: datetime, zone: tzinfo) -> str:
    return f"{say('h_started')} ({wording.zone_label(now.astimezone(zone))})"


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
    settled = item.nodes_completed + item.nodes_failed + item.nodes_cancelled + item.nodes_skipped
    text = Text()
    if item.nodes_failed:
        text.append(f"{marks.icon(Status.FAILED)}{item.nodes_failed} ", "red")
    return text.append(f"{settled}/{total}")
