"""One status vocabulary, and the one table of its legal moves.

Other vocabularies (Celery's, the scripts' ``success``/``error``) exist only at the borders, where
they are translated. The drawing in ``docs/reference/status.md`` is generated from ``LEGAL_MOVES``.
"""

from enum import StrEnum

from everyrun.domain.errors import IllegalMove


class Status(StrEnum):
    """Where an execution or a node execution stands."""

    PENDING = "pending"
    RUNNING = "running"
    RETRYING = "retrying"
    LOST = "lost"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class LogLevel(StrEnum):
    """Level of an execution log (R2.1)."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class WorkflowKind(StrEnum):
    """What sort of thing runs by a name."""

    GRAPH = "graph"
    FUNCTION = "function"
    SCRIPT = "script"
    JOB = "job"
    CELERY = "celery"


class TriggerType(StrEnum):
    """What made an execution start. Other words are kept as given."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    API = "api"
    EVENT = "event"
    PARENT = "parent"
    RERUN = "rerun"
    BATCH = "batch"


SETTLED = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED})
"""Statuses that nothing leaves again (R2.9). ``lost`` is not among them: a late report wins."""

LEGAL_MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.RUNNING, Status.SKIPPED, Status.CANCELLED, Status.LOST}),
    Status.RUNNING: frozenset(
        {Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.RETRYING, Status.LOST}
    ),
    Status.RETRYING: frozenset({Status.RUNNING, Status.FAILED, Status.CANCELLED, Status.LOST}),
    Status.LOST: frozenset({Status.RUNNING, Status.FAILED, Status.CANCELLED}),
}
"""Status -> the statuses that a decision may move it to.

A decision (the engine's, a person's) goes through :func:`advance`. Reports from elsewhere arrive
in any order and are joined instead (``store/append``): there a late report beats ``lost``.
"""

_VERBS = {
    Status.RUNNING: "start",
    Status.COMPLETED: "complete",
    Status.FAILED: "fail",
    Status.CANCELLED: "cancel",
    Status.SKIPPED: "skip",
    Status.RETRYING: "retry",
    Status.LOST: "lose",
    Status.PENDING: "queue",
}


def advance(current: Status, to: Status) -> Status:
    """Answer ``to`` when the move is legal, else raise :class:`IllegalMove` (R2.5-R2.8)."""
    if to not in LEGAL_MOVES.get(current, frozenset()):
        raise IllegalMove(f"Cannot {_VERBS[to]} execution in {current} state")
    return to
