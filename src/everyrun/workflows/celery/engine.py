"""What hands executions to Celery workers: it stands where a local engine would."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import SETTLED, Status
from everyrun.store import leases
from everyrun.store.database import Database, is_unavailable
from everyrun.store.history import read_execution
from everyrun.workflows.celery.equipment import WORKERS
from everyrun.workflows.celery.hosting import Host
from everyrun.workflows.celery.passes import Passes
from everyrun.workflows.celery.sending import Sender, Sending
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.celery.tending import Tender
from everyrun.workflows.controlling import AlreadySettled, cancel
from everyrun.workflows.launching import Launched, LaunchRequest, Owner, launch
from everyrun.workflows.running.outputs import from_record
from everyrun.workflows.running.run import Finished
from everyrun.workflows.settings import EngineSettings

OnLook = Callable[[str], None]


class CeleryEngine:
    """Hands executions to workers, and follows them to their end. Usable from any thread."""

    def __init__(
        self,
        database: Database,
        settings: CelerySettings | None = None,
        engine_settings: EngineSettings | None = None,
        *,
        clock: Clock | None = None,
        on_look: OnLook | None = None,
        sender: Sending | None = None,
    ) -> None:
        """``on_look`` is called with an execution's id each time that it was looked at.

        Messages go by way of the settings' broker, unless ``sender`` is given.
        """
        celery_settings = settings or CelerySettings.from_environment()
        sender = sender or Sender(celery_settings.require_broker())
        self.id = new_id()
        self.settings = engine_settings or EngineSettings.from_environment()
        self._database = database
        self._clock = clock or SystemClock()
        self._on_look = on_look
        self._passes = Passes(
            database,
            sender,
            celery_settings,
            self.settings,
            clock=self._clock,
            program="everyrun engine",
        )
        self._stopping = Event()
        self._host: Host | None = None

    @property
    def passes(self) -> Passes:
        """What it makes passes with."""
        return self._passes

    @property
    def owner(self) -> Owner:
        """What launches an execution straight into the workers' hands."""
        return WORKERS

    def launch(self, request: LaunchRequest) -> Launched:
        """Make an execution, in the workers' hands unless it has to wait for others.

        :meth:`run` begins it; when that does not come in time, whoever tends does.
        """
        return launch(self._database, request, clock=self._clock, owner=WORKERS)

    def run(self, execution_id: str) -> Finished:
        """Hand an execution over when it is its turn, and wait for its end.

        One that has settled by then was begun by others who tend: how it ended is answered, too.
        When it is told to stop meanwhile it answers ``pending``: workers go on with what they have.
        """
        is_handed = False
        while not self._stopping.is_set():
            is_handed = is_handed or self._hand(execution_id)
            finished = self._how_it_settled(execution_id)
            if self._on_look is not None:
                self._on_look(execution_id)
            if finished is not None:
                return finished
            self._stopping.wait(self.settings.poll_seconds)
        return Finished(execution_id, Status.PENDING)

    def serve(
        self,
        stop: Event,
        *,
        at_once: int = 4,
        on_finished: Callable[[Finished], None] | None = None,
    ) -> None:
        """Hand over what waits in the queue, and tend, until ``stop`` is set.

        ``at_once`` is not asked for: what is handed over takes no place here.
        """
        self._host = Host(self._passes)
        tending = Thread(
            target=Tender(self._passes, self._host).run, args=(stop,), name="tending", daemon=True
        )
        tending.start()
        handed: set[str] = set()
        while not stop.is_set():
            taken = self._take_next()
            if taken is not None:
                handed.add(taken)
                continue
            for execution_id in list(handed):
                finished = self._how_it_settled(execution_id)
                if finished is not None:
                    handed.discard(execution_id)
                    if on_finished is not None:
                        on_finished(finished)
            stop.wait(self.settings.poll_seconds)
        tending.join()

    def stop(self, execution_id: str, reason: str, *, kill: bool = False) -> None:
        """Have an execution end: cancelled. Nothing happens to one that has settled."""
        with suppress(AlreadySettled):
            cancel(self._database, execution_id, kill=kill, reason=reason, clock=self._clock)

    def hand_over(self, drain: float = 10.0, *, kill: bool = False) -> None:
        """Follow nothing any more: workers go on."""
        self._stopping.set()

    def close(self) -> None:
        """Let go of what is kept open."""
        if self._host is not None:
            self._host.close()
        self._passes.close()

    # Handing over.

    def _hand(self, execution_id: str) -> bool:
        """Whether the workers have it now."""
        now = self._clock.now()
        with self._database.reading() as connection:
            lease = leases.lease_of(connection, execution_id)
        if lease is None:
            return True
        if lease.owner != leases.WORKERS:
            taken = self._database.transact(
                lambda connection: leases.take_in_turn(
                    connection,
                    execution_id,
                    leases.WORKERS,
                    leases.WORKERS_HOST,
                    now,
                    leases.NEVER,
                )
            )
            if not taken:
                return False
        self._passes.advance(execution_id)
        return True

    def _take_next(self) -> str | None:
        """Hand over the next one; None where there is none, also while the ledger is away."""
        now = self._clock.now()
        try:
            taken = self._database.transact(
                lambda connection: leases.take_next(
                    connection, leases.WORKERS, leases.WORKERS_HOST, now, leases.NEVER
                )
            )
            if taken is not None:
                self._passes.advance(taken)
        except Exception as error:
            if not is_unavailable(error):
                raise
            return None
        return taken

    def _how_it_settled(self, execution_id: str) -> Finished | None:
        with self._database.reading() as connection:
            found = read_execution(connection, execution_id)
        if found.status not in SETTLED:
            return None
        output, gone = from_record(execution_id, found.output)
        return Finished(execution_id, found.status, output, gone or found.error_message)
