"""One execution, from its first node to its end: plan, commit, then act, and again.

Everything here happens in one thread, the run's own; nodes work in others and send their ends to
its inbox. What is decided is gathered as events and committed together before any of it is acted
on, so that a node's outcome is on record before a node that needs it begins.
"""

import random
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from everyrun.domain import events
from everyrun.domain.errors import EveryrunError, LeaseLost
from everyrun.domain.graph import WorkflowDefinition
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.nodes.for_each import ForEach
from everyrun.nodes.repeat import Repeat
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.store.requests import Request
from everyrun.workflows.planning import Outcome, Steps
from everyrun.workflows.running.activities import Activity, Ending, Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.loops import AnotherWorkflow, EachItem, Loop, UntilDone
from everyrun.workflows.running.outputs import Result, flowing, own_copy
from everyrun.workflows.running.past import Past
from everyrun.workflows.running.places import NodePlace
from everyrun.workflows.running.preparing import PreparedGraph
from everyrun.workflows.running.processes import work_in_process
from everyrun.workflows.running.retrying import delay_before, is_retried, retries_allowed
from everyrun.workflows.running.scopes import Scope
from everyrun.workflows.running.starting import Starting
from everyrun.workflows.running.stopping import (
    Stop,
    settle_stopped_loops,
    stop_activities,
    stop_run,
)
from everyrun.workflows.running.telling import Telling
from everyrun.workflows.running.timers import Timer, Timers

if TYPE_CHECKING:
    from everyrun.workflows.running.equipment import Equipment
    from everyrun.workflows.running.surroundings import Surroundings

Message = Callable[[], None]

_LOST = Ending(Status.LOST, Failure(CapturedError("LeaseLost", "another engine has it", "")))


class Finished(NamedTuple):
    """How an execution ended; ``pending`` when it was handed back to the queue."""

    execution_id: str
    status: Status
    output: Any = None
    error_message: str | None = None


