"""``everyrun serve``: the server, until told to end. ``everyrun up``: all before that, too."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli import garbage
from everyrun.cli.options import Quiet, Url

if TYPE_CHECKING:
    from everyrun.cli.serve.running import Wishes
    from everyrun.store.database import Database

Host = Annotated[
    str | None,
    typer.Option(
        "--host",
        metavar="ADDRESS",
        help="Listen on this address. Default: EVERYRUN_HOST, else 127.0.0.1, which only this "
        "machine reaches.",
        show_default=False,
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=0,
        max=65_535,
        help="Listen on this port; 0 takes a free one. Default: EVERYRUN_PORT, else 8321.",
        show_default=False,
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        max=64,
        help="Answer with so many processes. Default: EVERYRUN_SERVER_WORKERS, else 1.",
        show_default=False,
    ),
]
AtOnce = Annotated[
    int | None,
    typer.Option(
        "--at-once",
        metavar="N",
        min=0,
        help="Run so many executions from the queue at once; 0 runs none here. "
        "Default: EVERYRUN_SCHEDULER_AT_ONCE, else 4.",
        show_default=False,
    ),
]
TrustedProxies = Annotated[
    str | None,
    typer.Option(
        "--trusted-proxies",
        metavar="ADDRESSES",
        help="Believe what proxies at these addresses or networks say of callers, separated by "
        "commas. Default: EVERYRUN_TRUSTED_PROXIES, else none.",
        show_default=False,
    ),
]
AsLines = Annotated[
    bool, typer.Option("--json", help="Print one JSON document a line for what happens.")
]


def serve(
    host: Host = None,
    port: Port = None,
    workers: WorkerCount = None,
    at_once: AtOnce = None,
    trusted_proxies: TrustedProxies = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser, signed in.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsLines = False,
    url: Url = None,
) -> None:
    """Serve the page and the API, start what is due, run what waits, take in what was left.

    Ctrl-C or SIGTERM ends it in order; once more hurries it.
    """
    from everyrun.cli.opening import database_to_run

    if trusted_proxies is not None:
        os.environ["EVERYRUN_TRUSTED_PROXIES"] = trusted_proxies  # for the further processes too
    wishes = _wishes(host, port, workers, at_once, open_browser, quiet, as_json)
    with database_to_run(url) as database:
        _serve(database, wishes, url)


def up(
    host: Host = None,
    port: Port = None,
    workers: WorkerCount = None,
    at_once: AtOnce = None,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser, signed in.")
    ] = True,
    quiet: Quiet = False,
    as_json: AsLines = False,
    url: Url = None,
) -> None:
    """Make or migrate the ledger, serve it, and open the page in a browser."""
    from everyrun.cli.opening import unchecked_ledger
    from everyrun.store.schema import SchemaState

    wishes = _wishes(host, port, workers, at_once, open_browser, quiet, as_json)
    with unchecked_ledger(url, create=True) as database:
        if database.schema() is not SchemaState.CURRENT:
            database.upgrade()
        _serve(database, wishes, url)


def _wishes(
    host: str | None,
    port: int | None,
    workers: int | None,
    at_once: int | None,
    open_browser: bool,
    quiet: bool,
    as_json: bool,
) -> "Wishes":
    from everyrun.cli.serve.counting import count_together

    count_together(workers)
    from everyrun.cli.serve.running import Wishes
    from everyrun.scheduler.settings import SchedulerSettings
    from everyrun.server.settings import ServerSettings

    return Wishes(
        server=ServerSettings.from_environment(host=host, port=port, server_workers=workers),
        scheduler=SchedulerSettings.from_environment(at_once=at_once),
        open_browser=open_browser,
        quiet=quiet,
        as_json=as_json,
    )


def _serve(database: "Database", wishes: "Wishes", url: str | None) -> None:
    from everyrun.cli.opening import settings_from
    from everyrun.cli.serve.running import Serving

    # What nodes log goes the way of everything that is recorded, into the same ledger.
    os.environ["EVERYRUN_URL"] = settings_from(url).url
    garbage.collect_as_usual()
    Serving(database, wishes).run()
