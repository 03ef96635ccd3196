"""What was read of executions' histories, kept between passes: most of it is as it was."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Connection

from everyrun.store.history import NodeHistory, read_news

MOST = 16
"""Executions of which something is kept."""


class Histories:
    """The last few that were read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, dict[str, NodeHistory]] = OrderedDict()

    def read(self, connection: Connection, execution_id: str) -> list[NodeHistory]:
        """All node executions of an execution in the order in which they were begun."""
        with self._lock:
            known = self._known.get(execution_id, {})
        found = read_news(connection, execution_id, known)
        with self._lock:
            self._known[execution_id] = {row.id: row for row in found}
            self._known.move_to_end(execution_id)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def forget(self, execution_id: str) -> None:
        """It has settled."""
        with self._lock:
            self._known.pop(execution_id, None)
