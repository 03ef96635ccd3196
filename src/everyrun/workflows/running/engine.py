"""An engine: executions of graphs in this process, one thread for each, and what they share."""

import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

from msgspec.structs import replace

from everyrun.domain import events
from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError, LeaseLost
from everyrun.domain.graph import WorkflowDefinition, from_plain
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import SETTLED, Status
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.store import leases
from everyrun.store.database import Database, is_unavailable
from everyrun.store.history import (
    ExecutionHistory,
    children_of,
    read_execution,
    read_history,
    usual_durations,
)
from everyrun.store.journal import Journal
from everyrun.store.requests import Request
from everyrun.store.versions import register_nodes, version_by_id
from everyrun.tracking import recording
from everyrun.workflows.controlling import AlreadySettled, sentence
from everyrun.workflows.launching import Launched, LaunchRequest, Owner, launch, own_info
from everyrun.workflows.running.activities import Activity
from everyrun.workflows.running.equipment import ChildEnded, Equipment, OnEvents, child_request
from everyrun.workflows.running.event_loop import EventLoop
from everyrun.workflows.running.keeping import Keeper
from everyrun.workflows.running.names import first_names
from everyrun.workflows.running.outputs import from_record
from everyrun.workflows.running.past import Past
from everyrun.workflows.running.places import KIND
from everyrun.workflows.running.preparing import prepare
from everyrun.workflows.running.presence import Presence, is_surely_dead
from everyrun.workflows.running.run import Finished, Run
from everyrun.workflows.running.stopping import Stop
from everyrun.workflows.running.workers import Workers
from everyrun.workflows.settings import EngineSettings
from everyrun.workflows.templates import Templates

_log = logging.getLogger("everyrun.engine")


