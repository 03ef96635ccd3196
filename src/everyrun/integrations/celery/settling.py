"""Failures, retries, revokes and rejections: in the task's process, or in its worker's main one."""

from typing import Any
from weakref import WeakValueDictionary

from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.integrations.celery.belonging import Belonging, node_id_of, of_request, read
from everyrun.integrations.celery.delivering import tries_before
from everyrun.integrations.celery.expiring import EXPIRED
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.running import (
    PLACE,
    Running,
    RunningTask,
    because_failed,
    follow_of,
)
from everyrun.integrations.celery.shapes import Follow
from everyrun.integrations.celery.telling import (
    attempt_of,
    skip_rest,
    tell_end,
    tell_failure,
    tell_retry,
)
from everyrun.tracking import recording
from everyrun.tracking.harmless import harmless
from everyrun.tracking.outcomes import captured


class Settling:
    """Handles what ends tasks otherwise than by success."""

    def __init__(self, names: Names, running: Running) -> None:
        self._names = names
        self._running = running
        self._received: WeakValueDictionary[str, Any] = WeakValueDictionary()

    @harmless
    def received(self, request: Any = None, **_: Any) -> None:
        """A message came; kept in mind for as long as the worker itself does."""
        self._received[request.id] = request

    @harmless
    def failed(
        self, sender: Any = None, task_id: Any = None, exception: Any = None, **_: Any
    ) -> None:
        """A task failed; its worker's main process says so when the task's own cannot."""
        request = sender.request
        place = request.__dict__.get(PLACE) if request.id == task_id else None
        if isinstance(place, RunningTask):
            self._running.failed(place, request, exception)
            return
        if request.id != task_id:
            kept = self._received.get(task_id)
            if kept is None:
                return
            request = kept._context  # noqa: SLF001 - what Celery's own signals carry
        self._end(request, sender, Status.FAILED, _told(exception))

    @harmless
    def succeeded_after_all(self, task_id: str) -> None:
        """A task's result is stored, and its process was killed before it could say so."""
        kept = self._received.get(task_id)
        if kept is None:
            return
        request = kept._context  # noqa: SLF001 - what Celery's own signals carry
        belonging, name = of_request(request), self._names.of(request.task)
        if belonging is not None and name is not None:
            node_id = belonging.node_id or node_id_of(task_id)
            attempt = attempt_of(request.retries, tries_before(belonging, request, kept.task))
            tell_end(belonging, node_id, name, attempt, Status.COMPLETED, None)

    @harmless
    def retried(
        self, sender: Any = None, request: Any = None, reason: Any = None, **_: Any
    ) -> None:
        """An attempt failed and another will follow."""
        cause = getattr(reason, "exc", None) or reason
        place = request.__dict__.get(PLACE)
        if isinstance(place, RunningTask):
            if isinstance(cause, BaseException):
                place.retry_after(cause)
            return
        belonging, name = of_request(request), self._names.of(request.task or sender.name)
        if belonging is not None and name is not None:
            told = None if cause is None else _told(cause)
            node_id = belonging.node_id or node_id_of(request.id)
            attempt = attempt_of(request.retries, tries_before(belonging, request, sender))
            tell_retry(belonging, node_id, name, attempt, told)

    @harmless
    def revoked(
        self,
        sender: Any = None,
        request: Any = None,
        terminated: bool = False,
        signum: Any = None,
        expired: bool = False,
        **_: Any,
    ) -> None:
        """A task was called off before it ran, or while it did."""
        if expired:
            reason = EXPIRED
        elif terminated:
            reason = f"terminated ({signum})" if signum else "terminated"
        else:
            reason = "revoked"
        self._end(request, sender, Status.CANCELLED, CapturedError("", reason, ""))

    @harmless
    def unknown(self, message: Any = None, name: Any = None, id: Any = None, **_: Any) -> None:  # noqa: A002 - Celery's word
        """A message came for a task that this worker has not got."""
        headers = message.headers or {}
        belonging, shown = read(headers.get("everyrun")), self._names.of(str(name))
        if belonging is None or shown is None:
            return
        error = CapturedError("NotRegistered", f"no worker's task is named {name}", "")
        node_id = belonging.node_id or node_id_of(str(id))
        attempt = attempt_of(headers.get("retries"), belonging.again)
        tell_end(belonging, node_id, shown, attempt, Status.FAILED, error)
        tell_failure(belonging, shown, error)
        follow = _follow_of_message(message, str(id))
        skip_rest(belonging, follow, because_failed(shown), self._names)

    def _end(self, request: Any, task: Any, status: Status, error: CapturedError) -> None:
        belonging: Belonging | None = of_request(request)
        name = self._names.of(request.task)
        if belonging is None:
            return
        if name is not None:
            node_id = belonging.node_id or node_id_of(request.id)
            attempt = attempt_of(request.retries, tries_before(belonging, request, task))
            tell_end(belonging, node_id, name, attempt, status, error)
        shown = name or request.task
        if status is Status.FAILED:
            tell_failure(belonging, shown, error)
            reason = because_failed(shown)
        else:
            reason = f"Task {shown} was {error.message}"
        skip_rest(belonging, follow_of(request), reason, self._names)


def _told(error: object) -> CapturedError:
    if isinstance(error, BaseException):
        return captured(error)
    return CapturedError("", recording.current().capturer.text(str(error)), "")


def _follow_of_message(message: Any, task_id: str) -> Follow:
    try:
        embed = message.payload[2]
    except (LookupError, TypeError):
        return Follow(task_id)
    return Follow(task_id, message.headers.get("group"), embed.get("chain"), embed.get("chord"))
