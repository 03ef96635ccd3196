"""``everyrun.submit(fn, ...)``: background jobs, on record from the moment they are asked for.

A job is an execution. It is ``pending`` until a worker takes it up, so that a queue that does not
move can be seen; when its process dies before it is done, it is ``lost``. The interpreter does not
end before its jobs have.
"""

import os
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import Any, Literal, ParamSpec, TypeVar, overload

from everyrun.domain.status import Status
from everyrun.tracking import recording
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import name_on_record
from everyrun.tracking.elsewhere import record_with
from everyrun.tracking.jobs import Job, ProcessJob, ThreadJob, Work, run_recorded
from everyrun.tracking.requesting import Request
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

MOST_THREADS = 32
"""Jobs that run in threads at the same time; more wait, ``pending``."""

Executor = Literal["thread", "process"]


@dataclass(frozen=True, kw_only=True)
class Submit:
    """Starts background jobs; :data:`everyrun.submit` is the usual one.

    Made by :meth:`options`, it starts jobs that differ from the usual: ``name`` and ``tags``
    instead of the function's own, the caller's ``external_id``, ``executor="process"`` for a
    process in place of a thread, ``trigger``, ``context`` and ``metadata``.
    """

    name: str | None = None
    tags: str | Iterable[str] = ()
    external_id: object = None
    executor: Executor = "thread"
    trigger: str | None = None
    context: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] | None = None

    def options(
        self,
        *,
        name: str | None = None,
        tags: str | Iterable[str] = (),
        external_id: object = None,
        executor: Executor = "thread",
        trigger: str | None = None,
        context: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> "Submit":
        """The same, with these options: ``submit.options(external_id="job-7")(send, 7)``.

        Raises ``ValueError`` for an unknown ``executor``.
        """
        if executor not in ("thread", "process"):
            raise ValueError(f"executor is thread or process, not {executor!r}")
        return replace(
            self,
            name=name,
            tags=tags,
            external_id=external_id,
            executor=executor,
            trigger=trigger,
            context=context,
            metadata=metadata,
        )

    @overload
    def __call__(
        self, function: Callable[P, Coroutine[Any, Any, R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Job[R]: ...

    @overload
    def __call__(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Job[R]: ...

    def __call__(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Job[Any]:
        """Start a job that calls ``function``, and answer its handle at once.

        All arguments are the function's. A coroutine function runs in an event loop of its own. In
        a process, function, arguments and result must be such that they can be pickled. Raises
        ``TypeError`` for a generator function, ``RuntimeError`` when the interpreter is ending.
        """
        work = Work.of(function)
        name = work.name if self.name is None else name_on_record(self.name)
        run = RunningExecution(name, work.kind)
        external_id = f"job_{run.id}" if self.external_id is None else str(self.external_id)
        described = self._described(external_id, work, args, kwargs)
        run.ask_for(described)
        try:
            told = {**described, "input": None}
            if self.executor == "thread":
                return _in_a_thread(run, external_id, told, partial(work.body, *args, **kwargs))
            settings = recording.current().settings
            order = Order(run.id, name, work.kind, told, settings, function, args, kwargs)
            return _in_a_process(run, external_id, order)
        except RuntimeError:
            run.settle_as(Status.CANCELLED)
            raise

    def _described(
        self, external_id: str, work: Work, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        tags = [self.tags] if isinstance(self.tags, str) else self.tags
        request = Request(
            trigger=self.trigger,
            tags=[*work.tags, *tags],
            external_id=external_id,
            context=self.context,
            metadata=self.metadata,
        )
        described = request.described(CURRENT.get())
        described["input"] = recording.current().capturer.arguments(work.parameters, args, kwargs)
        return described


submit = Submit()


@dataclass(frozen=True, slots=True)
class Order:
    """A job on its way to another process."""

    execution_id: str
    name: str
    kind: str
    described: dict[str, Any]
    settings: Settings
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Pools:
    """The workers that jobs run in, made when the first job needs them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._processes: ProcessPoolExecutor | None = None

    def threads(self) -> ThreadPoolExecutor:
        """Threads of this process."""
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="job")
            return self._threads

    def processes(self) -> ProcessPoolExecutor:
        """Other processes, started afresh: a fork would copy locks that threads here hold."""
        with self._lock:
            if self._processes is None:
                self._processes = ProcessPoolExecutor(mp_context=get_context("spawn"))
            return self._processes

    def replace_processes(self) -> ProcessPoolExecutor:
        """Others, after one of them has died and taken its pool with it."""
        with self._lock:
            self._processes = None
        return self.processes()


_pools = Pools()


def _begin_anew_after_fork() -> None:
    global _pools  # noqa: PLW0603 - workers and locks are the parent process's
    _pools = Pools()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_after_fork)


def _in_a_thread(
    run: RunningExecution, external_id: str, described: dict[str, Any], call: Callable[[], Any]
) -> Job[Any]:
    job = ThreadJob[Any](run, external_id, described, call)
    _pools.threads().submit(job.work)
    return job


def _in_a_process(run: RunningExecution, external_id: str, order: Order) -> Job[Any]:
    job = ProcessJob[Any](run, external_id)
    try:
        future = _pools.processes().submit(_carry_out, order)
    except BrokenExecutor:
        future = _pools.replace_processes().submit(_carry_out, order)
    job.follow(future)
    return job


def _carry_out(order: Order) -> Any:
    """Run a job in the process that it was sent to."""
    record_with(order.settings)
    run = RunningExecution(order.name, order.kind, order.execution_id)
    work = Work.of(order.function)
    return run_recorded(run, order.described, partial(work.body, *order.args, **order.kwargs))
