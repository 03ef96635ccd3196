"""Which nodes start now: lanes and their limits, concurrency keys, and what the node is given."""

from typing import TYPE_CHECKING, Any

from everyrun.domain.errors import EveryrunError
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.workflows.running.activities import Activity
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.key_turns import KeyTurns
from everyrun.workflows.running.outputs import own_copy
from everyrun.workflows.running.preparing import Lane, Prepared
from everyrun.workflows.running.ready import Ready
from everyrun.workflows.running.scopes import Scope

if TYPE_CHECKING:
    from everyrun.workflows.running.run import Run
    from everyrun.workflows.running.surroundings import Surroundings


class Starting:
    """The nodes of a run that have not begun, and the places that they can take."""

    def __init__(self, run: "Run", surroundings: "Surroundings") -> None:
        self.resting: dict[tuple[Scope, str], Activity] = {}
        """Those that wait: for their next attempt, or for a place under a key."""
        self.news = False
        """Whether something became ready since the last look."""
        self._run = run
        self._equipment = run.equipment
        self._surroundings = surroundings
        self._ready = Ready()
        self._keys = KeyTurns(run.timers, run.equipment.claim_slot, self.make_ready)
        self._running = dict.fromkeys(Lane, 0)
        self._begun: list[Activity] = []
        self._order = run.past.last_order

    def next_order(self) -> int:
        """Where the next node execution stands among those of the execution."""
        self._order += 1
        return self._order

    def add(self, scope: Scope, key: str) -> None:
        """A node may start."""
        self._ready.add(scope, key, scope.graph.nodes[key])
        self.news = True

    def rest(self, activity: Activity) -> None:
        """It will start once more, when :meth:`make_ready` says so."""
        self.resting[activity.scope, activity.key] = activity

    def make_ready(self, activity: Activity) -> None:
        """One that rested may start."""
        if (activity.scope, activity.key) in self.resting:
            self.add(activity.scope, activity.key)

    def start_what_can(self) -> None:
        """Begin as many nodes as there are places for: on record, not yet in fact."""
        self.news = False
        limits, running = self._equipment.limits, self._running
        while (entry := self._ready.next_of(Lane.FREE)) is not None:
            self._start(*entry)
        for lane in (Lane.THREAD, Lane.TASK):
            while (
                running[lane] < limits.of(lane)
                and running[Lane.THREAD] + running[Lane.TASK] < limits.together
            ):
                entry = self._ready.next_of(lane)
                if entry is None:
                    break
                self._start(*entry)

    def take_begun(self) -> list[Activity]:
        """Those that were begun since this was last asked."""
        begun, self._begun = self._begun, []
        return begun

    def leave(self, activity: Activity) -> None:
        """An activity has ended: its places are free."""
        self._running[activity.prepared.lane] -= 1
        if activity.slot is not None:
            key, activity.slot = activity.slot, None
            self._equipment.free_slot(key, activity.id)
            self._keys.freed(key)

    def _start(self, scope: Scope, key: str) -> None:
        activity = self._activity(scope, key)
        prepared = activity.prepared
        try:
            parameters = prepared.parameters(scope.names)
            if not prepared.is_fixed:
                parameters = own_copy(parameters)
            self._equipment.allow(prepared.definition.type)
            activity.type = prepared.node(parameters)
            if not self._has_slot(activity):
                return
        except EveryrunError as problem:
            self._fail_unstarted(activity, problem)
            return
        self._begin(activity, self._input_of(prepared, parameters))
        self._begun.append(activity)

    def _activity(self, scope: Scope, key: str) -> Activity:
        resting = self.resting.pop((scope, key), None)
        if resting is not None:
            return resting
        prepared = scope.graph.nodes[key]
        before = self._run.past.unsettled(prepared.key, scope.label)
        if before is None:
            return self._make(scope, key, new_id(), self.next_order())
        activity = self._make(scope, key, before.id, before.order or self.next_order())
        activity.first_started_at = before.started_at or 0
        activity.resumed = True
        activity.attempt = before.attempt
        if before.status != Status.PENDING and not prepared.is_structure:
            activity.attempt += 1
        return activity

    def _make(self, scope: Scope, key: str, id_: str, order: int) -> Activity:
        return Activity(scope, key, scope.graph.nodes[key], id_, order, self._surroundings)

    def _has_slot(self, activity: Activity) -> bool:
        """Whether it may run under its concurrency key; else it rests until it is its turn."""
        limit = activity.prepared.definition.concurrency
        if limit is None:
            return True
        key = activity.prepared.text(limit.key, activity.scope.names)
        if self._keys.claim(activity, key, limit.limit):
            return True
        self.rest(activity)
        return False

    def _input_of(self, prepared: Prepared, parameters: dict[str, Any]) -> Any:
        if not parameters:
            return None
        if prepared.is_fixed and prepared.fixed_input is not None:
            return prepared.fixed_input
        plain = self._equipment.capturer.plain(parameters)
        if prepared.is_fixed:
            prepared.fixed_input = plain
        return plain

    def _begin(self, activity: Activity, plain_input: Any) -> None:
        activity.begin(self._equipment.clock.now())
        self._running[activity.prepared.lane] += 1
        self._run.begun(activity, plain_input)

    def _fail_unstarted(self, activity: Activity, problem: EveryrunError) -> None:
        """What could not even begin is on record as an attempt that failed."""
        self._begin(activity, None)
        error = CapturedError(type(problem).__name__, str(problem), "")
        self._run.end(activity, Failure(error))
