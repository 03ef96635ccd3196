"""Options that several commands share."""

from typing import Annotated

import typer

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="The ledger: sqlite:///PATH, postgresql://… or a server's http(s)://… "
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
WorkflowName = Annotated[
    str, typer.Argument(metavar="NAME", help="A workflow's name.", show_default=False)
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="WHO",
        help="Who does this, for the record. Default: the user's name.",
        show_default=False,
    ),
]
Version = Annotated[
    int | None,
    typer.Option(
        "--version", metavar="N", help="This version. Default: the newest.", show_default=False
    ),
]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        "-i",
        metavar="NAME=VALUE",
        help="An input: text, or JSON where the input is no text; repeatable.",
        show_default=False,
    ),
]
InputFile = Annotated[
    str | None,
    typer.Option(
        "--input-file",
        metavar="FILE",
        help="Inputs from a JSON object; --input wins. - is standard input.",
        show_default=False,
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Say nothing while it runs, only how it ended.")
]
