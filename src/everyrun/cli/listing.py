"""``everyrun list``: what ran, newest first."""

import sys
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import LedgerMissing
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Local, Since, Until, Url, Utc
from everyrun.domain.status import Status, WorkflowKind
from everyrun.domain.views.limits import LONGEST_PAGE

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.views.executions import ExecutionFilters, ExecutionPage

_RUNNING = (Status.RUNNING, Status.RETRYING)


def list_command(
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", help="Of this workflow.", show_default=False)
    ] = None,
    kind: Annotated[
        WorkflowKind | None,
        typer.Option(
            help="Of workflows of this kind: graph, function, script, job or celery.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        list[Status] | None,
        typer.Option(
            "--status",
            "-s",
            help="In this status, such as failed or lost; repeatable.",
            show_default=False,
        ),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="As --status failed.")] = False,
    running: Annotated[
        bool, typer.Option("--running", help="As --status running --status retrying.")
    ] = False,
    trigger: Annotated[
        str | None,
        typer.Option(
            help="Started by this trigger, such as manual, schedule or api.", show_default=False
        ),
    ] = None,
    tag: Annotated[str | None, typer.Option(help="With this tag.", show_default=False)] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            help="With this text in its workflow's name, or as its external id.",
            show_default=False,
        ),
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many.")
    ] = 20,
    cursor: Annotated[
        str | None, typer.Option(help="Go on where a page ended.", show_default=False)
    ] = None,
    utc: Utc = False,
    local: Local = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """List executions, newest first. Filters combine."""
    from everyrun.cli.moments import chosen_zone, parse_moment
    from everyrun.cli.opening import ledger
    from everyrun.domain.views.executions import ExecutionFilters

    now, zone = datetime.now(UTC), chosen_zone(utc=utc, local=local)
    statuses = [*(status or ()), *((Status.FAILED,) if failed else ())]
    statuses += _RUNNING if running else ()
    filters = ExecutionFilters(
        workflow=workflow,
        kind=kind,
        statuses=tuple(dict.fromkeys(statuses)),
        trigger=trigger,
        tag=tag,
        text=text,
        since=parse_moment(since, now, zone) if since else None,
        until=parse_moment(until, now, zone) if until else None,
    )
    try:
        with ledger(url) as opened:
            page = gather(opened, filters, limit=limit, cursor=cursor)
    except LedgerMissing as missing:
        _explain_first_run(missing, as_json=as_json)
        return
    _print_page(page, now, zone, absolute=utc or local, as_json=as_json)


def gather(
    ledger: "Ledger", filters: "ExecutionFilters", *, limit: int, cursor: str | None
) -> "ExecutionPage":
    """One full page, however many bounded searches it takes; says on stderr how far it is."""
    from everyrun.cli.waiting import searching
    from everyrun.domain.views.executions import ExecutionPage, ExecutionSummary

    items: list[ExecutionSummary] = []
    with searching() as tell:
        while True:
            page = ledger.executions.page(
                filters, limit=min(limit - len(items), LONGEST_PAGE), cursor=cursor
            )
            items.extend(page.items)
            cursor = page.next
            if cursor is None or len(items) >= limit:
                return ExecutionPage(items=items, next=cursor, searched_to=page.searched_to)
            tell(page.searched_to)


def _print_page(
    page: "ExecutionPage", now: datetime, zone: tzinfo, *, absolute: bool, as_json: bool
) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.execution_rows import plain_table
    from everyrun.cli.paging import next_command

    if as_json:
        terminal.write_json(page)
        return
    if not page.items:
        terminal.aside(say("nothing_matches"))
    elif terminal.for_people():
        from everyrun.cli.execution_table import drawn_table

        width = terminal.out().width
        for line in drawn_table(page.items, now, zone, width, absolute=absolute):
            terminal.write_text(line)
    else:
        terminal.write_rows(*plain_table(page.items, zone))
    if page.next is not None:
        terminal.aside(say("next_page", command=next_command(sys.argv[1:], page.next)))


def _explain_first_run(missing: LedgerMissing, *, as_json: bool) -> None:
    from everyrun.cli import terminal
    from everyrun.domain.views.executions import ExecutionPage

    if as_json:
        terminal.write_json(ExecutionPage(items=[], next=None, searched_to=None))
    else:
        terminal.aside(say("nothing_recorded", place=missing.place))
        terminal.aside(say("record_first"))
