"""A worker's main process says of itself, every few seconds, that it is there and what it does.

In a thread of its own, with a broker connection of its own: how long the queues are that it takes
from is asked by passive declaration, which Redis, RabbitMQ and others understand.
"""

import logging
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from everyrun.domain.clock import Clock
from everyrun.domain.events import QueueLength, TaskUnderWay, WorkerSeen
from everyrun.tracking import recording
from everyrun.tracking.fork_lock import ForkLock
from everyrun.tracking.harmless import harmless

SAY_EVERY = 10.0
"""Seconds between two words."""

ENDS_WITHIN = 2.0
"""Seconds that the end of a worker waits for a broker that is being asked."""

MOST_RUNNING = 100

_ASKING = ForkLock(ENDS_WITHIN)
"""The worker forks its pool: no child may be born while the broker's client holds a lock."""

_log = logging.getLogger("everyrun")


class Presence:
    """Handles ``worker_ready`` and ``worker_shutdown``."""

    def __init__(self, say_every: float = SAY_EVERY) -> None:
        self._say_every = say_every
        self._stop = Event()
        self._worker: Any = None
        self._connection: Any = None
        self._thread: Thread | None = None

    @harmless
    def ready(self, sender: Any = None, **_: Any) -> None:
        """The worker takes tasks from now on; ``sender`` is its consumer."""
        self._stop.set()
        self._stop = Event()
        self._worker = sender.controller
        self._thread = Thread(
            target=self._run, args=(self._stop,), name="everyrun-worker", daemon=True
        )
        self._thread.start()

    @harmless
    def shutdown(self, **_: Any) -> None:
        """The worker ended in order."""
        if self._worker is None:
            return
        self._stop.set()
        if self._thread is not None:
            self._thread.join(ENDS_WITHIN)  # what it is about to say comes before the last word
        self._say(is_stopped=True)
        self._worker = None

    def _run(self, stop: Event) -> None:
        while not stop.is_set():
            self._say()
            stop.wait(self._say_every)
        self._let_go()

    @harmless
    def _say(self, is_stopped: bool = False) -> None:
        worker = self._worker
        if worker is None:
            return
        recorder = recording.current()
        running = [] if is_stopped else _running(recorder.clock)
        recorder.record(
            WorkerSeen(
                at=recorder.clock.now(),
                name=str(worker.hostname),
                broker=_broker_of(worker.app),
                pool=str(worker.pool_cls.__module__).rpartition(".")[2],
                concurrency=int(worker.concurrency or 0),
                is_stopped=is_stopped,
                running=running[:MOST_RUNNING],
                running_total=len(running),
                reserved=0 if is_stopped else _held(worker.consumer) - len(running),
                done=_done(),
                queues=self._queues(worker, is_stopped),
            )
        )

    def _queues(self, worker: Any, is_stopped: bool) -> list[QueueLength]:
        names = sorted(worker.app.amqp.queues.consume_from)
        if is_stopped:
            return [QueueLength(name=name) for name in names]
        return [QueueLength(name=name, messages=self._length(worker.app, name)) for name in names]

    def _length(self, app: Any, queue: str) -> int | None:
        try:
            if self._connection is None:
                self._connection = app.connection_for_read(heartbeat=0)
            with _ASKING, self._connection.channel() as channel:
                return int(channel.queue_declare(queue, passive=True).message_count)
        except self._absent() as error:
            # Redis has no empty lists: a queue that is not there has nothing in it.
            if self._connection.transport.driver_type == "redis":
                return 0
            _log.debug("queue %s is not there: %s", queue, error)
        except Exception as error:  # noqa: BLE001 - the broker may be down; that is told as unknown
            _log.debug("the length of queue %s is not known: %s", queue, error)
        self._let_go()
        return None

    def _absent(self) -> tuple[type[BaseException], ...]:
        return () if self._connection is None else tuple(self._connection.channel_errors)

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with _ASKING, suppress(OSError, *connection.connection_errors):  # it is gone already
                connection.release()


def _broker_of(app: Any) -> str:
    """Where the broker is, without secrets."""
    return str(app.connection_for_read().as_uri(include_password=False))[:500]


def _running(clock: Clock) -> list[TaskUnderWay]:
    from celery.worker import state

    now = clock.now()
    return [
        TaskUnderWay(
            id=str(request.id),
            name=str(request.name),
            since=round(request.time_start * 1e6) if request.time_start else now,
        )
        for request in tuple(state.active_requests)
    ]


def _held(consumer: Any) -> int:
    """Tasks that the worker has taken and not ended: also those that wait for their time, or for
    the rate at which they may run.
    """
    from celery.worker import state
    from celery.worker.request import Request

    held = {str(request.id) for request in tuple(state.reserved_requests)}
    for waiting in tuple(consumer.timer.schedule.queue):
        held.update(str(each.id) for each in waiting.entry.args or () if isinstance(each, Request))
    for bucket in tuple(consumer.task_buckets.values()):
        held.update(str(request.id) for request, _ in tuple(bucket.contents if bucket else ()))
    return len(held)


def _done() -> int:
    from celery.worker import state

    return sum(state.total_count.values())