class Run:
    """One execution under way in this process."""

    def __init__(
        self,
        equipment: "Equipment",
        definition: WorkflowDefinition,
        graph: PreparedGraph,
        past: Past,
    ) -> None:
        self.equipment = equipment
        self.definition = definition
        self.past = past
        self.timers = Timers()
        self.inbox: SimpleQueue[Message] = SimpleQueue()
        self.in_flight: dict[str, Activity] = {}
        self.loops: dict[str, Loop] = {}
        self.stop: Stop | None = None
        self.paused = False
        self.root = Scope(graph, equipment.names, results=past.results(graph, None))
        self._surroundings = equipment.surroundings(self._send)
        self.output_capturer = self._surroundings.output_capturer
        self.telling = Telling(equipment.execution.id, equipment.execution.workflow)
        self.starting = self._make_starting(self._surroundings)
        self._events: list[events.AnyEvent] = []
        self._timeouts: dict[str, Timer] = {}
        self._children: dict[str, str] = {}
        """Node execution -> the child execution that runs for it."""
        self._answers: list[Request] = []
        self._draw = random.Random(equipment.execution.id)  # noqa: S311 - for jitter

    def _make_starting(self, surroundings: "Surroundings") -> Starting:
        return Starting(self, surroundings)

    @property
    def turns_at_once(self) -> int:
        """Turns of a loop that are open at once where it does not say."""
        return max(self.equipment.settings.tasks, 2 * self.equipment.settings.workers)

    def work(self) -> Finished:
        """Take the execution to its end. Raises ``LeaseLost`` when it is somebody else's now."""
        self._begin()
        self._receive_what_is_there()
        while not self._is_over():
            if self.stop is None and not self.paused:
                self.starting.start_what_can()
            self._commit()
            self._act()
            # Loops that were begun may have more to start, or to say, already.
            if not self._is_over() and not self._has_more():
                self._receive()
        return self._finish()

    def _has_more(self) -> bool:
        can_start = self.stop is None and not self.paused
        return bool(self._events) or (can_start and self.starting.news)

    # Messages from other threads.

    def send(self, message: Message) -> None:
        """Have the run's own thread do something soon."""
        self.inbox.put(message)

    def _send(self, activity: Activity, end: Returned | Failure, place: NodePlace) -> None:
        self.inbox.put(lambda: self.end(activity, end, place))

    def set_paused(self, paused: bool) -> None:
        """Start nothing more for now, or go on."""
        self.paused = paused

    def lose(self) -> None:
        """Another engine has the execution: end without a word."""
        stop_activities(self, list(self.in_flight.values()), _LOST, kill=True)
        raise LeaseLost

    def hear(self, request: Request) -> None:
        """Somebody answers a node."""
        self._answers.append(request)
        for activity in self.in_flight.values():
            self.hand_answers(activity)

    def hand_answers(self, activity: Activity) -> None:
        """Tell a waiting node what is meant for it: signals whenever sent, answers to itself."""
        news = [
            request
            for request in self._answers
            if request.node in {activity.label, activity.prepared.key}
            and request.id not in activity.heard
            and (request.action == "signal" or request.at >= activity.first_started_at)
        ]
        if news and activity.prepared.node_type.waiting:
            activity.tell(news)

    # The life of the execution.

    def _begin(self) -> None:
        equipment = self.equipment
        now = equipment.clock.now()
        self._tell_begun(now)
        timeout = self.definition.policy.timeout
        if timeout is not None:
            began = equipment.execution.started_at or now
            left = max(0.0, timeout - (now - began) / 1e6)
            self.timers.after(left, lambda: self._time_is_out(timeout))
        self.open(self.root)

    def _tell_begun(self, now: int) -> None:
        self._events.append(self.telling.begun(now))

    def _time_is_out(self, seconds: float) -> None:
        self.stop_all(Stop(Status.FAILED, f"did not end within {seconds:g} s", "TimeoutError"))

    def stop_all(self, stop: Stop) -> None:
        """End the execution as soon as what runs has ended, or is given up."""
        if self.stop is not None and not (stop.kill and not self.stop.kill):
            return
        self.stop = stop
        stop_run(self, stop)

    def _is_over(self) -> bool:
        if self.stop is not None:
            return not (self.in_flight.keys() - self.loops.keys()) and not self._children
        return self.root.plan.finished and not self.in_flight

    def _finish(self) -> Finished:
        equipment = self.equipment
        now = equipment.clock.now()
        if self.stop is not None and not self._has_come_to_its_end():
            return self._finish_stopped(self.stop, now)
        status, output, plain, error = Status.COMPLETED, None, None, None
        failures = self.root.plan.failures()
        if failures:
            status = Status.FAILED
            message = self.root.results[failures[0]].error_message
            error = CapturedError("everyrun.NodeFailed", f"{failures[0]} failed: {message}", "")
        elif self.definition.output is not None:
            try:
                output = own_copy(equipment.render(self.definition.output, self.root.names))
                plain = self.output_capturer.plain(output)
            except EveryrunError as problem:
                status, error = Status.FAILED, CapturedError("TemplateError", str(problem), "")
        self._events.append(self.telling.finished(now, status, plain, error))
        self._commit(release=True)
        return Finished(equipment.execution.id, status, output, error.message if error else None)

    def _ends_in_time(self, activity: Activity, status: Status) -> bool:
        """Whether what is handed over goes on by what ended while it still had time to."""
        handed_over = self.stop is not None and self.stop.hands_over
        return handed_over and status != Status.CANCELLED and activity.scope is self.root

    def _has_come_to_its_end(self) -> bool:
        """Whether what was to be handed over left nothing to do for anybody else."""
        handed_over = self.stop is not None and self.stop.hands_over
        return handed_over and self.root.plan.finished and not self.in_flight

    def _finish_stopped(self, stop: Stop, now: int) -> Finished:
        unsettled = [*self.in_flight.values(), *self.starting.resting.values()]
        if stop.hands_over:
            self._events.extend(self.telling.lost(each, now, stop.reason) for each in unsettled)
            self._commit()
            self.equipment.hand_over(now)
            return Finished(self.equipment.execution.id, Status.PENDING)
        told = CapturedError(stop.error_type or "", stop.reason, "")
        for activity in unsettled:
            self._record_end(activity, Status.CANCELLED, Failure(told), now)
        self._events.append(self.telling.finished(now, stop.status, None, told))
        self._commit(release=True)
        return Finished(self.equipment.execution.id, stop.status, None, stop.reason)

    # One round: start, commit, act, receive.

    def open(self, scope: Scope) -> None:
        """Begin to work through a graph."""
        self._follow(scope, scope.plan.begin())

    def _follow(self, scope: Scope, steps: Steps) -> None:
        now = self.equipment.clock.now() if steps.skipped else 0
        for key, reason in steps.skipped:
            scope.results[key] = Result(Status.SKIPPED, error_message=reason)
            order = self.starting.next_order()
            self._events.append(self.telling.skipped(scope, key, order, reason, now))
        for key in steps.ready:
            self.starting.add(scope, key)
        if scope.plan.finished and scope.loop is not None:
            scope.loop.turn_ended(scope)

    def begun(self, activity: Activity, plain_input: Any) -> None:
        """An attempt is to begin; it is set to work once that is on record."""
        self.in_flight[activity.id] = activity
        self._events.append(self.telling.started(activity, plain_input))

    def _commit(self, *, release: bool = False) -> None:
        if not self._events and not release:
            return
        gathered, self._events = self._events, []
        self.equipment.commit(gathered, release=release)

    def _act(self) -> None:
        """Set to work what was begun, now that this is on record."""
        for activity in self.starting.take_begun():
            if activity.id not in self.in_flight:
                continue
            timeout = activity.prepared.definition.timeout
            if timeout is not None:
                self._timeouts[activity.id] = self.timers.after(
                    timeout, partial(self._give_up, activity)
                )
            self._set_to_work(activity)

    def _set_to_work(self, activity: Activity) -> None:
        node, prepared = activity.type, activity.prepared
        if prepared.is_structure:
            loop: Loop
            if isinstance(node, ForEach):
                loop = EachItem(self, activity, node)
            elif isinstance(node, Repeat):
                loop = UntilDone(self, activity, node)
            else:
                assert isinstance(node, SubWorkflow)
                loop = AnotherWorkflow(self, activity, node)
            self.loops[activity.id] = loop
            loop.begin()
        elif prepared.node_type.quick:
            self._send(activity, activity.work_at_once(), activity.place)
        elif prepared.is_async:
            self.hand_answers(activity)
            self._surroundings.await_in_loop(activity)
        elif prepared.definition.in_process:
            self.equipment.workers.do(lambda: work_in_process(activity))
        else:
            self.equipment.workers.do(activity.work)

    def _receive(self) -> None:
        """Wait for something to happen, and take all that has."""
        try:
            message = self.inbox.get(timeout=self.timers.until_next())
        except Empty:
            pass
        else:
            message()
            self._receive_what_is_there()
        self.timers.run_due()

    def _receive_what_is_there(self) -> None:
        try:
            while True:
                self.inbox.get_nowait()()
        except Empty:
            pass

    # How attempts end.

    def _give_up(self, activity: Activity) -> None:
        """An attempt's time is out."""
        timeout = activity.prepared.definition.timeout or 0.0
        error = CapturedError("TimeoutError", f"did not end within {timeout:g} s", "")
        ending = Ending(Status.FAILED, Failure(error, frozenset({"TimeoutError", "OSError"})))
        stop_activities(self, [activity], ending)

    def end(
        self, activity: Activity, end: Returned | Failure, place: NodePlace | None = None
    ) -> None:
        """An attempt has ended; ``place`` tells which. One that was given up is heard no more."""
        if self.in_flight.get(activity.id) is not activity:
            return
        if place is not None and place is not activity.place:
            return
        self._let_go(activity)
        status, end = _judged(activity, end)
        if (
            isinstance(end, Failure)
            and status == Status.FAILED
            and self._tries_again(activity, end)
        ):
            return
        now = self.equipment.clock.now()
        if self.stop is not None and self.stop.hands_over and status == Status.CANCELLED:
            # It did not settle: whoever goes on with the execution runs it again.
            self._events.append(self.telling.lost(activity, now, self.stop.reason))
        else:
            self._record_end(activity, status, end, now)
        if self.stop is None or self._ends_in_time(activity, status):
            self._settle(activity, status, end)
        if self.loops:
            settle_stopped_loops(self)

    def _settle(self, activity: Activity, status: Status, end: Returned | Failure) -> None:
        if isinstance(end, Returned):
            result = Result(status, end.output, end.branch)
        else:
            result = Result(status, error_message=end.error.message)
        activity.scope.results[activity.key] = result
        steps = activity.scope.plan.settle(activity.key, Outcome(status, result.branch))
        self._follow(activity.scope, steps)

    # Executions of other workflows that run for a node of this one.

    def begin_child(self, activity: Activity, node: SubWorkflow) -> None:
        """Launch the child, or go on with the one that is on record."""
        try:
            child = self.equipment.begin_child(activity, node, self._child_ended)
        except EveryrunError as problem:
            self.end(activity, Failure(CapturedError(type(problem).__name__, str(problem), "")))
            return
        self._children[activity.id] = child

    def _child_ended(self, activity: Activity, finished: Finished) -> None:
        """Called from the child's thread."""
        self.inbox.put(lambda: self._take_child(activity, finished))

    def _take_child(self, activity: Activity, finished: Finished) -> None:
        self._children.pop(activity.id, None)
        if finished.status == Status.COMPLETED:
            plain, output = flowing(self.output_capturer, finished.output)
            self.end(activity, Returned(plain, output))
            return
        message = f"execution {finished.execution_id} {finished.status}: {finished.error_message}"
        error = CapturedError("everyrun.ChildFailed", message, "")
        self.end(activity, Failure(error, frozenset({"ChildFailed"})))

    def stop_child(self, activity: Activity, *, kill: bool) -> None:
        """Have the execution that runs for this node end, too."""
        child = self._children.get(activity.id)
        if child is not None:
            self.equipment.stop_child(child, kill=kill)

    def has_child(self, activity: Activity) -> bool:
        """Whether an execution runs for this node."""
        return activity.id in self._children

    def _let_go(self, activity: Activity) -> None:
        del self.in_flight[activity.id]
        self.loops.pop(activity.id, None)
        timer = self._timeouts.pop(activity.id, None)
        if timer is not None:
            timer.call_off()
        self.starting.leave(activity)

    def _tries_again(self, activity: Activity, end: Failure) -> bool:
        definition = activity.prepared.definition
        repeatable = activity.type is not None and activity.type.repeatable()
        allowed = retries_allowed(definition.retry, safe_to_repeat=repeatable)
        if activity.prepared.is_loop or self.stop is not None or activity.scope.is_called_off():
            return False
        if activity.attempt > allowed or not is_retried(definition.retry, end.names):
            return False
        now = self.equipment.clock.now()
        self._events.append(self.telling.retrying(activity, end, now))
        delay = delay_before(definition.retry, activity.attempt, self._draw)
        activity.attempt += 1
        self._rest(activity, delay)
        return True

    def _rest(self, activity: Activity, delay: float) -> None:
        """Its next attempt begins in so many seconds."""
        self.starting.rest(activity)
        self.timers.after(delay, lambda: self.starting.make_ready(activity))

    def _record_end(
        self, activity: Activity, status: Status, end: Returned | Failure, now: int
    ) -> None:
        self._events.append(self.telling.ended(activity, status, end, now))


def _judged(activity: Activity, end: Returned | Failure) -> tuple[Status, Returned | Failure]:
    """How an attempt settles: by what it says, unless it was told to end and did not finish."""
    ending = activity.ending
    if ending is not None and (isinstance(end, Failure) or ending.status != Status.CANCELLED):
        return ending.status, ending.failure
    return (Status.COMPLETED if isinstance(end, Returned) else Status.FAILED), end
