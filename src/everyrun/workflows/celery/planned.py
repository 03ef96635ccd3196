"""One execution in one pass: what the local engine's run decides, with the nodes run elsewhere.

It is made from the record each time, inside a transaction that has the execution's lease locked.
What it decides is gathered (``told``, ``changed``, ``children``) and written by ``passes``.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from everyrun.domain import events
from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import WorkflowDefinition
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.store.claims import Claim
from everyrun.store.requests import Request
from everyrun.workflows.celery.claiming import Claiming, Elsewhere, Queues
from everyrun.workflows.controlling import sentence
from everyrun.workflows.planning import Outcome
from everyrun.workflows.running.activities import Activity, Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.outputs import Result, from_record
from everyrun.workflows.running.past import Past
from everyrun.workflows.running.preparing import PreparedGraph
from everyrun.workflows.running.run import Finished, Run
from everyrun.workflows.running.scopes import Scope
from everyrun.workflows.running.stopping import Stop, settle_stopped_loops
from everyrun.workflows.running.timers import Timer

if TYPE_CHECKING:
    from everyrun.workflows.celery.equipment import PassEquipment
    from everyrun.workflows.running.surroundings import Surroundings


class PlannedRun(Run):
    """An execution that is looked at, moved as far as it goes now, and let go."""

    starting: Claiming

    def __init__(
        self,
        equipment: "PassEquipment",
        definition: WorkflowDefinition,
        graph: PreparedGraph,
        past: Past,
        *,
        claims: Mapping[str, Claim],
        priority: int,
        queues: Queues,
    ) -> None:
        self.claims = claims
        self.changed: dict[str, Claim | None] = {}
        """Claims that are made or changed in this pass; None for those that are over."""
        self.told: list[events.AnyEvent] = []
        self.priority = priority
        self.settles = False
        """Whether the execution settles in this pass."""
        self._queues = queues
        super().__init__(equipment, definition, graph, past)

    def _make_starting(self, surroundings: "Surroundings") -> Claiming:
        return Claiming(self, surroundings, self._queues)

    # A pass.

    def restore(self, requests: Iterable[Request], *, paused: bool) -> None:
        """Be as the record says: what is under way, what was asked, what is too late."""
        self.paused = paused
        self._begin()
        self._receive_what_is_there()
        self.timers.run_due()
        for request in requests:
            if request.action in {"cancel", "kill"}:
                reason = request.data.get("reason") if isinstance(request.data, dict) else None
                kill = request.action == "kill"
                stop = Stop(Status.CANCELLED, sentence(request.by, reason), kill=kill)
                self.stop_all(stop)

    def advance(self) -> Finished | None:
        """Do all that can be done now. Answers how the execution settled, None if it did not."""
        while True:
            self.timers.run_due()
            self._receive_what_is_there()
            self._stop_those_asked()
            settle_stopped_loops(self)
            if self._is_over():
                return self._finish()
            if self.stop is None and not self.paused:
                self.starting.start_what_can()
            self._commit()
            self._act()
            if not self._is_over() and not self._has_more() and self.inbox.empty():
                return None

    def tell(self, event: events.AnyEvent) -> None:
        """Have something be on record with what else is decided."""
        self._events.append(event)

    def fail(self, activity: Activity, problem: EveryrunError) -> None:
        """A node execution cannot go on."""
        self.end(activity, Failure(CapturedError(type(problem).__name__, str(problem), "")))

    def lose_node(self, id_: str, evidence: str) -> None:
        """Whoever ran a node is gone: that is told, and the node is claimed again."""
        activity = self.in_flight.get(id_)
        claim = self.claims.get(id_)
        if activity is None or claim is None or claim.owner is None:
            return
        now = self.equipment.clock.now()
        self.tell(self.telling.lost(activity, now, evidence))
        if activity.ending is not None:
            self.end(activity, activity.ending.failure)
            return
        activity.attempt += 1
        self.starting.claim(activity, available_at=now, started=True)

    def go_on_with_structure(self, activity: Activity) -> None:
        """A loop, or a child execution, that was under way before this pass is under way in it."""
        timeout = activity.prepared.definition.timeout
        if timeout is not None:
            passed = (self.equipment.clock.now() - activity.started_at) / 1e6
            self._timeouts[activity.id] = self.timers.after(
                max(0.0, timeout - passed), lambda: self._give_up(activity)
            )
        self._set_to_work(activity)

    def next_look(self) -> float | None:
        """Seconds until there is something to do without news; None for never."""
        return self.timers.until_next()

    # What is other than in the local engine.

    def _tell_begun(self, now: int) -> None:
        if self.equipment.execution.status in (Status.PENDING, Status.LOST):
            super()._tell_begun(now)

    def _commit(self, *, release: bool = False) -> None:
        gathered, self._events = self._events, []
        self.told += gathered
        self.settles = self.settles or release

    def _let_go(self, activity: Activity) -> None:
        super()._let_go(activity)
        if activity.id in self.claims or activity.id in self.changed:
            self.changed[activity.id] = None

    def _rest(self, activity: Activity, delay: float) -> None:
        if activity.prepared.is_structure:
            super()._rest(activity, delay)
            return
        available_at = self.equipment.clock.now() + round(delay * 1e6)
        self.starting.keep_slot(activity)
        self.starting.resting[activity.scope, activity.key] = activity
        self.starting.claim(activity, available_at=available_at, started=True)

    def _settle(self, activity: Activity, status: Status, end: Returned | Failure) -> None:
        if isinstance(end, Returned):
            output, gone = from_record(activity.prepared.key, end.plain)
            result = Result(status, output, end.branch, gone=gone)
        else:
            result = Result(status, error_message=end.error.message)
        activity.scope.results[activity.key] = result
        steps = activity.scope.plan.settle(activity.key, Outcome(status, result.branch))
        self._follow(activity.scope, steps)
        self._tell_progress(activity.scope)

    def _tell_progress(self, scope: Scope) -> None:
        """Of the loops around a node that settled: how far they are now."""
        while scope.loop is not None and scope.outer is not None:
            around = scope.loop.activity
            if isinstance(around, Elsewhere) and around.reached and around.id in self.in_flight:
                current, total, message = around.reached
                around.reached = None
                self.tell(
                    events.NodeProgressed(
                        execution_id=around.execution_id,
                        workflow=around.workflow,
                        kind=self.equipment.execution.kind,
                        at=self.equipment.clock.now(),
                        node=around.node,
                        node_execution_id=around.id,
                        attempt=around.attempt,
                        iteration=around.scope.label,
                        current=current,
                        total=total,
                        message=message,
                    )
                )
            scope = scope.outer

    def _stop_those_asked(self) -> None:
        """Those told to stop: who waits ends here, who runs elsewhere is asked to end."""
        for activity in list(self.in_flight.values()):
            if activity.ending is None or not isinstance(activity, Elsewhere):
                continue
            claim = self.changed.get(activity.id) or activity.claim
            if claim is None:
                continue
            if claim.owner is None:
                self.end(activity, activity.ending.failure)
                continue
            asked = "kill" if activity.killing else "cancel"
            if claim.stop != asked:
                self.changed[activity.id] = claim._replace(stop=asked)


__all__ = ["Finished", "PlannedRun", "Timer"]
