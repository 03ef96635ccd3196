"""``everyrun schedule backfill``: run the due times of a range after the fact."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.batch.options import Detach, Parallel
from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Quiet, Until, Url, Yes
from everyrun.cli.schedule.options import ScheduleId
from everyrun.domain.clock import to_datetime, to_microseconds

if TYPE_CHECKING:
    from everyrun.scheduler.backfilling import Backfill
    from everyrun.scheduler.triggers import Timetable


def backfill(
    schedule: ScheduleId,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="WHEN",
            help="From this moment on: a span ago (7d), a date or time (2026-11-01), or today.",
            show_default=False,
        ),
    ],
    until: Until = None,
    parallel: Parallel = 1,
    again: Annotated[
        bool, typer.Option("--again", help="Those that were run already, too.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be run.")] = False,
    by: By = None,
    detach: Detach = False,
    yes: Yes = False,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Run the due times of a range as a batch, the earliest first, each with its own due time."""
    from everyrun.cli.asking import confirm
    from everyrun.cli.batch.starting import run_here
    from everyrun.cli.opening import ledger
    from everyrun.cli.schedule.finding import find
    from everyrun.cli.who import current_user
    from everyrun.scheduler import backfilling
    from everyrun.scheduler.scheduling import timetable_of

    by = by or current_user()
    with ledger(url) as database:
        found = find(database, schedule)
        timetable = timetable_of(found)
        wanted = backfilling.Range(*_bounds(since, until, timetable), again)
        coming = backfilling.preview(database, found, wanted)
        _preview(coming, timetable, as_json=as_json and (dry_run or not coming.due))
        if dry_run or not coming.due:
            return
        confirm(say("ask_backfill"), yes=yes)
        batch = backfilling.backfill(database, found, wanted, parallel=parallel, by=by)
        code = run_here(database, batch, by, detach=detach, quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


def _bounds(since: str, until: str | None, timetable: "Timetable") -> tuple[int, int]:
    from everyrun.cli.moments import parse_moment

    now = datetime.now(UTC)
    begin = parse_moment(since, now, timetable.zone)
    end = parse_moment(until, now, timetable.zone) if until else now
    return to_microseconds(begin), to_microseconds(end)


def _preview(coming: "Backfill", timetable: "Timetable", *, as_json: bool) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.schedule import wording
    from everyrun.cli.wording import absolute, number

    if as_json:
        due = wording.shown(timetable, coming.due)
        terminal.write_json({"due": due, "done": len(coming.done)})
        return
    done = number(len(coming.done))
    if not coming.due:
        terminal.aside(say("backfill_nothing", done=done))
        return
    first, last = (
        absolute(to_datetime(at), timetable.zone) for at in (coming.due[0], coming.due[-1])
    )
    count = number(len(coming.due))
    terminal.aside(say("backfill_preview", count=count, first=first, last=last, done=done))
