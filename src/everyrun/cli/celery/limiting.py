"""``everyrun celery rate-limit``: let workers begin a task only so often."""

import re
from typing import Annotated

import typer

from everyrun.cli.celery.options import USUAL_SECONDS, Broker, Seconds, Workers
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

_RATE = re.compile(r"\d{1,9}(\.\d{1,9})?(/[smh])?")


def rate_limit(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="The task's name.", show_default=False)
    ],
    rate: Annotated[
        str,
        typer.Argument(
            metavar="RATE", help="10/m, 2/s, 100/h; 0 for no limit.", show_default=False
        ),
    ],
    only: Workers = None,
    seconds: Seconds = USUAL_SECONDS,
    broker: Broker = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Let each worker begin a task only so often, until it is started anew."""
    from everyrun.cli import terminal
    from everyrun.cli.celery.showing import exit_code_of, print_answers
    from everyrun.cli.celery.speaking import workers
    from everyrun.cli.errors import BadInput
    from everyrun.domain.views.celery import RateLimitRequest

    if not _RATE.fullmatch(rate):
        raise BadInput(say("bad_rate", rate=rate))
    asked = RateLimitRequest(task=task, rate=rate, workers=only or [], seconds=seconds)
    with workers(broker, url) as way:
        answers = way.rate_limit(asked)
    if as_json:
        terminal.write_json({"workers": answers})
    else:
        print_answers(answers)
    raise typer.Exit(exit_code_of(answers))
