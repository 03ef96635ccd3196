"""A scheduler process: it leads or stands by, and runs what waits for an engine."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol

from everyrun.domain.clock import Clock, SystemClock
from everyrun.scheduler.adopting import Adopting
from everyrun.scheduler.loop import Loop, Watcher
from everyrun.scheduler.rescuing import IsSurelyDead
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.store.batches import BatchRecord
from everyrun.store.database import Database
from everyrun.workflows.running import Finished

_LOOK_SECONDS = 0.1


class ServingEngine(Protocol):
    """What a scheduler needs of an engine."""

    id: str

    def run(self, execution_id: str) -> Finished:
        """Run an execution to its end."""
        ...

    def serve(
        self,
        stop: Event,
        *,
        at_once: int = 4,
        on_finished: Callable[[Finished], None] | None = None,
    ) -> None:
        """Take executions from the queue until ``stop`` is set."""
        ...

    def hand_over(self, drain: float = 10.0) -> None:
        """Start nothing more, and put back what does not end in time."""
        ...


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who is told what the process did, from the threads that did it."""

    watcher: Watcher = field(default_factory=Watcher)
    on_finished: Callable[[Finished], None] | None = None
    on_batch_ended: Callable[[BatchRecord], None] | None = None


class Service:
    """The threads of a scheduler process, and how they end together."""

    def __init__(
        self,
        database: Database,
        engine: ServingEngine,
        settings: SchedulerSettings,
        *,
        clock: Clock | None = None,
        is_surely_dead: IsSurelyDead,
        listener: Listener | None = None,
    ) -> None:
        clock = clock or SystemClock()
        listener = listener or Listener()
        self._engine = engine
        self._settings = settings
        self._stop = Event()
        self._stop_asked = False
        self._error: BaseException | None = None
        self._loop = Loop(database, engine.id, settings, clock, listener.watcher, is_surely_dead)
        self._adopting = Adopting(
            database,
            engine,
            clock,
            at_once=settings.batches_at_once,
            poll_seconds=settings.poll_seconds,
            lease_seconds=settings.lease_seconds,
            host=os.uname().nodename,
            is_surely_dead=is_surely_dead,
            on_ended=listener.on_batch_ended,
        )
        self._on_finished = listener.on_finished

    def run(self) -> None:
        """Work until told to stop; what runs then ends, or is left to others, before this returns.

        Raises what any of its threads could not go on for.
        """
        works = [self._loop.run]
        if self._settings.at_once:
            works.append(self._serve)
        if self._settings.batches_at_once:
            works.append(self._adopt)
        threads = [Thread(target=self._guarded, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        while not (self._stop_asked or self._stop.wait(_LOOK_SECONDS)):
            pass
        self._stop.set()
        self._loop.stop()
        self._engine.hand_over(self._settings.drain_seconds)
        for thread in threads:
            thread.join()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Have ``run`` end. May be called from a signal's handler: it takes no lock."""
        self._stop_asked = True

    def _serve(self) -> None:
        self._engine.serve(
            self._stop, at_once=self._settings.at_once, on_finished=self._on_finished
        )

    def _adopt(self) -> None:
        self._adopting.serve(self._stop)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by run()
            self._error = self._error or error
            self._stop.set()
