"""``everyrun celery ping``: which workers are there."""

from typing import Annotated

import typer

from everyrun.cli.celery.options import USUAL_SECONDS, Broker, Seconds
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url


def ping(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORKER", help="Only these workers (celery@host).", show_default=False
        ),
    ] = None,
    seconds: Seconds = USUAL_SECONDS,
    broker: Broker = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Ask a Celery application's workers who is there. Ends with 1 when nobody is."""
    from everyrun.cli import terminal
    from everyrun.cli.celery.showing import exit_code_of, print_answers
    from everyrun.cli.celery.speaking import workers
    from everyrun.domain.views.celery import PingRequest

    with workers(broker, url) as way:
        answers = way.ping(PingRequest(workers=names or [], seconds=seconds))
    if as_json:
        terminal.write_json({"workers": answers})
    elif not answers:
        terminal.aside(say("no_worker_there", seconds=f"{seconds:g}"))
    else:
        print_answers(answers)
    raise typer.Exit(exit_code_of(answers))
