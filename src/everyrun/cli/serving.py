"""``everyrun scheduler``: do what is due, and run what waits, until told to end."""

import os
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyrun.cli import garbage
from everyrun.cli.happenings import Teller
from everyrun.cli.options import Quiet, Url

if TYPE_CHECKING:
    from everyrun.cli.executors import AnyEngine
    from everyrun.scheduler.settings import SchedulerSettings
    from everyrun.store.database import Database

_LOOK_SECONDS = 0.1


def scheduler(
    at_once: Annotated[
        int | None,
        typer.Option(
            "--at-once",
            metavar="N",
            min=0,
            help="Run so many executions from the queue at once; 0 runs none here. "
            "Default: EVERYRUN_SCHEDULER_AT_ONCE, else 4.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document a line for what happens.")
    ] = False,
    url: Url = None,
) -> None:
    """Start workflows when they are due and run what waits. Several may run; one of them leads.

    Ctrl-C or SIGTERM ends it in order.
    """
    from everyrun.cli.executors import engine_for
    from everyrun.cli.opening import database_to_run
    from everyrun.scheduler.settings import SchedulerSettings

    settings = SchedulerSettings.from_environment(at_once=at_once)
    with database_to_run(url) as database:
        # What nodes log goes the way of everything that is recorded, into the same ledger.
        os.environ["EVERYRUN_URL"] = database.url.render_as_string(hide_password=False)
        garbage.collect_as_usual()
        engine = engine_for(database)
        teller = Teller(engine.id, quiet=quiet, as_json=as_json)
        try:
            _serve(database, engine, settings, teller)
        finally:
            engine.close()


def _serve(
    database: "Database", engine: "AnyEngine", settings: "SchedulerSettings", teller: Teller
) -> None:
    from everyrun.cli.live.interrupts import Interrupts
    from everyrun.cli.live.stopping import leave
    from everyrun.cli.opening import place_of
    from everyrun.scheduler.loop import Watcher
    from everyrun.scheduler.serving import Listener, Service
    from everyrun.tracking import recording
    from everyrun.workflows.running.presence import who_is_dead

    watcher = Watcher(on_led=teller.led, on_fired=teller.fired, on_rescued=teller.rescued)
    service = Service(
        database,
        engine,
        settings,
        is_surely_dead=who_is_dead(recording.current().settings.home),
        listener=Listener(
            watcher=watcher, on_finished=teller.finished, on_batch_ended=teller.batch_ended
        ),
    )
    errors: list[BaseException] = []
    thread = Thread(target=_work, args=(service.run, errors), name="scheduler", daemon=True)
    heard = 0
    with Interrupts(lambda: None) as interrupts:
        teller.begun(place_of(database))
        thread.start()
        while thread.is_alive():
            thread.join(_LOOK_SECONDS)
            while heard < interrupts.count:
                heard += 1
                if heard == 1:
                    teller.ending(settings.drain_seconds)
                    service.stop()
                elif heard == 2:
                    engine.hand_over(kill=True)
                else:
                    leave(interrupts.exit_code)
    if errors:
        raise errors[0]


def _work(run: Any, errors: list[BaseException]) -> None:
    try:
        run()
    except BaseException as error:  # noqa: BLE001 - raised again in the main thread
        errors.append(error)