class Engine:
    """Runs graphs here. Usable from any thread; close it when done."""

    def __init__(
        self,
        database: Database,
        settings: EngineSettings | None = None,
        *,
        clock: Clock | None = None,
        on_events: OnEvents | None = None,
    ) -> None:
        self.id = new_id()
        self.settings = settings or EngineSettings.from_environment()
        self._database = database
        self._clock = clock or SystemClock()
        self._on_events = on_events
        self._host = os.uname().nodename
        self._home = recording.current().settings.home
        self._presence = Presence(self._home, self.id)
        self._info = events.RecorderInfo(
            **{**_plain(own_info(self._clock.now())), "id": self.id, "program": "everyrun engine"}
        )
        self._lock = Lock()
        self._runs: dict[str, Run] = {}
        self._stopping: Stop | None = None
        self._stopped = Event()
        self._inputs: dict[str, dict[str, Any]] = {}
        self._loop = EventLoop()
        self._keeper = Keeper(
            database,
            self.id,
            self._clock,
            poll_seconds=self.settings.poll_seconds,
            lease_seconds=self.settings.lease_seconds,
            held=self._held,
            on_request=self._take_request,
            on_paused=self._set_paused,
            on_gone=self._lose,
            on_broken=self._break,
        )

    @property
    def owner(self) -> Owner:
        """What launches an execution straight into this engine's hands."""
        return Owner(self.id, self._host, self.settings.lease_seconds)

    def launch(self, request: LaunchRequest) -> Launched:
        """Make an execution, held by this engine unless it has to wait for others."""
        launched = launch(self._database, request, clock=self._clock, owner=self.owner)
        if launched.status == Status.PENDING:
            self._inputs[launched.execution_id] = launched.inputs
        return launched

    def run(self, execution_id: str) -> Finished:
        """Run an execution to its end, or go on with one that was left; waits for its turn.

        Raises :class:`AlreadySettled`, and :class:`LeaseLost` when another engine has it by then.
        """
        while not self._take(execution_id):
            if self._stopping is not None:
                return Finished(execution_id, Status.PENDING)
            self._stopped.wait(self.settings.poll_seconds)
        return self._work(execution_id)

    def serve(
        self,
        stop: Event,
        *,
        at_once: int = 4,
        on_finished: Callable[[Finished], None] | None = None,
    ) -> None:
        """Take executions from the queue until ``stop`` is set, so many at once."""
        threads: list[Thread] = []
        while not stop.is_set():
            threads = [thread for thread in threads if thread.is_alive()]
            taken = self._take_next_if_there() if len(threads) < at_once else None
            if taken is None:
                stop.wait(self.settings.poll_seconds)
                continue
            thread = Thread(
                target=self._serve_one, args=(taken, on_finished), name=f"run {taken}", daemon=True
            )
            thread.start()
            threads.append(thread)
        for thread in threads:
            thread.join()

    def stop(self, execution_id: str, reason: str, *, kill: bool = False) -> None:
        """Have an execution that runs here end: cancelled."""
        self._send(execution_id, Stop(Status.CANCELLED, reason, kill=kill))

    def hand_over(self, drain: float = 10.0, *, kill: bool = False) -> None:
        """Start nothing more; what runs has ``drain`` seconds, the rest goes back to the queue.

        ``kill`` gives it none, also when it was given some before.
        """
        reason = f"engine {self.id} on {self._host} was stopped"
        self._stopping = Stop(
            Status.CANCELLED, reason, hands_over=True, drain=0.0 if kill else drain, kill=kill
        )
        self._stopped.set()
        for execution_id in list(self._runs):
            self._send(execution_id, self._stopping)

    def close(self) -> None:
        """Let go of everything that the engine keeps open. Nothing may run in it any more."""
        self._keeper.close()
        self._loop.close()
        self._presence.end()

    # Taking executions.

    def _take(self, execution_id: str) -> bool:
        now = self._clock.now()
        expires = now + int(self.settings.lease_seconds * 1e6)
        with self._database.reading() as connection:
            lease = leases.lease_of(connection, execution_id)
            if lease is None:
                execution = read_execution(connection, execution_id)
                raise AlreadySettled(f"execution {execution_id} is {execution.status} already")
        if lease.owner == self.id:
            return True
        dead = None
        if lease.owner is not None and is_surely_dead(
            self._home, lease.owner, lease.host, tidy=False
        ):
            dead = lease.owner
        return self._database.transact(
            lambda connection: leases.take_in_turn(
                connection, execution_id, self.id, self._host, now, expires, dead_owner=dead
            )
        )

    def _take_next_if_there(self) -> str | None:
        """The next one; None also while the ledger is away."""
        try:
            return self._take_next()
        except Exception as error:
            if not is_unavailable(error):
                raise
            return None

    def _take_next(self) -> str | None:
        now = self._clock.now()
        expires = now + int(self.settings.lease_seconds * 1e6)
        return self._database.transact(
            lambda connection: leases.take_next(connection, self.id, self._host, now, expires)
        )

    def _serve_one(self, execution_id: str, on_finished: Callable[[Finished], None] | None) -> None:
        try:
            finished = self._work(execution_id)
        except LeaseLost:
            return
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("execution %s is left, for the ledger is away: %s", execution_id, error)
            return
        if on_finished is not None:
            on_finished(finished)

    # Running one.

    def _work(self, execution_id: str) -> Finished:
        self._keeper.start()
        with self._database.reading() as connection:
            execution = read_execution(connection, execution_id)
        journal = Journal(self._database, execution_id, execution.workflow, self._info, self.id)
        workers = Workers(self.settings.workers, f"node of {execution_id[-6:]}")
        try:
            run = self._prepare(execution, journal, workers)
            with self._lock:
                self._runs[execution_id] = run
            self._keeper.hear(execution_id)
            if self._stopping is not None:
                self._send(execution_id, self._stopping)
            return run.work()
        except LeaseLost:
            raise
        except Exception as error:
            if is_unavailable(error):
                # The execution is not to blame: its lease runs out, and it goes on elsewhere.
                raise
            return self._fail(execution, journal, error)
        finally:
            with self._lock:
                self._runs.pop(execution_id, None)
            self._keeper.forget(execution_id)
            self._inputs.pop(execution_id, None)
            workers.close()
            journal.close()

    def _prepare(self, execution: ExecutionHistory, journal: Journal, workers: Workers) -> Run:
        if execution.started_at is None:
            execution = execution._replace(started_at=self._clock.now())
        with self._database.reading() as connection:
            version = version_by_id(connection, str(execution.version_id))
            history = []
            if execution.status != Status.PENDING or execution.origin_execution_id is not None:
                history = read_history(connection, execution.id)
            seconds = usual_durations(connection, execution.workflow_id)
        definition = edited(from_plain(version.definition), execution.metadata.get("edits"))
        templates = Templates()
        past = Past(history)
        self._record_what_was_lost(execution, past, journal)
        inputs = self._inputs.get(execution.id)
        if inputs is None:
            inputs, _gone = from_record("inputs", execution.input)
            inputs = execution.input if inputs is None else inputs
        capturer = recording.current().capturer
        equipment = Equipment(
            owner=self.id,
            execution=execution,
            definition=definition,
            inputs=inputs,
            database=self._database,
            journal=journal,
            settings=self.settings,
            clock=self._clock,
            capturer=capturer if isinstance(capturer, Capturer) else Capturer(),
            templates=templates,
            names=first_names(definition, execution, inputs, templates),
            event_loop=self._loop,
            workers=workers,
            first_number=past.last_order + 1,
            on_events=self._on_events,
            start_child=self._begin_child,
            end_child=self._end_child,
        )
        graph = prepare(definition.nodes, templates, seconds)
        types, now = graph.types(), self._clock.now()
        self._database.transact(
            lambda connection: register_nodes(connection, execution.workflow_id, types, now)
        )
        return Run(equipment, definition, graph, past)

    def _record_what_was_lost(
        self, execution: ExecutionHistory, past: Past, journal: Journal
    ) -> None:
        """An execution that another engine left: what it was doing is lost, with the evidence."""
        if execution.status == Status.PENDING:
            return
        now = self._clock.now()
        identity: dict[str, Any] = {
            "execution_id": execution.id,
            "workflow": execution.workflow,
            "kind": KIND,
        }
        reason = f"engine {self.id} on {self._host} took it over from one that is gone"
        told: list[events.AnyEvent] = []
        if execution.status != Status.LOST:
            told.append(events.ExecutionLost(**identity, at=now, reason=reason))
        told += [
            events.NodeLost(
                **identity,
                at=now,
                node=row.key,
                node_execution_id=row.id,
                attempt=row.attempt,
                iteration=row.iteration,
                parent_node_execution_id=row.parent_node_execution_id,
                reason=reason,
            )
            for row in past.running()
        ]
        if told:
            journal.commit(told, now)

    def _fail(self, execution: ExecutionHistory, journal: Journal, error: Exception) -> Finished:
        """What cannot begin, or go on for a fault of the engine's own, settles as failed."""
        now = self._clock.now()
        told_error = recording.current().capturer.error(error)
        told: list[events.AnyEvent] = [
            events.ExecutionFinished(
                execution_id=execution.id,
                workflow=execution.workflow,
                kind=KIND,
                at=now,
                status=Status.FAILED,
                error_type=type(error).__name__,
                error_message=str(error),
                error_traceback=None if isinstance(error, EveryrunError) else told_error.traceback,
            )
        ]
        journal.commit(told, now, release=True)
        if self._on_events is not None:
            self._on_events(told)
        return Finished(execution.id, Status.FAILED, None, str(error))

    # Executions of other workflows, run for a node.

    def _begin_child(self, activity: Activity, node: SubWorkflow, ended: ChildEnded) -> str:
        child = self._child_on_record(activity)
        if child is None:
            launched = self.launch(child_request(activity, node))
            child = launched.execution_id
        thread = Thread(
            target=self._work_on_child, args=(child, activity, ended), name=child, daemon=True
        )
        thread.start()
        return child

    def _child_on_record(self, activity: Activity) -> str | None:
        """The last execution that was begun for this attempt's node, where it has not failed."""
        if not activity.resumed:
            return None
        with self._database.reading() as connection:
            for child in reversed(children_of(connection, activity.execution_id)):
                found = read_execution(connection, child)
                if found.parent_node_execution_id == activity.id:
                    failed = found.status in SETTLED and found.status != Status.COMPLETED
                    return None if failed else child
        return None

    def _work_on_child(self, child: str, activity: Activity, ended: ChildEnded) -> None:
        try:
            finished = self.run(child)
        except AlreadySettled:
            with self._database.reading() as connection:
                found = read_execution(connection, child)
            output, gone = from_record(child, found.output)
            finished = Finished(child, found.status, output, gone or found.error_message)
        except EveryrunError as error:
            finished = Finished(child, Status.LOST, None, str(error))
        ended(activity, finished)

    def _end_child(self, execution_id: str, kill: bool) -> None:
        self.stop(execution_id, "its parent was stopped", kill=kill)

    # What the keeper hears.

    def _held(self) -> list[str]:
        with self._lock:
            return list(self._runs)

    def _take_request(self, request: Request) -> None:
        if request.action in {"cancel", "kill"}:
            reason = request.data.get("reason") if isinstance(request.data, dict) else None
            self.stop(
                request.execution_id, sentence(request.by, reason), kill=request.action == "kill"
            )
            return
        run = self._runs.get(request.execution_id)
        if run is not None and request.action in {"answer", "signal"}:
            run.send(lambda: run.hear(request))

    def _set_paused(self, execution_id: str, paused: bool) -> None:
        run = self._runs.get(execution_id)
        if run is not None and run.paused != paused:
            run.send(lambda: run.set_paused(paused))

    def _lose(self, execution_id: str) -> None:
        run = self._runs.get(execution_id)
        if run is not None:
            run.send(run.lose)

    def _break(self, error: Exception) -> None:
        """The keeper cannot go on: nothing would hear a cancel, or keep the leases."""
        reason = f"the engine cannot go on: {type(error).__name__}: {error}"
        for execution_id in self._held():
            self._send(execution_id, Stop(Status.FAILED, reason, type(error).__name__))

    def _send(self, execution_id: str, stop: Stop) -> None:
        run = self._runs.get(execution_id)
        if run is not None:
            run.send(lambda: run.stop_all(stop))


def edited(definition: WorkflowDefinition, edits: Any) -> WorkflowDefinition:
    """A definition with the parameters that a rerun changed: {node: {parameter: value}}."""
    if not isinstance(edits, dict) or not edits:
        return definition
    nodes = dict(definition.nodes)
    for key, parameters in edits.items():
        if key in nodes:
            changed = {**nodes[key].parameters, **parameters}
            nodes[key] = replace(nodes[key], parameters=changed)
    return replace(definition, nodes=nodes)


def _plain(info: events.RecorderInfo) -> dict[str, Any]:
    return {name: getattr(info, name) for name in info.__struct_fields__}
