"""Options that the commands about schedules share."""

from typing import Annotated

import typer

Cron = Annotated[
    str | None,
    typer.Option(
        "--cron",
        metavar="EXPRESSION",
        help="Five fields (minute, hour, day, month, weekday), six with seconds first, or "
        "@hourly, @daily, @weekly, @monthly, @yearly.",
        show_default=False,
    ),
]
Every = Annotated[
    str | None,
    typer.Option(
        "--every",
        metavar="SPAN",
        help="So much time after another, such as 30s, 15m or 1d, whatever the clocks say.",
        show_default=False,
    ),
]
AtMoment = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="WHEN",
        help="Once: 2026-11-01T09:30, with an offset or in --zone.",
        show_default=False,
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--zone",
        metavar="ZONE",
        help="The time zone, such as Asia/Seoul. Default: this machine's.",
        show_default=False,
    ),
]
ScheduleId = Annotated[
    str,
    typer.Argument(
        metavar="SCHEDULE",
        help="A schedule's name, WORKFLOW/NAME, its id or the beginning of it; or a workflow that "
        "has one schedule.",
        show_default=False,
    ),
]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=1000, help="So many times.")]
