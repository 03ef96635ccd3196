"""``everyrun celery import``: put on record what a result backend still knows."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.events import AnyEvent, RecorderInfo
    from everyrun.integrations.celery.history.importing import Recorded, Report
    from everyrun.store.database import Database

LONGEST_CANVAS = 30 * 86_400 * 1_000_000
"""µs before the first result within which the canvas that it belongs to was begun."""


def import_command(
    backend: Annotated[
        str,
        typer.Option(
            "--backend",
            metavar="URL",
            help="The application's result backend: redis://…, db+postgresql://…",
            show_default=False,
        ),
    ],
    batch: Annotated[
        int, typer.Option("--batch", min=1, max=10_000, metavar="N", help="Results at a time.")
    ] = 500,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Import the history that a Celery result backend has. Doing it again changes nothing.

    Tasks that were on record while they ran stay as they are. A result says how a task ended and
    when, not when it began; its name and arguments only with result_extended.
    """
    from everyrun.cli import terminal
    from everyrun.cli.opening import database_to_run
    from everyrun.domain.brokers import CeleryNotInstalled
    from everyrun.domain.payloads import Capturer

    try:
        from everyrun.integrations.celery.history.importing import Importing
        from everyrun.integrations.celery.history.results import Backend
    except ImportError as error:
        raise CeleryNotInstalled from error
    with database_to_run(url) as database:

        def known(ids: Iterable[str], since: int) -> "Mapping[str, Recorded]":
            return _known(database, set(ids), since - LONGEST_CANVAS)

        importing = Importing(Backend(backend), known, Capturer(), batch)
        recorder = _recorder()
        for events in importing.batches():
            _write(database, recorder, events)
    if as_json:
        terminal.write_json(importing.report)
    else:
        _tell(importing.report)


def _known(database: "Database", ids: set[str], since: int) -> "Mapping[str, Recorded]":
    from everyrun.integrations.celery.history.facts import IMPORTED
    from everyrun.integrations.celery.history.importing import Recorded
    from everyrun.store.reading.celery_tasks import owners_of_tasks

    with database.reading() as connection:
        owners = owners_of_tasks(connection, ids, since)
    return {
        id_: Recorded(owner.execution_id, owner.workflow, IMPORTED in owner.tags)
        for id_, owner in owners.items()
    }


def _recorder() -> "RecorderInfo":
    import os
    import socket

    from everyrun.domain.clock import SystemClock
    from everyrun.domain.events import RecorderInfo
    from everyrun.domain.identifiers import new_id
    from everyrun.domain.version import VERSION

    return RecorderInfo(
        id=new_id(),
        host=socket.gethostname(),
        pid=os.getpid(),
        started_at=SystemClock().now(),
        program="everyrun celery import",
        everyrun_version=VERSION,
    )


def _write(database: "Database", recorder: "RecorderInfo", events: "list[AnyEvent]") -> None:
    from everyrun.domain.clock import SystemClock
    from everyrun.domain.events import WIRE_VERSION, Batch
    from everyrun.store.append import append

    batch = Batch(version=WIRE_VERSION, recorder=recorder, events=events)
    database.transact(lambda connection: append(connection, batch, SystemClock().now()))


def _tell(report: "Report") -> None:
    from everyrun.cli import terminal

    terminal.write(say("imported", tasks=report.tasks, executions=report.executions))
    counts = (
        (report.on_record, "import_on_record"),
        (report.not_ended, "import_not_ended"),
        (report.unnamed, "import_unnamed"),
        (report.unreadable, "import_unreadable"),
    )
    for count, sentence in counts:
        if count:
            terminal.aside(say(sentence, count=count))
