"""Recorded events read as executions, for tests: in the order in which they were recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from everyrun.domain.events import (
    AnyEvent,
    Event,
    ExecutionCreated,
    ExecutionFinished,
    ExecutionProgressed,
    ExecutionStarted,
    ExecutionTagged,
    LineLogged,
    NodeEvent,
    NodeFinished,
    NodeProgressed,
    NodeRetrying,
    NodeStarted,
)
from everyrun.domain.payloads import restore
from everyrun.domain.status import LogLevel, Status


@dataclass
class RecordedLine:
    """One line of an execution or of one of its node executions."""

    level: LogLevel
    message: str
    data: Any
    logger: str | None
    node: str | None
    node_execution_id: str | None
    attempt: int
    at: int


@dataclass
class RecordedError:
    """An exception, as it was put on record. A chosen outcome has a message alone."""

    type: str | None
    message: str | None
    traceback: str | None


@dataclass
class RecordedNode:
    """One node execution. ``failures`` are the errors of the attempts before the last."""

    id: str
    name: str
    execution_id: str
    status: Status = Status.PENDING
    attempt: int = 1
    type: str | None = None
    order: int | None = None
    iteration: str | None = None
    parent_id: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    input: Any = None
    output: Any = None
    error: RecordedError | None = None
    failures: list[RecordedError] = field(default_factory=list)
    progress: tuple[float, float | None] | None = None


@dataclass
class RecordedExecution:
    """One execution, with its node executions and lines."""

    id: str
    name: str
    kind: str
    status: Status = Status.PENDING
    trigger: str | None = None
    external_id: str | None = None
    parent_execution_id: str | None = None
    parent_node_execution_id: str | None = None
    tags: list[str] = field(default_factory=list)
    context: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    started_at: int | None = None
    ended_at: int | None = None
    input: Any = None
    output: Any = None
    error: RecordedError | None = None
    progress: tuple[float, float | None] | None = None
    nodes: list[RecordedNode] = field(default_factory=list)
    lines: list[RecordedLine] = field(default_factory=list)

    def node(self, name: str) -> RecordedNode:
        """The only node execution of ``name``. Raises ``AssertionError`` for none or several."""
        found = [node for node in self.nodes if node.name == name]
        if len(found) != 1:
            names = ", ".join(node.name for node in self.nodes) or "none"
            raise AssertionError(
                f"expected one node {name!r}, not {len(found)}; there are: {names}"
            )
        return found[0]

    @property
    def messages(self) -> list[str]:
        """The text of all lines, also of the nodes'."""
        return [line.message for line in self.lines]


def executions_of(events: Iterable[AnyEvent]) -> list[RecordedExecution]:
    """The executions that these events tell of, in the order in which they were first told of."""
    executions: dict[str, RecordedExecution] = {}
    nodes: dict[str, RecordedNode] = {}
    for event in list(events):
        if not isinstance(event, Event):
            continue
        run = executions.setdefault(
            event.execution_id,
            RecordedExecution(event.execution_id, event.workflow, event.kind),
        )
        if isinstance(event, NodeEvent):
            _tell_of_node(_node_of(event, run, nodes), event)
        elif isinstance(event, LineLogged):
            run.lines.append(_line_of(event))
        else:
            _tell_of_execution(run, event)
    return list(executions.values())


def _node_of(
    event: NodeEvent, run: RecordedExecution, nodes: dict[str, RecordedNode]
) -> RecordedNode:
    node = nodes.get(event.node_execution_id)
    if node is None:
        node = RecordedNode(event.node_execution_id, event.node, event.execution_id)
        nodes[node.id] = node
        run.nodes.append(node)
    node.type, node.order, node.iteration = event.node_type, event.order, event.iteration
    node.parent_id, node.attempt = event.parent_node_execution_id, event.attempt
    return node


def _tell_of_execution(run: RecordedExecution, event: Event) -> None:
    match event:
        case ExecutionCreated() | ExecutionStarted():
            run.trigger, run.external_id = event.trigger, event.external_id
            run.parent_execution_id = event.parent_execution_id
            run.parent_node_execution_id = event.parent_node_execution_id
            run.context, run.metadata = restore(event.context), restore(event.metadata)
            run.tags = [*dict.fromkeys([*run.tags, *event.tags])]
            run.input = run.input if event.input is None else restore(event.input)
            if isinstance(event, ExecutionStarted):
                run.status, run.started_at = Status.RUNNING, event.at
        case ExecutionTagged():
            run.tags = [*dict.fromkeys([*run.tags, *event.tags])]
        case ExecutionProgressed():
            run.progress = (event.current, event.total)
        case ExecutionFinished() if run.ended_at is None:
            run.status, run.ended_at = event.status, event.at
            run.output, run.error = restore(event.output), _error_of(event)


def _tell_of_node(node: RecordedNode, event: NodeEvent) -> None:
    match event:
        case NodeStarted():
            node.status = Status.RUNNING
            node.started_at = node.started_at or event.at
            node.input = node.input if event.input is None else restore(event.input)
        case NodeProgressed():
            node.progress = (event.current, event.total)
        case NodeRetrying():
            node.status = Status.RETRYING
            node.failures.append(
                RecordedError(event.error_type, event.error_message, event.error_traceback)
            )
        case NodeFinished() if node.ended_at is None:
            node.status, node.ended_at = event.status, event.at
            node.output, node.error = restore(event.output), _error_of(event)


def _error_of(event: ExecutionFinished | NodeFinished) -> RecordedError | None:
    if event.error_type is None and event.error_message is None:
        return None
    return RecordedError(event.error_type, event.error_message, event.error_traceback)


def _line_of(event: LineLogged) -> RecordedLine:
    return RecordedLine(
        level=event.level,
        message=event.message,
        data=restore(event.data),
        logger=event.logger,
        node=event.node,
        node_execution_id=event.node_execution_id,
        attempt=event.attempt,
        at=event.at,
    )
