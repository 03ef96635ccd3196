"""Background jobs: what they call, what runs them, and the handles of whoever submitted them."""

import inspect
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from everyrun.domain.status import Status, WorkflowKind
from everyrun.tracking.context import CURRENT
from everyrun.tracking.decorating import tracked_of
from everyrun.tracking.outcomes import status_of
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.tracked import TrackedWorkflow, parameter_names, usual_name

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task

R = TypeVar("R")

_here = threading.local()


@dataclass(frozen=True, slots=True)
class Work:
    """What a job calls, and how that is known on record.

    A workflow's job is an execution of that workflow. Any other function's is one of kind ``job``.
    """

    body: Callable[..., Any]
    name: str
    kind: str
    tags: tuple[str, ...]
    parameters: tuple[str, ...]

    @classmethod
    def of(cls, function: Callable[..., Any]) -> "Work":
        """The work of calling ``function``. Raises ``TypeError`` for what gives no result."""
        if not callable(function):
            raise TypeError(f"{function!r} cannot be called")
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{usual_name(function)} is a generator; submit what consumes it")
        tracked = tracked_of(function)
        if not isinstance(tracked, TrackedWorkflow):
            names = parameter_names(function)
            return cls(function, usual_name(function), WorkflowKind.JOB.value, (), names)
        body = tracked.function
        if inspect.ismethod(function):
            body = body.__get__(function.__self__)
        return cls(body, tracked.name, tracked.kind, tuple(tracked.tags), tracked.parameters)


class Job(Generic[R]):
    """A background job. ``id`` is its execution's, ``external_id`` the caller's own for it."""

    def __init__(self, run: RunningExecution, external_id: str) -> None:
        self.id = run.id
        self.name = run.workflow
        self.external_id = external_id
        self._run = run
        self._future: Future[R] = Future()

    def __repr__(self) -> str:
        return f"<Job {self.name} {self.id}: {self.status}>"

    @property
    def status(self) -> Status:
        """Where the job stands, as this process knows it."""
        raise NotImplementedError

    @property
    def done(self) -> bool:
        """Whether the job has settled."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> R:
        """What the job returned; raises what it raised.

        Waits for it, at most ``timeout`` seconds: then raises ``TimeoutError``. Raises
        ``concurrent.futures.CancelledError`` for a job that was cancelled before it began.
        """
        return self._future.result(timeout)

    def cancel(self) -> bool:
        """Ask the job to end; whether it will for certain.

        One that has not begun never will. A coroutine is cancelled where it awaits. A function
        that runs cannot be stopped from outside: ``everyrun.current_execution().stopping`` is true
        from then on, for it to look at (in threads), and the answer is False.
        """
        raise NotImplementedError


class ThreadJob(Job[R]):
    """A job that a thread of this process runs."""

    def __init__(
        self,
        run: RunningExecution,
        external_id: str,
        described: Mapping[str, Any],
        call: Callable[[], Any],
    ) -> None:
        super().__init__(run, external_id)
        self._described = described
        self._call = call
        self._context = copy_context()
        self._lock = threading.Lock()
        self._taken_up = False
        self._task: tuple[AbstractEventLoop, Task[Any]] | None = None

    @property
    def status(self) -> Status:
        """Where the job stands."""
        return self._run.status

    def result(self, timeout: float | None = None) -> R:
        """What the job returned; raises what it raised.

        A job that waits for another one that no thread has taken up yet runs it itself, so that
        jobs that wait for jobs cannot use up all threads.
        """
        if timeout is None and getattr(_here, "works", False):
            self.work()
        return super().result(timeout)

    def cancel(self) -> bool:
        """Ask the job to end; whether it will for certain."""
        if self._take_up():
            self._run.settle_as(Status.CANCELLED)
            return self._future.cancel()
        self._run.to_stop = True
        task = self._task
        if task is None or self._future.done():
            return False
        loop, running = task
        try:
            loop.call_soon_threadsafe(running.cancel)
        except RuntimeError:  # it has ended meanwhile
            return False
        return True

    def work(self) -> None:
        """Run the job here, unless that was done or is under way."""
        if self._take_up():
            worked_before = getattr(_here, "works", False)
            _here.works = True
            try:
                self._context.run(self._work)
            finally:
                _here.works = worked_before

    def _take_up(self) -> bool:
        with self._lock:
            free, self._taken_up = not self._taken_up, True
        return free

    def _work(self) -> None:
        self._future.set_running_or_notify_cancel()
        try:
            result = run_recorded(self._run, self._described, self._call, on_task=self._remember)
        except BaseException as error:  # noqa: BLE001 - it is for whoever asks for the result
            self._future.set_exception(error)
        else:
            self._future.set_result(result)

    def _remember(self, loop: "AbstractEventLoop", task: "Task[Any]") -> None:
        self._task = (loop, task)


class ProcessJob(Job[R]):
    """A job that another process runs. It is recorded there, from its start on."""

    def follow(self, future: "Future[R]") -> None:
        """Take over how the other process fares."""
        self._future = future
        future.add_done_callback(self._settle_what_never_began)

    @property
    def status(self) -> Status:
        """Where the job stands, as far as this process has heard."""
        if not self._future.done():
            return Status.RUNNING if self._future.running() else Status.PENDING
        if self._future.cancelled():
            return Status.CANCELLED
        error = self._future.exception()
        return Status.COMPLETED if error is None else status_of(error)

    def cancel(self) -> bool:
        """Keep the job from beginning; False when it has begun and cannot be stopped."""
        return self._future.cancel()

    def _settle_what_never_began(self, future: "Future[R]") -> None:
        """Record what the other process cannot: that it never got the job, or that it died.

        What it did record about the job's end was earlier and stands.
        """
        if future.cancelled():
            self._run.settle_as(Status.CANCELLED)
        elif (error := future.exception()) is not None:
            self._run.fail_with(error)


def run_recorded(
    run: RunningExecution,
    described: Mapping[str, Any],
    call: Callable[[], Any],
    on_task: "Callable[[AbstractEventLoop, Task[Any]], None] | None" = None,
) -> Any:
    """Call what a job calls, as the execution ``run``. A coroutine runs in a loop of its own."""
    run.begin_what_was_asked_for(described)
    CURRENT.set(run)
    try:
        result = call()
        if inspect.iscoroutine(result):
            result = _run_coroutine(result, on_task)
    except BaseException as error:
        CURRENT.set(None)
        run.fail_with(error)
        raise
    CURRENT.set(None)
    run.complete(result)
    return result


def _run_coroutine(
    coroutine: "Coroutine[Any, Any, Any]",
    on_task: "Callable[[AbstractEventLoop, Task[Any]], None] | None",
) -> Any:
    import asyncio

    async def main() -> Any:
        task = asyncio.current_task()
        if on_task is not None and task is not None:
            on_task(asyncio.get_running_loop(), task)
        return await coroutine

    return asyncio.run(main())
