"""Tasks while they run: each is a node execution, and what is logged in it is filed under it."""

import sys
from typing import Any

from everyrun.domain.events import NodeStarted
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import LogLevel, Status
from everyrun.integrations.celery.belonging import HEADER, Belonging, node_id_of, of_request
from everyrun.integrations.celery.delivering import tries_before
from everyrun.integrations.celery.joining import Joining
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.publishing import AGAIN, BY_ITSELF, REPLACED, SENT, Publishing
from everyrun.integrations.celery.shapes import Follow, outcome_of
from everyrun.integrations.celery.telling import (
    KIND,
    NODE_TYPE,
    attempt_of,
    given_to,
    place_in_canvas,
    skip_rest,
    tell_canvas,
    tell_failure,
)
from everyrun.tracking import recording
from everyrun.tracking.context import CURRENT, Lineage, leave
from everyrun.tracking.harmless import harmless
from everyrun.tracking.outcomes import captured
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.running_nodes import RunningNode

PLACE = "_everyrun_place"
"""Where a request keeps the place of the task that it runs."""


class RunningTask(RunningNode):
    """One try of a Celery task, while it runs."""

    def __init__(self, belonging: Belonging, name: str, request: Any, again: int = 0) -> None:
        self.id = self.node_execution_id = belonging.node_id or node_id_of(request.id)
        self.run = RunningExecution(belonging.workflow, KIND, belonging.execution_id)
        self.key = name
        self.node_type = NODE_TYPE
        self.outer = CURRENT.get()
        self.generation = Lineage.generation
        self.attempt = attempt_of(request.retries, again)
        self.belonging = belonging
        self.handled = sys.exception()
        """What was being dealt with when it began: an eager task may run in an ``except``."""

    def begin(self, given: Any, metadata: dict[str, Any] | None) -> None:
        """Put on record that it runs from now on."""
        recorder = recording.current()
        self.started_at = at = recorder.clock.now()
        recorder.record(
            NodeStarted(
                execution_id=self.run.id,
                workflow=self.run.workflow,
                kind=KIND,
                at=at,
                node=self.key,
                node_execution_id=self.id,
                attempt=self.attempt,
                node_type=NODE_TYPE,
                input=given,
                metadata=metadata,
            )
        )

    def settle_as(self, status: Status, error: CapturedError | None, output: Any = None) -> None:
        """Settle as Celery says that it ended. ``output`` is a plain value already."""
        self._say_what_was_held_back()
        self._finish(status, error, output)


class Running:
    """Handles the signals of a process that runs tasks."""

    def __init__(self, names: Names, joining: Joining, publishing: Publishing) -> None:
        self._names = names
        self._joining = joining
        self._publishing = publishing

    @harmless
    def prerun(self, task: Any = None, args: Any = None, kwargs: Any = None, **_: Any) -> None:
        """A task begins."""
        request = task.request
        name = self._names.of(request.task or task.name)
        belonging = of_request(request) or self._adopt(request, task, kwargs)
        if name is None:
            return
        again = tries_before(belonging, request, task)
        place = RunningTask(belonging, name, request, again)
        request.__dict__[PLACE] = place
        CURRENT.set(place)
        if again:
            request.__dict__[AGAIN] = again
        if belonging.told:
            place.begin(None, None)
            return
        chord = request.chord
        metadata = place_in_canvas(
            request.id,
            parent=request.parent_id,
            root=request.root_id,
            group=request.group,
            index=request.group_index,
            chord=None if chord is None else outcome_of(chord),
            task_id=None if place.id == request.id else request.id,
        )
        place.begin(given_to(args, kwargs), metadata)

    @harmless
    def postrun(
        self, task: Any = None, retval: Any = None, state: str | None = None, **_: Any
    ) -> None:
        """A task ended, in whatever way: ``state`` tells."""
        request = task.request
        place = request.__dict__.pop(PLACE, None)
        if not isinstance(place, RunningTask):
            return
        try:
            error = sys.exception()
            is_news = isinstance(error, Exception) and error is not place.handled
            if error is not None and is_news and state in (None, "SUCCESS"):
                # Celery could not store that it began, or that it is done, or send what comes next.
                self.failed(place, request, error)
            elif state == "SUCCESS":
                place.complete(retval)
            elif state == "IGNORED":
                self._end_ignored(place, request, retval)
            elif state == "REJECTED":
                self._end_rejected(place, request, retval)
        finally:
            leave(place)

    @harmless
    def failed(self, place: RunningTask, request: Any, error: BaseException) -> None:
        """The task that runs here failed, and with it what comes after it."""
        told = captured(error)
        place.settle_as(Status.FAILED, told)
        tell_failure(place.belonging, place.key, told)
        if SENT not in request.__dict__:
            skip_rest(place.belonging, follow_of(request), because_failed(place.key), self._names)

    def _end_ignored(self, place: RunningTask, request: Any, reason: object) -> None:
        successor = request.__dict__.get(REPLACED)
        if successor is not None:
            if successor != BY_ITSELF:
                place.settle_as(Status.COMPLETED, None, {"replaced_by": successor})
            return
        text = recording.current().capturer.text(f"ignored: {reason}".rstrip(": "))
        place.settle_as(Status.CANCELLED, CapturedError("Ignore", text, ""))
        skip_rest(place.belonging, follow_of(request), f"Task {place.key} was ignored", self._names)

    def _end_rejected(self, place: RunningTask, request: Any, reject: Any) -> None:
        text = recording.current().capturer.text(f"{getattr(reject, 'reason', reject)}")
        if getattr(reject, "requeue", False):
            place.record_line(LogLevel.WARNING, f"rejected and put back into the queue: {text}")
            return
        error = CapturedError("Reject", f"rejected: {text}", "")
        place.settle_as(Status.FAILED, error)
        tell_failure(place.belonging, place.key, error)
        skip_rest(place.belonging, follow_of(request), because_failed(place.key), self._names)

    def _adopt(self, request: Any, task: Any, kwargs: Any) -> Belonging:
        """A task without our header: an eager one, or sent by a program that is not on record."""
        follow = follow_of(request)
        headers = {
            "task": request.task or task.name,
            "parent_id": request.parent_id,
            "stamps": request.stamps,
            **(request.headers or {}),
        }
        joined = self._joining.join(None, headers, follow, kwargs)
        text = joined.belonging.text
        if request.is_eager:
            request.headers = {**(request.headers or {}), HEADER: text}
        request.__dict__[HEADER] = text
        if joined.outcome is not None:
            tell_canvas(joined.belonging, joined.outcome, joined.outer, eager=request.is_eager)
        self._publishing.tell_what_follows(joined.belonging, follow, request.root_id)
        return joined.belonging


def follow_of(request: Any) -> Follow:
    """What a task's request says of what comes after it."""
    return Follow(request.id, request.group, request.chain, request.chord)


def because_failed(name: str) -> str:
    """Why what comes after a failed task is skipped."""
    return f"Task {name} failed"
