"""``everyrun worker``: run nodes that are sent to this machine, until told to end."""

import os
from typing import Annotated

import typer

from everyrun.cli import terminal
from everyrun.cli.errors import BadInput
from everyrun.cli.executors import require_celery
from everyrun.cli.messages import say
from everyrun.cli.options import Quiet, Url


def worker(
    queues: Annotated[
        list[str] | None,
        typer.Option(
            "--queue",
            "-Q",
            metavar="NAME",
            help="Take nodes from this queue; repeatable. Default: EVERYRUN_QUEUE, and the queues "
            "of EVERYRUN_QUEUES.",
            show_default=False,
        ),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            "-c",
            metavar="N",
            min=1,
            help="Run so many nodes at once. Default: one a processor.",
            show_default=False,
        ),
    ] = None,
    pool: Annotated[
        str,
        typer.Option(
            "--pool",
            metavar="prefork|threads|solo",
            help="Run nodes in processes, in threads, or one after the other.",
        ),
    ] = "prefork",
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            "-n",
            metavar="NAME",
            help="The worker's name among others. Default: made of the process and the host.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
    url: Url = None,
) -> None:
    """Run nodes of workflows that are run on Celery workers. Ctrl-C or SIGTERM ends it in order.

    The broker is EVERYRUN_BROKER_URL. Several may run, on as many machines as there are.
    """
    require_celery()
    from everyrun.cli.opening import database_to_run, place_of
    from everyrun.workflows.celery.settings import CelerySettings
    from everyrun.workflows.celery.tender import TenderProcess
    from everyrun.workflows.celery.working import POOLS, work, worker_app

    if pool not in POOLS:
        raise BadInput(say("not_a_pool", pool=pool))
    settings = CelerySettings.from_environment()
    broker = settings.require_broker()
    with database_to_run(url) as database:
        # What this process forks, and what nodes log, goes into the same ledger.
        os.environ["EVERYRUN_URL"] = database.url.render_as_string(hide_password=False)
        place = place_of(database)
    chosen = list(dict.fromkeys(queues or [settings.queue, *settings.by_type().values()]))
    if not quiet:
        said = say("worker_listens", queues=", ".join(chosen), broker=_shown(broker), ledger=place)
        terminal.aside(said)
    with TenderProcess():
        code = work(
            worker_app(),
            queues=chosen,
            concurrency=concurrency or os.cpu_count() or 1,
            pool=pool,
            name=name,
        )
    raise typer.Exit(code)


def _shown(broker_url: str) -> str:
    """A broker's address without its password."""
    from kombu.utils.url import maybe_sanitize_url

    return str(maybe_sanitize_url(broker_url))
