"""Options that the commands about batches share."""

from typing import Annotated

import typer

Parallel = Annotated[
    int, typer.Option("--parallel", "-p", metavar="N", min=1, help="So many executions at once.")
]
Detach = Annotated[
    bool, typer.Option("--detach", help="Only put it on record; a scheduler runs it.")
]
BatchName = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="What to call the batch.", show_default=False),
]
BatchId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A batch's id, or any unique beginning of it.", show_default=False
    ),
]
