"""The chore of ending reported runs of which nothing more is heard."""

from functools import partial

from everyrun.store.database import Database
from everyrun.workflows.reporting import end_quiet_runs

LOOK_EVERY = 60 * 1_000_000
"""Microseconds between two looks."""


class Quieting:
    """Remembers when it last looked."""

    def __init__(self) -> None:
        self._next_at = 0

    def end_quiet(self, database: Database, now: int) -> int:
        """End what has been quiet for an hour, when it is time to look; answers how many."""
        if now < self._next_at:
            return 0
        self._next_at = now + LOOK_EVERY
        ended, before = 0, None
        while True:
            found = database.transact(partial(end_quiet_runs, now=now, before=before))
            ended, before = ended + found.ended, found.before
            if before is None:
                return ended
