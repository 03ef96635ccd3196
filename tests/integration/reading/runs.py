"""Executions at chosen times, with everything that a test does not care about filled in."""

from collections.abc import Sequence
from typing import Any

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND, tell
from tests.support.stories import identifier_at

HOUR = 3_600 * SECOND
NOBODY = "01890000-0000-7000-8000-000000000000"
"""An id that nothing on record has."""
_numbers = iter(range(1, 1_000_000_000))


class Run:
    """One execution asked for at a moment; ``told`` holds its events."""

    def __init__(
        self, workflow: str = "nightly", at: int = NOON, kind: str = "function", **more: Any
    ) -> None:
        self.at = at
        self.id = identifier_at(at, next(_numbers))
        self.of: dict[str, Any] = {"execution_id": self.id, "workflow": workflow, "kind": kind}
        self.told: list[Any] = [events.ExecutionCreated(**self.of, at=at, **more)]

    def started(self, after: int = 0) -> "Run":
        self.told.append(events.ExecutionStarted(**self.of, at=self.at + after))
        return self

    def finished(
        self, status: Status = Status.COMPLETED, after: int = SECOND, **more: Any
    ) -> "Run":
        """Settled ``after`` microseconds, and started at once unless told otherwise."""
        self.told.append(
            events.ExecutionFinished(
                **self.of, at=self.at + after, status=status, started_at=self.at, **more
            )
        )
        return self

    def node(
        self,
        key: str,
        status: Status | None = Status.COMPLETED,
        took: int = SECOND,
        attempt: int = 1,
        **more: Any,
    ) -> str:
        """A node execution that began with the execution; None leaves it running. Its id."""
        node_execution_id = new_id()
        at_node: dict[str, Any] = {
            **self.of,
            "node": key,
            "node_execution_id": node_execution_id,
            "attempt": attempt,
        }
        self.told.append(events.NodeStarted(**at_node, at=self.at, **more))
        if status is not None:
            at_node["at"] = self.at + took
            if status is Status.FAILED:
                at_node |= {"error_type": "OSError", "error_message": "no space left\nat all"}
            self.told.append(events.NodeFinished(**at_node, status=status))
        return node_execution_id

    def lines(self, *messages: str, after: int = 0, **more: Any) -> "Run":
        self.told += [
            events.LineLogged(
                **self.of, id=new_id(), at=self.at + after + number, message=message, **more
            )
            for number, message in enumerate(messages)
        ]
        return self


def tell_runs(database: Database, runs: Sequence[Run]) -> None:
    """Put executions on record, and forget what they told."""
    tell(database, *(event for run in runs for event in run.told))
    for run in runs:
        run.told.clear()
