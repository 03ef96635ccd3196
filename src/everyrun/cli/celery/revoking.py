"""``everyrun celery revoke``: have tasks not run."""

from typing import Annotated, Literal

import typer

from everyrun.cli.celery.options import USUAL_SECONDS, Broker, Seconds
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url


def revoke(
    task_ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="TASK_ID", help="Celery's ids of tasks.", show_default=False),
    ] = None,
    execution: Annotated[
        str | None,
        typer.Option(
            "--execution",
            metavar="ID",
            help="All tasks of this execution that have not ended.",
            show_default=False,
        ),
    ] = None,
    terminate: Annotated[
        bool, typer.Option("--terminate", help="End those that run, too.")
    ] = False,
    signal: Annotated[
        Literal["TERM", "KILL", "INT", "QUIT", "USR1"],
        typer.Option("--signal", help="What --terminate sends."),
    ] = "TERM",
    seconds: Seconds = USUAL_SECONDS,
    broker: Broker = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Have tasks not run; what comes after them in their canvas is skipped.

    The workers keep it in mind for as long as they run.
    """
    from everyrun.cli import terminal
    from everyrun.cli.celery.showing import exit_code_of, print_answers
    from everyrun.cli.celery.speaking import workers
    from everyrun.domain.views.celery import RevokeRequest

    asked = RevokeRequest(
        task_ids=task_ids or [],
        execution=execution,
        terminate=terminate,
        signal=signal,
        seconds=seconds,
    )
    with workers(broker, url) as way:
        revoked = way.revoke(asked)
    if as_json:
        terminal.write_json(revoked)
    else:
        print_answers(revoked.workers)
        terminal.aside(say("revoked_tasks", count=len(revoked.task_ids)))
    raise typer.Exit(exit_code_of(revoked.workers))
