"""Taking a claimed node to run it here, and handing in how its attempt ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from everyrun.domain.errors import EveryrunError, LeaseLost
from everyrun.domain.events import AnyEvent
from everyrun.domain.payloads import CapturedError
from everyrun.store.claims import Claim
from everyrun.store.history import NodeHistory
from everyrun.workflows.celery.planned import PlannedRun
from everyrun.workflows.running.activities import Activity, Ending, Returned
from everyrun.workflows.running.equipment import Equipment
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.outputs import own_copy
from everyrun.workflows.running.places import NodePlace
from everyrun.workflows.running.preparing import PreparedGraph
from everyrun.workflows.running.scopes import Scope
from everyrun.workflows.running.telling import Telling

Send = Callable[[Activity, "Returned | Failure", NodePlace], None]


@dataclass(frozen=True)
class Taken:
    """An attempt that this process runs."""

    activity: Activity
    claim: Claim
    waiting: bool

    @property
    def timeout(self) -> float | None:
        """Seconds that it may take."""
        return self.activity.prepared.definition.timeout


@dataclass(frozen=True)
class Taker:
    """Who runs nodes: a process on a host. ``send`` hears how attempts end."""

    id: str
    host: str
    lease_seconds: float
    send: Send


def take(run: PlannedRun, id_: str, attempt: int, taker: Taker) -> Taken | None:
    """Begin an attempt for ``taker``; None when somebody else has it, or it is not its time."""
    seen, claim = run.in_flight.get(id_), run.claims.get(id_)
    if seen is None or claim is None or claim.attempt != attempt or claim.owner is not None:
        return None
    now = run.equipment.clock.now()
    if run.paused or run.stop is not None:
        # It is sent again when the execution goes on.
        run.changed[id_] = claim._replace(send_at=None if claim.queue is None else now)
        return None
    activity = _own_activity(run, seen, taker)
    activity.begin(now)
    try:
        parameters = _fill(run, activity)
    except EveryrunError as problem:
        run.tell(run.telling.started(activity, None))
        seen.started_at, seen.first_started_at = now, activity.first_started_at
        run.end(seen, Failure(CapturedError(type(problem).__name__, str(problem), "")))
        return None
    plain = run.equipment.capturer.plain(parameters) if parameters else None
    run.tell(run.telling.started(activity, plain))
    ours = _owned(claim, taker, now)
    run.changed[id_] = ours
    return Taken(activity, ours, activity.prepared.node_type.waiting)


class Straight(NamedTuple):
    """What was taken without planning, and the fact that it began."""

    taken: Taken
    began: AnyEvent


def take_straight(
    equipment: Equipment, graph: PreparedGraph, row: NodeHistory, claim: Claim, taker: Taker
) -> Straight | None:
    """Take a node of the outermost graph whose parameters hold no template.

    None when something about it is wrong, which whoever plans tells better.
    """
    prepared = graph.nodes[row.key]
    scope = Scope(PreparedGraph({}, equipment.templates, {}), {})
    surroundings = equipment.surroundings(taker.send)
    activity = Activity(scope, row.key, prepared, row.id, row.order or 0, surroundings)
    activity.attempt, activity.first_started_at = claim.attempt, row.started_at or 0
    now = equipment.clock.now()
    activity.begin(now)
    try:
        parameters = prepared.parameters({})
        equipment.allow(prepared.definition.type)
        activity.type = prepared.node(parameters)
    except EveryrunError:
        return None
    plain = equipment.capturer.plain(parameters) if parameters else None
    telling = Telling(equipment.execution.id, equipment.execution.workflow)
    ours = _owned(claim, taker, now)
    taken = Taken(activity, ours, prepared.node_type.waiting)
    return Straight(taken, telling.started(activity, plain))


def _owned(claim: Claim, taker: Taker, now: int) -> Claim:
    expires_at = now + round(taker.lease_seconds * 1e6)
    return claim._replace(owner=taker.id, host=taker.host, send_at=None, expires_at=expires_at)


def hand_in(run: PlannedRun, taken: Taken, end: Returned | Failure, ending: Ending | None) -> None:
    """An attempt has ended. Raises :class:`LeaseLost` when it is not this process's any more."""
    id_, ours = taken.activity.id, taken.claim
    seen, claim = run.in_flight.get(id_), run.claims.get(id_)
    if seen is None or claim is None:
        raise LeaseLost
    if claim.owner != ours.owner or claim.attempt != ours.attempt:
        raise LeaseLost
    seen.type = taken.activity.type
    seen.started_at = taken.activity.started_at
    seen.first_started_at = taken.activity.first_started_at
    seen.ending = ending or seen.ending
    run.end(seen, end)


def _own_activity(run: PlannedRun, seen: Activity, taker: Taker) -> Activity:
    """What is run, apart from what was planned with: its end goes to the taker."""
    surroundings = run.equipment.surroundings(taker.send)
    activity = Activity(seen.scope, seen.key, seen.prepared, seen.id, seen.order, surroundings)
    activity.attempt = seen.attempt
    activity.first_started_at = seen.first_started_at
    return activity


def _fill(run: PlannedRun, activity: Activity) -> dict[str, object]:
    prepared = activity.prepared
    parameters = prepared.parameters(activity.scope.names)
    if not prepared.is_fixed:
        parameters = own_copy(parameters)
    run.equipment.allow(prepared.definition.type)
    activity.type = prepared.node(parameters)
    return parameters
