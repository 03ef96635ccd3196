"""``everyrun logs``: the lines of one execution, followed if asked; or a search across all."""

from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.exits import ExitCode
from everyrun.cli.messages import say
from everyrun.cli.options import Since, Until, Url, Utc
from everyrun.cli.showing import BAD_ENDINGS
from everyrun.domain.status import LogLevel

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.cli.log_lines import LineWriter
    from everyrun.domain.views.executions import ExecutionSummary

TAIL_LINES = 100
_GRAVITY = (LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR)


def logs(
    execution: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="An execution's id, any unique beginning of it, or its external id.",
            show_default=False,
        ),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on until the execution has settled.")
    ] = False,
    level: Annotated[
        LogLevel | None,
        typer.Option(
            "--level",
            help="This level and the graver ones: debug, info, warning or error.",
            show_default=False,
        ),
    ] = None,
    node: Annotated[
        str | None,
        typer.Option(
            "--node",
            metavar="KEY|ID",
            help="Of this node only: KEY, KEY[ITERATION] or id.",
            show_default=False,
        ),
    ] = None,
    lines: Annotated[
        int,
        typer.Option(
            "--lines",
            "-n",
            min=0,
            max=1000,
            help="Begin with so many last lines; with --search: find at most so many.",
        ),
    ] = TAIL_LINES,
    everything: Annotated[bool, typer.Option("--all", help="Begin with the first line.")] = False,
    timestamps: Annotated[
        bool, typer.Option("--timestamps", "-t", help="The whole time before every line.")
    ] = False,
    search: Annotated[
        str | None,
        typer.Option(
            "--search",
            metavar="TEXT",
            help="Find lines with this text, newest first; in all executions when no ID is given.",
            show_default=False,
        ),
    ] = None,
    workflow: Annotated[
        str | None,
        typer.Option("--workflow", "-w", help="Search this workflow only.", show_default=False),
    ] = None,
    since: Since = None,
    until: Until = None,
    cursor: Annotated[
        str | None,
        typer.Option("--cursor", help="Go on where a search ended.", show_default=False),
    ] = None,
    exit_status: Annotated[
        bool,
        typer.Option("--exit-status", help="End with 1 when it failed, was cancelled or is lost."),
    ] = False,
    utc: Utc = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document a line on standard output.")
    ] = False,
    url: Url = None,
) -> None:
    """Read an execution's log lines, beginning with the latest ones; or search every log."""
    from everyrun.cli.log_lines import LineWriter
    from everyrun.cli.log_search import SearchRequest, print_matches
    from everyrun.cli.moments import chosen_zone, parse_moment
    from everyrun.cli.opening import ledger

    zone, now = chosen_zone(utc=utc, local=False), datetime.now(UTC)
    writer = LineWriter(zone, timestamps=timestamps, as_json=as_json)
    if search is not None:
        request = SearchRequest(
            text=search,
            levels=levels_from(level),
            workflow=workflow,
            since=parse_moment(since, now, zone) if since else None,
            until=parse_moment(until, now, zone) if until else None,
            limit=lines,
            cursor=cursor,
        )
        with ledger(url) as opened:
            print_matches(opened, execution, request, writer)
        return
    if execution is None:
        raise BadInput(say("something_needed", what="ID, --search TEXT"))
    begin = None if everything else lines
    with ledger(url) as opened:
        status = print_lines(
            opened, execution, writer, node=node, level=level, begin=begin, follow=follow
        )
    if exit_status and status in BAD_ENDINGS:
        raise typer.Exit(ExitCode.FAILED)


def levels_from(level: LogLevel | None) -> tuple[LogLevel, ...]:
    """A level and the graver ones; empty, which means all, for None."""
    return () if level is None else _GRAVITY[_GRAVITY.index(level) :]


def print_lines(
    ledger: "Ledger",
    text: str,
    writer: "LineWriter",
    *,
    node: str | None,
    level: LogLevel | None,
    begin: int | None,
    follow: bool,
) -> str:
    """Print the lines of the execution that ``text`` names; answers its status afterwards.

    ``begin`` is how many last lines to begin with, None for all.
    """
    from everyrun.cli.finding import find, find_node
    from everyrun.cli.following import Tail

    execution_id = find(ledger, text)
    node_execution_id = None
    if node is not None:
        node_execution_id = find_node(ledger.executions.detail(execution_id), node).id
    tail = Tail(ledger, execution_id, levels_from(level), node_execution_id)
    filtered = bool(level or node)
    written = 0
    for page in tail.pages(begin=begin, follow=follow, pause=Event().wait):
        if begin and not written and not filtered and page and page[0].position > 1:
            writer.remark(say("earlier_lines", count=len(page)))
        writer.write(page)
        written += len(page)
    summary = tail.summary()
    if follow:
        writer.remark(_ending(summary))
    elif not written:
        writer.remark(say("no_lines"))
    return summary.status


def _ending(summary: "ExecutionSummary") -> str:
    from everyrun.cli import marks, wording

    status = marks.word(summary.status)
    if summary.duration_seconds is None:
        return ": ".join(filter(None, (f"{summary.workflow} {status}", summary.lost_reason)))
    duration = wording.duration(summary.duration_seconds)
    return say("settled", workflow=summary.workflow, status=status, duration=duration)
