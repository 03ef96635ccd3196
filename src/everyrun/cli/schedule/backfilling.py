"""``everyrun schedule backfill``: run the due times of a range after the fact."""

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.batch.options import Detach, Parallel
from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Quiet, Until, Url, Yes
from everyrun.cli.schedule.options import ScheduleId

if TYPE_CHECKING:
    from everyrun.domain.views.schedules import BackfillPreview


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
    from everyrun.cli.batch.starting import run_or_leave
    from everyrun.cli.moments import parse_moment
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user
    from everyrun.domain.views.schedules import BackfillRequest
    from everyrun.scheduler.scheduling import timetable_of

    by, now = by or current_user(), datetime.now(UTC)
    with ledger(url) as opened:
        found = opened.schedules.find(schedule)
        zone = timetable_of(found).zone
        wanted = BackfillRequest(
            since=parse_moment(since, now, zone),
            until=parse_moment(until, now, zone) if until else now,
            parallel=parallel,
            again=again,
        )
        coming = opened.schedules.preview_backfill(found.id, wanted)
        _tell(coming, zone, as_json=as_json and (dry_run or not coming.due))
        if dry_run or not coming.due:
            return
        confirm(say("ask_backfill"), yes=yes)
        batch = opened.schedules.backfill(found.id, wanted, by=by)
        code = run_or_leave(opened, batch, by, detach=detach, quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


def _tell(coming: "BackfillPreview", zone: tzinfo, *, as_json: bool) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.wording import absolute, number

    if as_json:
        terminal.write_json(coming)
        return
    done = number(coming.done)
    if not coming.due:
        terminal.aside(say("backfill_nothing", done=done))
        return
    first, last = (absolute(fire.at, zone) for fire in (coming.due[0], coming.due[-1]))
    count = number(len(coming.due))
    terminal.aside(say("backfill_preview", count=count, first=first, last=last, done=done))
