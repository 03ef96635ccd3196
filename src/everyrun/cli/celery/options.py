"""Options of commands to workers."""

from typing import Annotated

import typer

from everyrun.domain.views.celery import ANSWERS_WITHIN

Broker = Annotated[
    str | None,
    typer.Option(
        "--broker",
        metavar="URL",
        help="The application's broker: redis://…, amqp://… "
        "Default: the server's, where the ledger is one, else EVERYRUN_CELERY_BROKER_URL.",
        show_default=False,
    ),
]
Seconds = Annotated[
    float,
    typer.Option(
        "--seconds", min=0.1, max=10.0, metavar="S", help="How long workers have to answer."
    ),
]
Workers = Annotated[
    list[str] | None,
    typer.Option(
        "--worker",
        metavar="NAME",
        help="Only this worker (celery@host); repeatable.",
        show_default=False,
    ),
]
USUAL_SECONDS = ANSWERS_WITHIN
