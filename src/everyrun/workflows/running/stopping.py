"""Telling activities to end, and giving up those that do not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.workflows.running.activities import Activity, Ending
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.preparing import Lane

if TYPE_CHECKING:
    from everyrun.workflows.running.run import Run

PATIENCE = 0.5
"""Seconds beyond the grace that a node has to end what it started."""


class Stop(NamedTuple):
    """Why an execution is to end, and how it settles then.

    ``hands_over``: it does not settle but goes on elsewhere; what runs has ``drain`` seconds.
    """

    status: Status
    reason: str
    error_type: str | None = None
    kill: bool = False
    hands_over: bool = False
    drain: float = 0.0


def stop_run(run: "Run", stop: Stop) -> None:
    """Have everything in flight end, as soon as the stop wants it."""
    waiting = [each for each in run.in_flight.values() if each.prepared.node_type.waiting]
    cancelled = Ending(Status.CANCELLED, Failure(CapturedError("", stop.reason, "")))
    if stop.hands_over and stop.drain > 0:
        stop_activities(run, waiting, cancelled)
        run.timers.after(
            stop.drain, lambda: stop_activities(run, list(run.in_flight.values()), cancelled)
        )
    else:
        stop_activities(run, list(run.in_flight.values()), cancelled, kill=stop.kill)


def stop_activities(
    run: "Run", activities: Iterable[Activity], ending: Ending, *, kill: bool = False
) -> None:
    """Have these end as ``ending`` says; what runs inside of them is cancelled with them."""
    chosen = [each for each in activities if run.in_flight.get(each.id) is each]
    for activity in chosen:
        loop = run.loops.get(activity.id)
        activity.ending = ending
        if loop is not None:
            loop.stopped = True
            run.stop_child(activity, kill=kill)
            inner = Ending(Status.CANCELLED, ending.failure)
            inside = [each for each in run.in_flight.values() if each.scope.is_inside(loop)]
            stop_activities(run, [each for each in inside if each not in chosen], inner, kill=kill)
        activity.stop(kill=kill)
    patience = 0.0 if kill else max(map(_grace, chosen), default=0.0)
    places = [(activity, activity.place) for activity in chosen]
    run.timers.after(patience + PATIENCE, lambda: _give_up(run, places))


def _grace(activity: Activity) -> float:
    """Seconds that an activity has to end what it started: its node's own, or the setting's."""
    own: float | None = getattr(activity.type, "grace", None)
    return activity.settings.cancel_grace if own is None else own


def _give_up(run: "Run", places: Iterable[tuple[Activity, object]]) -> None:
    """Go on without those that did not end."""
    for activity, place in places:
        if run.in_flight.get(activity.id) is not activity or activity.place is not place:
            continue
        if activity.ending is None:
            continue
        if activity.prepared.lane is Lane.THREAD:
            run.equipment.workers.leave_one_behind()
        run.end(activity, activity.ending.failure, activity.place)


def settle_stopped_loops(run: "Run") -> None:
    """Loops that were stopped settle when nothing in them runs any more."""
    for id_, loop in list(run.loops.items()):
        activity = run.in_flight.get(id_)
        if not loop.stopped or activity is None or activity.ending is None:
            continue
        if run.has_child(activity):
            continue
        if not any(each.scope.is_inside(loop) for each in run.in_flight.values()):
            run.end(activity, activity.ending.failure, activity.place)
