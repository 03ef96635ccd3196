"""Batches that nobody runs: those left to the schedulers, and those whose runner is gone."""

import logging
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from everyrun.domain.clock import Clock
from everyrun.scheduler.rescuing import IsSurelyDead
from everyrun.store.batches import BatchRecord, left_batches
from everyrun.store.database import Database, is_unavailable
from everyrun.workflows.batches.running import BatchRun, BatchTaken, Runner

_PAUSE_AFTER_TROUBLE = 60_000_000
_log = logging.getLogger("everyrun.scheduler")


class Adopting:
    """Takes such batches and runs them, so many at once. Any scheduler does, not the leader alone.

    Each batch is held by one process, so several schedulers share them out.
    """

    def __init__(
        self,
        database: Database,
        runner: Runner,
        clock: Clock,
        *,
        at_once: int,
        poll_seconds: float,
        lease_seconds: float,
        host: str,
        is_surely_dead: IsSurelyDead,
        on_ended: Callable[[BatchRecord], None] | None = None,
    ) -> None:
        self._database = database
        self._runner = runner
        self._clock = clock
        self._at_once = at_once
        self._poll_seconds = poll_seconds
        self._lease_seconds = lease_seconds
        self._is_dead = partial(_is_dead, is_surely_dead, host)
        self._on_ended = on_ended
        self._threads: dict[str, Thread] = {}
        self._not_before: dict[str, int] = {}

    def serve(self, stop: Event) -> None:
        """Look for batches until ``stop`` is set; then wait for those that run to be left."""
        while not stop.is_set():
            try:
                self.look(stop)
            except Exception as error:
                if not is_unavailable(error):
                    raise
                _log.warning("the ledger does not answer, it is tried again: %s", error)
            stop.wait(self._poll_seconds)
        for thread in self._threads.values():
            thread.join()

    def look(self, stop: Event) -> list[str]:
        """Take what may be taken now; answers which batches that is."""
        self._threads = {id_: each for id_, each in self._threads.items() if each.is_alive()}
        if len(self._threads) >= self._at_once:
            return []
        now = self._clock.now()
        with self._database.reading() as connection:
            left = left_batches(connection)
        free = [batch for batch in left if self._is_free(batch, now)]
        taken = [batch.id for batch in free if batch.id not in self._threads]
        taken = taken[: self._at_once - len(self._threads)]
        for id_ in taken:
            thread = Thread(target=self._run, args=(id_, stop), name=f"batch {id_}", daemon=True)
            self._threads[id_] = thread
            thread.start()
        return taken

    def _is_free(self, batch: BatchRecord, now: int) -> bool:
        if now < self._not_before.get(batch.id, 0):
            return False
        if batch.owner is None or batch.expires_at is None or batch.expires_at <= now:
            return True
        return self._is_dead(batch.owner)

    def _run(self, batch_id: str, stop: Event) -> None:
        run = BatchRun(
            self._database,
            batch_id,
            self._runner,
            clock=self._clock,
            lease_seconds=self._lease_seconds,
            is_surely_dead=self._is_dead,
        )
        try:
            ended = run.run(stop)
        except BatchTaken:
            return  # another scheduler was quicker
        except Exception:  # noqa: BLE001 - it stays on record, for another try or another scheduler
            _log.exception("batch %s cannot go on here", batch_id)
            self._not_before[batch_id] = self._clock.now() + _PAUSE_AFTER_TROUBLE
            return
        if self._on_ended is not None and ended.ended_at is not None:
            self._on_ended(ended)


def _is_dead(is_surely_dead: IsSurelyDead, host: str, owner: str) -> bool:
    return is_surely_dead(owner, host)
