"""Which nodes are claimed for workers now; and those that were claimed or begun before."""

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

from everyrun.domain import events
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import Status
from everyrun.store.claims import Claim
from everyrun.store.history import NodeHistory
from everyrun.workflows.running.activities import Activity
from everyrun.workflows.running.outputs import own_copy
from everyrun.workflows.running.places import KIND
from everyrun.workflows.running.preparing import Prepared
from everyrun.workflows.running.retrying import delay_before
from everyrun.workflows.running.scopes import Scope
from everyrun.workflows.running.starting import Starting

if TYPE_CHECKING:
    from everyrun.workflows.celery.planned import PlannedRun
    from everyrun.workflows.running.surroundings import Surroundings


class Queues:
    """The queue of each node: its own, its type's, or the one of all others."""

    def __init__(self, usual: str, by_type: Mapping[str, str]) -> None:
        self._usual = usual
        self._by_type = by_type

    def of(self, prepared: Prepared) -> str | None:
        """None for a node that mostly waits: it is never sent, and takes nobody's place."""
        if prepared.node_type.waiting or prepared.node_type.quick:
            return None
        definition = prepared.definition
        return definition.queue or self._by_type.get(definition.type, self._usual)


class Elsewhere(Activity):
    """A node execution as whoever plans sees it: it runs elsewhere, or is a loop, or is quick."""

    claim: Claim | None = None
    restored = False
    """Whether it was under way before this pass."""
    reached: tuple[float, float | None, str | None] | None = None

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        self.reached = (current, total, message)

    def stop(self, *, kill: bool = False) -> None:
        self.place.to_stop = True
        self.killing = self.killing or kill


class Claiming(Starting):
    """The nodes of an execution that have not settled, in one pass over it."""

    def __init__(self, run: "PlannedRun", surroundings: "Surroundings", queues: Queues) -> None:
        super().__init__(run, surroundings)
        self._planned = run
        self._queues = queues

    def add(self, scope: Scope, key: str) -> None:
        if (scope, key) in self.resting:
            super().add(scope, key)
            return
        prepared = scope.graph.nodes[key]
        before = self._planned.past.unsettled(prepared.key, scope.label)
        claim = None if before is None else self._planned.claims.get(before.id)
        if before is not None and claim is not None:
            self._restore(scope, key, before, claim)
        elif before is not None and prepared.is_structure and before.status in _UNDER_WAY:
            self._restore_structure(scope, key, before)
        else:
            super().add(scope, key)

    def claim(self, activity: Activity, *, available_at: int, started: bool) -> None:
        """Have a node be run: on record in this pass's commit, sent after it."""
        definition = activity.prepared.definition
        queue = self._queues.of(activity.prepared)
        self._planned.changed[activity.id] = Claim(
            execution_id=activity.execution_id,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            queue=queue,
            priority=self._planned.priority,
            available_at=available_at,
            send_at=None if queue is None else available_at,
        )
        if not started:
            self._planned.tell(
                events.NodeCreated(
                    execution_id=activity.execution_id,
                    workflow=activity.workflow,
                    kind=KIND,
                    at=available_at,
                    node=activity.prepared.key,
                    node_execution_id=activity.id,
                    attempt=activity.attempt,
                    node_type=definition.type,
                    order=activity.order,
                    iteration=activity.scope.label,
                    parent_node_execution_id=activity.scope.parent_id,
                )
            )

    def keep_slot(self, activity: Activity) -> None:
        """Its next attempt keeps the place under its key that it had."""
        limit = activity.prepared.definition.concurrency
        if limit is not None:
            key = activity.prepared.text(limit.key, activity.scope.names)
            if self._equipment.claim_slot(key, limit.limit, activity.id):
                activity.slot = key

    def _make(self, scope: Scope, key: str, id_: str, order: int) -> Activity:
        return Elsewhere(scope, key, scope.graph.nodes[key], id_, order, self._surroundings)

    def _start(self, scope: Scope, key: str) -> None:
        prepared = scope.graph.nodes[key]
        if prepared.is_structure or prepared.node_type.quick:
            super()._start(scope, key)
            return
        activity = self._activity(scope, key)
        now = self._equipment.clock.now()
        activity.begin(now)
        try:
            if not self._has_slot(activity):
                return
        except EveryrunError as problem:
            self._fail_unstarted(activity, problem)
            return
        self._take_place(activity)
        activity.started_at = 0
        self.claim(activity, available_at=now, started=activity.resumed)

    def _take_place(self, activity: Activity) -> None:
        self._running[activity.prepared.lane] += 1
        self._planned.in_flight[activity.id] = activity

    def _resumed(self, scope: Scope, key: str, before: NodeHistory) -> Elsewhere:
        prepared = scope.graph.nodes[key]
        order = before.order or self.next_order()
        activity = Elsewhere(scope, key, prepared, before.id, order, self._surroundings)
        activity.resumed = activity.restored = True
        activity.attempt = before.attempt
        activity.first_started_at = before.started_at or 0
        return activity

    def _restore(self, scope: Scope, key: str, before: NodeHistory, claim: Claim) -> None:
        """A node that was claimed before: it waits for a worker, or one runs it."""
        activity = self._resumed(scope, key, before)
        activity.claim, activity.attempt = claim, claim.attempt
        activity.begin(self._equipment.clock.now())
        activity.started_at, activity.first_started_at = 0, before.started_at or 0
        limit = activity.prepared.definition.concurrency
        if limit is not None:
            activity.slot = activity.prepared.text(limit.key, scope.names)
        self._take_place(activity)

    def _restore_structure(self, scope: Scope, key: str, before: NodeHistory) -> None:
        """A loop, or a child execution, that is under way."""
        activity = self._resumed(scope, key, before)
        if before.status == Status.RETRYING:
            activity.attempt += 1
            activity.restored = False
            self.rest(activity)
            left = self._delay_left(activity, before)
            self._planned.timers.after(left, lambda: self.make_ready(activity))
            return
        activity.begin(before.started_at or self._equipment.clock.now())
        self._take_place(activity)
        # Later, not here: whoever adds it is in the middle of its own graph.
        self._planned.send(lambda: self._go_on(activity))

    def _delay_left(self, activity: Activity, before: NodeHistory) -> float:
        retry = activity.prepared.definition.retry
        draw = random.Random(f"{activity.id} {before.attempt}")  # noqa: S311 - for jitter
        ended = before.ended_at or 0
        passed = (self._equipment.clock.now() - ended) / 1e6
        return max(0.0, delay_before(retry, before.attempt, draw) - passed)

    def _go_on(self, activity: Activity) -> None:
        try:
            parameters = activity.prepared.parameters(activity.scope.names)
            if not activity.prepared.is_fixed:
                parameters = own_copy(parameters)
            activity.type = activity.prepared.node(parameters)
        except EveryrunError as problem:
            self._planned.fail(activity, problem)
            return
        self._planned.go_on_with_structure(activity)


_UNDER_WAY = frozenset({Status.RUNNING, Status.RETRYING})
