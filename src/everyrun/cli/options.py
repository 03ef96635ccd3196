"""Options that several commands share."""

from typing import Annotated

import typer

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="The ledger: sqlite:///PATH or postgresql://… "
        "Default: EVERYRUN_URL, else the SQLite file under EVERYRUN_HOME.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Utc = Annotated[bool, typer.Option("--utc", help="Absolute times in UTC.")]
Local = Annotated[bool, typer.Option("--local", help="Absolute times in the local zone.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="From this moment on: a span ago (2h, 7d), a date or time (2026-11-01), or today.",
        show_default=False,
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="WHEN", help="Before this moment, as --since.", show_default=False
    ),
]
ExecutionId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="An execution's id, any unique beginning of it, or its external id.",
        show_default=False,
    ),
]
