"""Executions that could run and that nobody takes: told of in the log, once each."""

import logging

from everyrun.store.database import Database
from everyrun.store.leases import waiting_since

MOST_TOLD = 20
_log = logging.getLogger("everyrun.scheduler")


class Overdue:
    """Remembers what it has told of. ``patience_seconds`` is how long nobody taking one is fine."""

    def __init__(self, patience_seconds: float) -> None:
        self._patience = round(patience_seconds * 1_000_000)
        self._told: set[str] = set()

    def tell(self, database: Database, now: int) -> list[str]:
        """Say which executions wait for longer than that; answers those not told of before."""
        with database.reading() as connection:
            waiting = waiting_since(connection, now - self._patience, MOST_TOLD)
        ids = {lease.execution_id for lease in waiting}
        news = [lease for lease in waiting if lease.execution_id not in self._told]
        self._told = ids
        for lease in news:
            _log.warning(
                "execution %s waits for %d s and no engine takes it%s",
                lease.execution_id,
                (now - lease.available_at) // 1_000_000,
                _limit(lease.at_most),
            )
        return [lease.execution_id for lease in news]


def _limit(at_most: int | None) -> str:
    return "" if at_most is None else f" (at most {at_most} of its workflow run at once)"
