"""Telling a run's events to a tree, in seconds since it began."""

from datetime import UTC, datetime
from typing import Any

from everyrun.cli.live.tree import RunTree
from everyrun.domain import events
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.status import Status

BEGAN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RUN = "run"


def moment(seconds: float) -> datetime:
    """A moment of the run."""
    return to_datetime(micros(seconds))


def micros(seconds: float) -> int:
    """A moment of the run, microseconds UTC."""
    return to_microseconds(BEGAN) + int(seconds * 1_000_000)


class Teller:
    """Makes events, keeps them, and feeds them to a tree."""

    def __init__(self, *planned: str, tree: RunTree | None = None) -> None:
        self.tree = tree or RunTree(RUN, "report", BEGAN, planned)
        self.told: list[events.AnyEvent] = []

    def tell(self, kind: type, at: float, **values: Any) -> "Teller":
        """Something happens to the execution."""
        event = kind(
            **{"execution_id": RUN, "workflow": "report", "kind": "graph", **values},
            at=micros(at),
        )
        self.told.append(event)
        self.tree.feed([event])
        return self

    def begin(self, key: str, at: float, **values: Any) -> "Teller":
        """An attempt of a node begins."""
        return self.tell(events.NodeStarted, at, node=key, **_row(key, values))

    def end(
        self, key: str, at: float, status: Status = Status.COMPLETED, **values: Any
    ) -> "Teller":
        """A node settles."""
        began = values.pop("began", None)
        started_at = None if began is None else micros(began)
        return self.tell(
            events.NodeFinished,
            at,
            node=key,
            status=status,
            started_at=started_at,
            **_row(key, values),
        )

    def retry(self, key: str, at: float, attempt: int, began: float, error: str) -> "Teller":
        """An attempt of a node fails, and another will follow."""
        return self.tell(
            events.NodeRetrying,
            at,
            node=key,
            attempt=attempt,
            started_at=micros(began),
            error_type="httpx.ConnectError",
            error_message=error,
            **_row(key, {}),
        )

    def fail(self, key: str, at: float, message: str, **values: Any) -> "Teller":
        """A node fails."""
        return self.end(
            key, at, Status.FAILED, error_type="ValueError", error_message=message, **values
        )


def _row(key: str, values: dict[str, Any]) -> dict[str, Any]:
    turn = values.get("iteration")
    return {"node_execution_id": key if turn is None else f"{key}[{turn}]", **values}
