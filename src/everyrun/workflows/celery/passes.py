"""Passes over executions: locked, read, planned, committed in one transaction, then sent."""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError, LeaseLost
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import SETTLED, Status
from everyrun.domain.version import VERSION
from everyrun.store import claims, leases
from everyrun.store.append import append
from everyrun.store.claims import Claim
from everyrun.store.database import Database, RaceLost, is_unavailable
from everyrun.store.history import ExecutionHistory, read_execution, read_history
from everyrun.store.journal import Journal
from everyrun.store.requests import requests_after
from everyrun.tracking import recording
from everyrun.workflows.celery import shortcuts
from everyrun.workflows.celery.application import BrokerUnavailable
from everyrun.workflows.celery.claiming import Queues
from everyrun.workflows.celery.equipment import PassEquipment
from everyrun.workflows.celery.graphs import Graph, Graphs
from everyrun.workflows.celery.histories import Histories
from everyrun.workflows.celery.planned import PlannedRun
from everyrun.workflows.celery.sending import Sending
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.celery.taking import Taken, Taker, hand_in, take
from everyrun.workflows.launching import make_room
from everyrun.workflows.running.activities import Ending, Returned
from everyrun.workflows.running.event_loop import EventLoop
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.names import first_names
from everyrun.workflows.running.outputs import from_record
from everyrun.workflows.running.past import Past
from everyrun.workflows.running.places import KIND
from everyrun.workflows.running.preparing import CannotRun
from everyrun.workflows.running.run import Finished
from everyrun.workflows.running.workers import Workers
from everyrun.workflows.settings import EngineSettings

_log = logging.getLogger("everyrun.workers")

CHILD_LOOK_SECONDS = 2.0
"""Between two looks at a child execution that somebody else may run."""
MOST_DOUBLINGS = 4

Done = TypeVar("Done")


class _Pass(NamedTuple):
    """What came of one pass. ``told`` is anything that its first step answered."""

    told: Any
    finished: Finished | None
    to_send: list[Claim]


