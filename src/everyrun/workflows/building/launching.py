"""Saving and running a graph from the program that builds it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from inspect import currentframe
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

from everyrun.domain.clock import SystemClock
from everyrun.domain.errors import EveryrunError, LedgerError
from everyrun.domain.graph import WorkflowDefinition
from everyrun.domain.status import Status
from everyrun.store.database import Database, open_database
from everyrun.store.sql_sink import prepare_ledger
from everyrun.store.versions import SavedVersion
from everyrun.tracking import recording
from everyrun.tracking.describing import usual_metadata
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.saving import save

if TYPE_CHECKING:
    from everyrun.workflows.running import Engine, Finished


class RunWhileImported(EveryrunError, RuntimeError):
    """A graph cannot run while its own module is being imported."""

    status_code = 409


@contextmanager
def own_ledger() -> Iterator[Database]:
    """The ledger that this process records into, made where there is none yet.

    Raises :class:`LedgerError` where that is a server: graphs run beside their ledger.
    """
    url = recording.current().settings.url
    if url.startswith(("http://", "https://")):
        raise LedgerError(f"a graph needs an SQLite or PostgreSQL ledger; {url} is a server")
    database = open_database(url)
    try:
        prepare_ledger(database)
        yield database
    finally:
        database.close()


def save_definition(definition: WorkflowDefinition, by: str | None) -> SavedVersion:
    """Save it in the ledger that the settings name."""
    with own_ledger() as database:
        return save(database, definition, by or _user(), SystemClock().now())


def run_definition(definition: WorkflowDefinition, inputs: Mapping[str, Any]) -> "Finished":
    """Save it and run it here, to its end."""
    _refuse_while_importing()
    from everyrun.workflows.running import Engine

    with own_ledger() as database:
        by = _user()
        saved = save(database, definition, by, SystemClock().now())
        request = LaunchRequest(
            workflow=definition.workflow, version=saved.version, input=inputs, by=by
        )
        engine = Engine(database)
        try:
            return _run(engine, request)
        finally:
            engine.close()


def _run(engine: "Engine", request: LaunchRequest) -> "Finished":
    from everyrun.workflows.running import Finished

    launched = engine.launch(request)
    if launched.status == Status.SKIPPED:
        return Finished(launched.execution_id, Status.SKIPPED, None, launched.reason)
    work = _Work(engine, launched.execution_id)
    work.start()
    interrupts = 0
    while not work.ended.is_set():
        try:
            work.ended.wait()
        except KeyboardInterrupt:
            interrupts += 1
            engine.stop(launched.execution_id, "Ctrl-C", kill=interrupts > 1)
    if interrupts:
        raise KeyboardInterrupt
    return work.end()


class _Work(Thread):
    """The engine at work, so that this thread can hear Ctrl-C."""

    def __init__(self, engine: "Engine", execution_id: str) -> None:
        super().__init__(name="everyrun-run", daemon=True)
        # To wait for: an interrupted join() would take the thread for ended.
        self.ended = Event()
        self._engine = engine
        self._execution_id = execution_id
        self._finished: Finished | None = None
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._finished = self._engine.run(self._execution_id)
        except BaseException as error:  # noqa: BLE001 - raised where the run was asked for
            self._failure = error
        self.ended.set()

    def end(self) -> "Finished":
        """How it ended. Raises what the engine raised."""
        if self._failure is not None:
            raise self._failure
        assert self._finished is not None
        return self._finished


def _refuse_while_importing() -> None:
    """The engine imports the graph's functions: it would wait for this import, or run it again."""
    frame: FrameType | None = currentframe()
    while frame is not None:
        name = frame.f_globals.get("__name__")
        if frame.f_code.co_name == "<module>" and name != "__main__":
            raise RunWhileImported(
                f"{frame.f_code.co_filename} runs its graph while it is imported: "
                'put graph.run() under `if __name__ == "__main__":`'
            )
        frame = frame.f_back


def _user() -> str:
    user: str = usual_metadata()["triggered_by"]
    return user
