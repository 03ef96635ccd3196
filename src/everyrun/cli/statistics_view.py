"""Figures as tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from rich.text import Text

from everyrun.cli import tables, terminal, wording
from everyrun.cli.messages import say
from everyrun.cli.terminal import styled

if TYPE_CHECKING:
    from everyrun.cli.statistics import Statistics
    from everyrun.domain.views.statistics import WorkflowStatistics


@dataclass(frozen=True)
class Figure:
    """One figure: its heading, the attribute it is read from, and how it is said."""

    heading: str
    attribute: str
    said: Callable[[Any], str]
    style: str = ""
    expendable: int = 0

    def plain(self, row: Any) -> str:
        """The figure for a pipe: as a plain number, empty where there is none."""
        value = getattr(row, self.attribute, None)
        if value is None:
            return ""
        return f"{value:.6g}" if isinstance(value, float) else str(value)

    def drawn(self, row: Any) -> Text:
        """The figure for a terminal; zeros and missing ones stand back."""
        if not hasattr(row, self.attribute):
            return Text()
        value = getattr(row, self.attribute)
        text = wording.NOTHING if value is None else self.said(value)
        return styled(text, self.style if value else "bright_black")


_FIGURES = (
    Figure("h_kind", "kind", str, expendable=9),
    Figure("h_runs", "executions", wording.number),
    Figure("h_completed", "completed", wording.number, "green", expendable=4),
    Figure("h_failed", "failed", wording.number, "red"),
    Figure("h_cancelled", "cancelled", wording.number, "yellow", expendable=7),
    Figure("h_lost", "lost", wording.number, "magenta", expendable=6),
    Figure("h_running", "running", wording.number, "cyan", expendable=5),
    Figure("h_failure_rate", "failure_rate", wording.share, "red"),
    Figure("h_mean", "mean_seconds", wording.duration),
    Figure("h_p50", "p50_seconds", wording.duration, expendable=2),
    Figure("h_p95", "p95_seconds", wording.duration),
    Figure("h_p99", "p99_seconds", wording.duration, expendable=3),
    Figure("h_retried", "retried", wording.number, "yellow", expendable=8),
)


def print_statistics(statistics: "Statistics", now: datetime, zone: tzinfo) -> None:
    """Print today's values, the table of workflows, and the table of nodes where one was read."""
    _print_today(statistics, now, zone)
    _print_period(statistics, zone)
    if not statistics.workflows:
        terminal.aside(say("no_statistics"))
    else:
        _print_table("h_workflow", "workflow", statistics.workflows)
    if statistics.nodes:
        terminal.write_text(Text())
        _print_table("h_node", "node", statistics.nodes)
    sample = min(
        (row.percentile_sample for row in statistics.workflows if _sampled(row)), default=0
    )
    if sample:
        terminal.aside(say("sampled", count=wording.number(sample)))
    if statistics.dropped_events:
        events = wording.counted("event", statistics.dropped_events)
        terminal.aside(say("dropped_events", events=events))


def _print_period(statistics: "Statistics", zone: tzinfo) -> None:
    bounds = {"since": statistics.since, "until": statistics.until}
    words = [
        say(f"{name}_moment", moment=wording.absolute(moment, zone))
        for name, moment in bounds.items()
        if moment is not None
    ]
    if words:
        terminal.write_text(Text())
        terminal.write_text(styled(", ".join(words), "bold"))


def _sampled(row: "WorkflowStatistics") -> bool:
    """Whether its percentiles leave some of its settled executions out."""
    return 0 < row.percentile_sample < row.completed + row.failed


def _print_today(statistics: "Statistics", now: datetime, zone: tzinfo) -> None:
    today = statistics.today
    date = f"{now.astimezone(zone):%Y-%m-%d}"
    terminal.write_text(styled(say("today", zone=statistics.zone, date=date), "bold"))
    line = Text()
    for key, value, style in (
        ("total_workflows", today.total_workflows, "bold"),
        ("today_executions", today.today_executions, "bold"),
        ("today_failed", today.today_failed_workflows, "bold red"),
        ("inactive_workflows", today.inactive_workflows, "bold"),
    ):
        line.append("  ")
        line.append(wording.number(value), style if value else "")
        line.append(f" {say(key)}  ", "bright_black")
    line.rstrip()
    terminal.write_text(line)


def _print_table(heading: str, name: str, rows: Sequence[Any]) -> None:
    if not terminal.for_people():
        headings = [say(heading), *(say(figure.heading) for figure in _FIGURES)]
        terminal.write_rows(
            headings,
            [[getattr(row, name), *(figure.plain(row) for figure in _FIGURES)] for row in rows],
        )
        return
    columns = [
        tables.Column(heading=say(heading), least=12),
        *(
            tables.Column(
                heading=say(figure.heading),
                right=figure.said is not str,
                expendable=figure.expendable,
            )
            for figure in _FIGURES
        ),
    ]
    cells = [
        [styled(getattr(row, name), "bold"), *(figure.drawn(row) for figure in _FIGURES)]
        for row in rows
    ]
    for line in tables.draw(columns, cells, terminal.out().width):
        terminal.write_text(line)
