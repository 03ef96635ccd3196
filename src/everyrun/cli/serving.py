"""``everyrun scheduler``: do what is due, and run what waits, until told to end."""

import os
import sys
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyrun.cli import garbage, marks, terminal, wording
from everyrun.cli.messages import say
from everyrun.cli.options import Quiet, Url
from everyrun.domain.clock import to_datetime

if TYPE_CHECKING:
    from everyrun.scheduler.firing import Fired
    from everyrun.scheduler.settings import SchedulerSettings
    from everyrun.store.batches import BatchRecord
    from everyrun.store.database import Database
    from everyrun.store.leaderships import Leader
    from everyrun.workflows.rescuing import Rescued
    from everyrun.workflows.running import Engine, Finished

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
    from everyrun.cli.opening import database_to_run
    from everyrun.scheduler.settings import SchedulerSettings
    from everyrun.workflows.running import Engine
    from everyrun.workflows.settings import EngineSettings

    settings = SchedulerSettings.from_environment(at_once=at_once)
    with database_to_run(url) as database:
        # What nodes log goes the way of everything that is recorded, into the same ledger.
        os.environ["EVERYRUN_URL"] = database.url.render_as_string(hide_password=False)
        garbage.collect_as_usual()
        engine = Engine(database, EngineSettings.from_environment())
        teller = _Teller(engine.id, quiet=quiet, as_json=as_json)
        try:
            _serve(database, engine, settings, teller)
        finally:
            engine.close()


def _serve(
    database: "Database", engine: "Engine", settings: "SchedulerSettings", teller: "_Teller"
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


class _Teller:
    """Says what happens, a line each, from whichever thread it happens in."""

    def __init__(self, own_id: str, *, quiet: bool, as_json: bool) -> None:
        self._own_id = own_id
        self._quiet = quiet and not as_json
        self._as_json = as_json
        self._lock = Lock()

    def begun(self, ledger: str) -> None:
        """It is there."""
        if self._as_json:
            self._tell({"what": "begun", "id": self._own_id, "ledger": ledger}, [])
        elif not self._quiet:
            terminal.aside(say("scheduler_here", id=self._own_id, ledger=ledger))

    def led(self, leader: "Leader") -> None:
        """The lead went to somebody."""
        ours = leader.owner == self._own_id
        said = say("scheduler_leads") if ours else say("scheduler_stands_by", host=leader.host)
        what = {"what": "led", "leads": ours, "owner": leader.owner, "host": leader.host}
        self._tell(what, [(said, "cyan")])

    def fired(self, fired: "Fired") -> None:
        """Due times of a schedule were decided."""
        from everyrun.cli.schedule.wording import FIRE_STYLES

        for fire in fired.fires:
            what = {
                "what": "fired",
                "workflow": fired.schedule.workflow,
                "schedule": fired.schedule.name,
                "due_at": to_datetime(fire.due_at),
                "outcome": fire.outcome,
                "execution_id": fire.execution_id,
                "reason": fire.reason,
            }
            line = [(say(f"fire_{fire.outcome}"), FIRE_STYLES.get(fire.outcome, ""))]
            line.append((f"  {fired.schedule.workflow}", "bold"))
            line.append((f"  {fired.schedule.name}  {fire.execution_id or ''}", "bright_black"))
            line.append((f"  {fire.reason or ''}", "yellow"))
            self._tell(what, line)

    def rescued(self, rescued: "Rescued") -> None:
        """An execution that was left waits for an engine again."""
        what = {"what": "rescued", **rescued._asdict()}
        said = say("scheduler_rescued", evidence=rescued.evidence)
        line = [(rescued.workflow, "bold"), (f"  {rescued.execution_id}", "bright_black")]
        self._tell(what, [*line, (f"  {said}", "magenta")])

    def finished(self, finished: "Finished") -> None:
        """An execution that ran here ended."""
        what = {
            "what": "finished",
            "execution_id": finished.execution_id,
            "status": finished.status,
            "error": finished.error_message,
        }
        line = [(marks.mark(finished.status), marks.style(finished.status))]
        line.append((f"  {finished.execution_id}", "bright_black"))
        line.append((f"  {finished.error_message or ''}", "red"))
        self._tell(what, line)

    def batch_ended(self, batch: "BatchRecord") -> None:
        """A batch that ran here ended."""
        from everyrun.cli.batch.wording import counts
        from everyrun.server.shaping.batches import batch_detail

        shown = batch_detail(batch)
        line = [(marks.mark(batch.status), marks.style(batch.status))]
        line.append((f"  {batch.name}", "bold"))
        self._tell({"what": "batch", "batch": shown}, [*line, (f"  {counts(shown)}", "")])

    def ending(self, drain_seconds: float) -> None:
        """It was told to end."""
        if not self._quiet and not self._as_json:
            terminal.aside(say("scheduler_ending", span=wording.duration(drain_seconds)))

    def _tell(self, what: dict[str, Any], line: list[tuple[str, str]]) -> None:
        if self._quiet:
            return
        now = datetime.now(UTC)
        with self._lock:
            if self._as_json:
                terminal.write_json_line({"at": now, **what})
            else:
                at = f"{now.astimezone():%H:%M:%S}  "
                terminal.write_spans([(at, "bright_black"), *line])
            sys.stdout.flush()
