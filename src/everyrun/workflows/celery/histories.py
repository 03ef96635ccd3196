"""What has settled in executions, kept between passes: it changes no more."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Connection

from everyrun.domain.status import SETTLED
from everyrun.store.history import NodeHistory, read_news

MOST = 16
"""Executions of which something is kept."""


class Histories:
    """The last few that were read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._settled: OrderedDict[str, dict[str, NodeHistory]] = OrderedDict()

    def read(self, connection: Connection, execution_id: str) -> list[NodeHistory]:
        """All node executions of an execution in the order in which they were begun."""
        with self._lock:
            known = self._settled.get(execution_id, {})
        found = read_news(connection, execution_id, known)
        settled = {row.id: row for row in found if row.status in SETTLED}
        with self._lock:
            self._settled[execution_id] = settled
            self._settled.move_to_end(execution_id)
            while len(self._settled) > MOST:
                self._settled.popitem(last=False)
        return found

    def forget(self, execution_id: str) -> None:
        """It has settled, too."""
        with self._lock:
            self._settled.pop(execution_id, None)
