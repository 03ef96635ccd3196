"""The chore of forgetting old changes, a little at a time, old figures, visitors and workers."""

from functools import partial

from everyrun.store.access.forgetting import forget_visitors
from everyrun.store.changes.pruning import CHUNK, prune_changes
from everyrun.store.database import Database
from everyrun.store.figures import forget_figures
from everyrun.store.workers import forget_workers

FORGET_EVERY = 10 * 60 * 1_000_000
"""Microseconds between two looks for changes to forget."""

CHUNKS_AT_ONCE = 20


class Forgetting:
    """Remembers when it last looked."""

    def __init__(self) -> None:
        self._next_at = 0

    def forget(self, database: Database, now: int) -> int:
        """Forget changes that need not be kept, when it is time; answers how many.

        What is left after so many transactions is left for the next look, which is the next round
        then.
        """
        if now < self._next_at:
            return 0
        work = partial(prune_changes, now=now)
        forgotten = 0
        for _ in range(CHUNKS_AT_ONCE):
            count = database.transact(work)
            forgotten += count
            if count < CHUNK:
                self._next_at = now + FORGET_EVERY
                database.transact(partial(forget_figures, now=now))
                database.transact(partial(forget_visitors, now=now))
                database.transact(partial(forget_workers, now=now))
                break
        return forgotten