class Passes:
    """Makes passes for one process; usable from any thread."""

    def __init__(
        self,
        database: Database,
        sender: Sending,
        settings: CelerySettings,
        engine_settings: EngineSettings,
        *,
        clock: Clock | None = None,
        program: str = "everyrun worker",
    ) -> None:
        self.id = new_id()
        self.host = os.uname().nodename
        self.database = database
        self.clock = clock or SystemClock()
        self.settings = settings
        self.engine_settings = engine_settings
        self.event_loop = EventLoop()
        self._sender = sender
        self._queues = Queues(settings.queue, settings.by_type())
        self.graphs = Graphs()
        self._histories = Histories()
        self._workers = Workers(1, "unused")
        self.info = events.RecorderInfo(
            id=self.id,
            host=self.host,
            pid=os.getpid(),
            started_at=self.clock.now(),
            program=program,
            everyrun_version=VERSION,
        )

    def advance(self, execution_id: str, *, if_due: bool = False) -> Finished | None:
        """Move an execution as far as it goes; how it settled, None if it did not.

        ``if_due`` leaves one alone that somebody has looked at meanwhile.
        """
        return self._make(execution_id, lambda run: None, if_due=if_due).finished

    def take(
        self, execution_id: str, node_execution_id: str, attempt: int, taker: Taker
    ) -> Taken | None:
        """Begin a claimed attempt; None when it is not there to be taken."""
        if not shortcuts.is_to_take(self, execution_id, node_execution_id, attempt):
            return None
        straight = shortcuts.take(self, execution_id, node_execution_id, attempt, taker)
        if straight is not None:
            return straight
        told = self._make(
            execution_id, lambda run: take(run, node_execution_id, attempt, taker)
        ).told
        return told if isinstance(told, Taken) else None

    def hand_in(self, taken: Taken, end: Returned | Failure, ending: Ending | None) -> None:
        """Put the end of an attempt on record, and what follows. Raises :class:`LeaseLost`."""
        is_plain = ending is None and taken.activity.ending is None
        if is_plain and shortcuts.hand_in(self, taken, end):
            return
        done = self._make(taken.activity.execution_id, lambda run: hand_in(run, taken, end, ending))
        if done.told is _GONE:
            raise LeaseLost

    def lose(self, claim: Claim, evidence: str, *, is_dead: bool) -> None:
        """Whoever ran this is gone: tell that, and have it run again."""

        def first(run: PlannedRun) -> None:
            now_claimed = run.claims.get(claim.node_execution_id)
            if now_claimed is None or now_claimed.owner != claim.owner:
                return
            expired = (now_claimed.expires_at or 0) <= self.clock.now()
            if expired or is_dead:
                run.lose_node(claim.node_execution_id, evidence)

        self._make(claim.execution_id, first)

    def send(self, found: list[Claim]) -> int:
        """Send what is due to be sent; answers how many. What others have sent is left out."""
        now = self.clock.now()

        def note(connection: Connection) -> list[Claim]:
            return [
                claim
                for claim in found
                if claims.note_sent(connection, claim, self._next_send(claim, now))
            ]

        noted = self.database.transact(note)
        self._publish(noted)
        return len(noted)

    def close(self) -> None:
        """Let go of what is kept open."""
        self.event_loop.close()
        self._sender.close()

    # One pass.

    def _make(
        self, execution_id: str, first: Callable[[PlannedRun], object], *, if_due: bool = False
    ) -> _Pass:
        make_room(self.database, new_id())  # children may be made in the pass
        try:
            done = self.database.transact(
                lambda connection: self._within(connection, execution_id, first, if_due=if_due)
            )
        except LeaseLost:
            return _Pass(_GONE, None, [])
        except Exception as error:
            if is_unavailable(error) or isinstance(error, RaceLost):
                raise
            _log.warning("execution %s cannot go on", execution_id, exc_info=error)
            return _Pass(_GONE, self._settle_as_failed(execution_id, error), [])
        self._publish(done.to_send)
        return done

    def _within(
        self,
        connection: Connection,
        execution_id: str,
        first: Callable[[PlannedRun], object],
        *,
        if_due: bool,
    ) -> _Pass:
        lease = leases.lease_of(connection, execution_id, lock=True)
        if lease is None or lease.owner != leases.WORKERS:
            raise LeaseLost
        if if_due and lease.available_at > self.clock.now():
            return _Pass(None, None, [])
        run, equipment = self._run(connection, execution_id, lease)
        run.restore(requests_after(connection, execution_id), paused=lease.paused_at is not None)
        told = first(run)
        finished = run.advance()
        to_send = self._write(connection, run, equipment)
        return _Pass(told, finished, to_send)

    def _run(
        self, connection: Connection, execution_id: str, lease: leases.Lease
    ) -> tuple[PlannedRun, PassEquipment]:
        now = self.clock.now()
        execution = read_execution(connection, execution_id)
        if execution.started_at is None:
            execution = execution._replace(started_at=now)
        graph = self.graphs.of(connection, execution, now)
        inputs, gone = from_record("inputs", execution.input)
        if gone is not None:
            raise CannotRun(
                "an input is hidden, cut or an object on record, where workers read it: "
                "pass such a value as a secret's name or a file, or run without --executor celery"
            )
        history = []
        if execution.status != Status.PENDING or execution.origin_execution_id is not None:
            history = self._histories.read(connection, execution_id)
        past = Past(history)
        names = first_names(graph.definition, execution, inputs, graph.templates)
        equipment = self.equipment(connection, execution, graph, inputs, names, past.last_order + 1)
        run = PlannedRun(
            equipment,
            graph.definition,
            graph.prepared,
            past,
            claims=claims.claims_of(connection, execution_id),
            priority=lease.priority,
            queues=self._queues,
        )
        return run, equipment

    def equipment(
        self,
        connection: Connection,
        execution: ExecutionHistory,
        graph: Graph,
        inputs: Any,
        names: Mapping[str, Any],
        first_number: int,
    ) -> PassEquipment:
        """What a pass within a transaction works with."""
        capturer = recording.current().capturer
        return PassEquipment(
            owner=leases.WORKERS,
            execution=execution,
            definition=graph.definition,
            inputs=inputs,
            database=self.database,
            journal=Journal(
                self.database, execution.id, execution.workflow, self.info, leases.WORKERS
            ),
            settings=self.engine_settings,
            clock=self.clock,
            capturer=capturer if isinstance(capturer, Capturer) else Capturer(),
            templates=graph.templates,
            names=names,
            event_loop=self.event_loop,
            workers=self._workers,
            first_number=first_number,
            on_events=None,
            start_child=_no_child,
            end_child=_no_end,
            connection=connection,
        )

    def _write(
        self, connection: Connection, run: PlannedRun, equipment: PassEquipment
    ) -> list[Claim]:
        """Put on record what a pass decided; answers what is to be sent now."""
        now, execution = self.clock.now(), equipment.execution
        if run.told:
            batch = events.Batch(version=events.WIRE_VERSION, recorder=self.info, events=run.told)
            append(connection, batch, now)
        if run.settles:
            self._release(connection, execution, now)
            return []
        to_send = []
        if not run.paused:
            for id_, claim in run.changed.items():
                if claim is not None and claim.send_at is not None and claim.owner is None:
                    to_send.append(claim)
                    sent = self._next_send(claim, now)
                    run.changed[id_] = claim._replace(send_at=sent, sends=1)
        claims.save_claims(connection, execution.id, run.changed)
        seconds = run.next_look()
        if equipment.waits_for_children:
            seconds = min(CHILD_LOOK_SECONDS, CHILD_LOOK_SECONDS if seconds is None else seconds)
        look_at = leases.NEVER if seconds is None else now + round(seconds * 1e6)
        leases.sleep_until(connection, execution.id, look_at)
        return to_send

    def _release(self, connection: Connection, execution: ExecutionHistory, now: int) -> None:
        self._histories.forget(execution.id)
        claims.drop_claims(connection, execution.id)
        leases.release(connection, execution.id, leases.WORKERS)
        if execution.parent_execution_id is not None:
            leases.wake(connection, execution.parent_execution_id, now)

    def _settle_as_failed(self, execution_id: str, error: Exception) -> Finished | None:
        return self.database.transact(
            lambda connection: self._fail(connection, execution_id, error)
        )

    def _fail(self, connection: Connection, execution_id: str, error: Exception) -> Finished | None:
        """What cannot begin, or go on for a fault of our own, settles as failed."""
        lease = leases.lease_of(connection, execution_id, lock=True)
        if lease is None or lease.owner != leases.WORKERS:
            return None
        now = self.clock.now()
        execution = read_execution(connection, execution_id)
        identity: dict[str, Any] = {
            "execution_id": execution_id,
            "workflow": execution.workflow,
            "kind": KIND,
            "at": now,
        }
        told: list[events.AnyEvent] = [
            events.NodeFinished(
                **identity,
                node=row.key,
                node_execution_id=row.id,
                attempt=row.attempt,
                status=Status.CANCELLED,
                error_message="the execution cannot go on",
            )
            for row in read_history(connection, execution_id)
            if row.status not in SETTLED
        ]
        trace = None
        if not isinstance(error, EveryrunError):
            trace = recording.current().capturer.error(error).traceback
        told.append(
            events.ExecutionFinished(
                **identity,
                status=Status.FAILED,
                error_type=type(error).__name__,
                error_message=str(error),
                error_traceback=trace,
            )
        )
        batch = events.Batch(version=events.WIRE_VERSION, recorder=self.info, events=told)
        append(connection, batch, now)
        self._release(connection, execution, now)
        return Finished(execution_id, Status.FAILED, None, str(error))

    # What is sent.

    def _next_send(self, claim: Claim, now: int) -> int:
        """When to send again what is not begun by then: each time twice as late."""
        wait = self.settings.resend_seconds * float(1 << min(claim.sends, MOST_DOUBLINGS))
        return max(now, claim.available_at) + round(wait * 1e6)

    def _publish(self, to_send: list[Claim]) -> None:
        if not to_send:
            return
        try:
            self._sender.send(to_send, self.clock.now())
        except BrokerUnavailable as error:
            _log.warning("%d nodes are sent later: %s", len(to_send), error)


_GONE = object()


def _no_child(*_: object) -> str:
    raise AssertionError("children are begun within the pass")


def _no_end(*_: object) -> None:
    raise AssertionError("children are stopped within the pass")
