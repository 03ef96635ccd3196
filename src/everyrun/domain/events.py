"""Events: facts on their way into the ledger, and their wire format, version 1.

Every event stands alone: it names its execution, workflow and kind (and node, where it has one), so
that whichever arrives first can make the missing parents. Times are whole microseconds since 1970,
UTC; identifiers are canonical UUIDs, version 7. Payloads (``input``, ``output``, ``data``,
``context``, ``metadata``) are plain JSON values made by ``domain.payloads``: already redacted and
capped. ``docs/reference/events.md`` describes every field; its schema is generated from here.
"""

from typing import Any

import msgspec

from everyrun.domain.status import LogLevel, Status

WIRE_VERSION = 1


class Event(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False, tag_field="type"):
    """What every event says: which execution of which workflow, and when."""

    execution_id: str
    workflow: str
    at: int
    kind: str = "function"


class _ExecutionDescription(Event, kw_only=True, omit_defaults=True, gc=False):
    """What is known of an execution when it is asked for or begins."""

    trigger: str = "manual"
    input: Any = None
    external_id: str | None = None
    parent_execution_id: str | None = None
    parent_node_execution_id: str | None = None
    origin_execution_id: str | None = None
    batch_id: str | None = None
    workflow_version_id: str | None = None
    tags: list[str] = []
    context: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    nodes_total: int | None = None


class ExecutionCreated(_ExecutionDescription, tag="execution.created"):
    """An execution was asked for and waits: ``pending``.

    ``detached`` when another process will run it, so that the end of this one says nothing of it.
    """

    detached: bool = False


class ExecutionStarted(_ExecutionDescription, tag="execution.started"):
    """An execution began: ``running``."""


class ExecutionTagged(Event, tag="execution.tagged"):
    """Tags were added. Tags only ever grow."""

    tags: list[str]


class ExecutionProgressed(Event, tag="execution.progressed"):
    """How far an execution is: ``current`` of ``total`` (unknown when None)."""

    current: float
    total: float | None = None
    message: str | None = None


class ExecutionFinished(Event, tag="execution.finished"):
    """An execution settled: completed, failed, cancelled or skipped."""

    status: Status
    started_at: int | None = None
    output: Any = None
    error_type: str | None = None
    error_message: str | None = None
    error_traceback: str | None = None


class ExecutionLost(Event, tag="execution.lost"):
    """Evidence that the execution's process is gone. Anything it says later than ``at`` wins."""

    reason: str


class NodeEvent(Event, kw_only=True, omit_defaults=True, gc=False):
    """What every event of a node execution says.

    ``node`` is the node's key, ``node_execution_id`` the row, ``attempt`` counts from 1.
    ``order`` numbers the node executions of an execution as they were begun, from 1.
    ``iteration`` labels a loop's turn or a group's member.
    """

    node: str
    node_execution_id: str
    attempt: int = 1
    node_type: str | None = None
    order: int | None = None
    parent_node_execution_id: str | None = None
    iteration: str | None = None
    started_at: int | None = None


class NodeCreated(NodeEvent, tag="node.created"):
    """A node execution waits: ``pending``. ``metadata`` says where it stands among the others."""

    input: Any = None
    metadata: dict[str, Any] | None = None


class NodeStarted(NodeEvent, tag="node.started"):
    """An attempt began: ``running``. ``metadata`` fills what was not known of it."""

    input: Any = None
    metadata: dict[str, Any] | None = None


class NodeProgressed(NodeEvent, tag="node.progressed"):
    """How far a node execution is: ``current`` of ``total`` (unknown when None)."""

    current: float
    total: float | None = None
    message: str | None = None


class NodeRetrying(NodeEvent, tag="node.retrying"):
    """An attempt failed and another will follow: ``retrying``. ``at`` is when it ended."""

    error_type: str | None = None
    error_message: str | None = None
    error_traceback: str | None = None


class NodeFinished(NodeEvent, tag="node.finished"):
    """A node execution settled: completed, failed, cancelled or skipped. ``at`` is when."""

    status: Status
    output: Any = None
    error_type: str | None = None
    error_message: str | None = None
    error_traceback: str | None = None


class NodeLost(NodeEvent, tag="node.lost"):
    """Evidence that the node's process is gone. Anything it says later than ``at`` wins."""

    reason: str


class LineLogged(Event, tag="log"):
    """One line of text of an execution or of one of its node executions.

    ``id`` makes a repeat harmless and orders lines of the same microsecond.
    """

    id: str
    message: str
    level: LogLevel = LogLevel.INFO
    node_execution_id: str | None = None
    node: str | None = None
    attempt: int = 1
    logger: str | None = None
    data: Any = None


class RecorderDropped(
    msgspec.Struct, kw_only=True, gc=False, tag_field="type", tag="recorder.dropped"
):
    """How many events this recorder has dropped so far because its spool was full or unwritable.

    ``count`` only ever grows, so a repeat changes nothing.
    """

    at: int
    count: int


class RecorderGone(msgspec.Struct, kw_only=True, gc=False, tag_field="type", tag="recorder.gone"):
    """The recording process has ended; what it left unsettled is ``lost``."""

    at: int
    reason: str


class QueueLength(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """A queue that a worker takes from. ``messages`` wait in it; None where that is not known."""

    name: str
    messages: int | None = None


class TaskUnderWay(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """A task that a worker runs, since ``since``."""

    id: str
    name: str
    since: int | None = None


class WorkerSeen(
    msgspec.Struct, kw_only=True, omit_defaults=True, gc=False, tag_field="type", tag="worker.seen"
):
    """How a worker of Celery stands, as its main process says of itself every few seconds.

    ``running`` names some of the ``running_total`` tasks that its pool runs; ``reserved`` more are
    taken from their queues. The latest of a recorder holds; of a queue the latest of any.
    """

    at: int
    name: str
    broker: str
    pool: str
    concurrency: int
    is_stopped: bool = False
    running: list[TaskUnderWay] = []
    running_total: int = 0
    reserved: int = 0
    done: int = 0
    queues: list[QueueLength] = []


AnyEvent = (
    ExecutionCreated
    | ExecutionStarted
    | ExecutionTagged
    | ExecutionProgressed
    | ExecutionFinished
    | ExecutionLost
    | NodeCreated
    | NodeStarted
    | NodeProgressed
    | NodeRetrying
    | NodeFinished
    | NodeLost
    | LineLogged
    | RecorderDropped
    | RecorderGone
    | WorkerSeen
)


class RecorderInfo(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Who recorded: one process's recorder. ``id`` is a UUIDv7 made when it began.

    ``heartbeat`` promises a batch, be it an empty one, at least every so many seconds: of whoever
    is silent for several times as long, what is unsettled shows as ``lost`` until it is heard of.
    """

    id: str
    host: str
    pid: int
    started_at: int
    program: str = ""
    everyrun_version: str = ""
    heartbeat: float | None = None


class Batch(msgspec.Struct, kw_only=True):
    """The body of ``POST /api/events``: ``version`` is :data:`WIRE_VERSION`."""

    version: int
    recorder: RecorderInfo
    events: list[AnyEvent]


class EncodedBatch(msgspec.Struct, kw_only=True):
    """A :class:`Batch` whose events are encoded already; it encodes to the same bytes."""

    version: int
    recorder: RecorderInfo
    events: list[msgspec.Raw]


encode = msgspec.msgpack.Encoder().encode
"""One event (or batch) -> MessagePack. Also taken as JSON by whoever reads batches."""

decode = msgspec.msgpack.Decoder(AnyEvent).decode
"""MessagePack -> one event. Raises ``msgspec.DecodeError`` with the place that is wrong."""
