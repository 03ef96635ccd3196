"""What a decorated function begins on each call. Everything that can be known is known before."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from everyrun.domain.events import ExecutionStarted
from everyrun.domain.status import TriggerType, WorkflowKind
from everyrun.tracking import recording
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import (
    inherited_parent,
    kind_on_record,
    name_on_record,
    tags_on_record,
    usual_metadata,
)
from everyrun.tracking.harmless import count_swallowed
from everyrun.tracking.places import Place
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.running_nodes import FUNCTION, RunningNode

_FUNCTION = WorkflowKind.FUNCTION.value
_MANUAL = TriggerType.MANUAL.value
_PARENT = TriggerType.PARENT.value
_RECEIVERS = ("self", "cls", "mcs")
_LOCALS = "<locals>."


class Tracked:
    """A function that is put on record: its name there and the names of its parameters."""

    def __init__(
        self, function: Callable[..., Any], name: str | None, tags: str | Iterable[str]
    ) -> None:
        self.function = function
        self.name = name_on_record(name or usual_name(function))
        self.tags = tags_on_record(tags)
        self.parameters = parameter_names(function)
        self.has_receiver = _has_receiver(function, self.parameters)
        if self.has_receiver:
            self.parameters = self.parameters[1:]

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Place:
        """Put on record that a call begins; answer its place, which code does not run in yet."""
        raise NotImplementedError


class TrackedWorkflow(Tracked):
    """A function whose every call is an execution."""

    def __init__(
        self,
        function: Callable[..., Any],
        name: str | None = None,
        tags: str | Iterable[str] = (),
        kind: str = WorkflowKind.FUNCTION,
    ) -> None:
        super().__init__(function, name, tags)
        self.kind = kind_on_record(kind)

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> RunningExecution:
        """Put on record that an execution begins, inside the one that runs here if one does."""
        run = RunningExecution(self.name, self.kind)
        run.outer = CURRENT.get()
        try:
            self.record_start(run, args[1:] if self.has_receiver else args, kwargs)
        except Exception:  # noqa: BLE001 - the function is worth more than its record
            count_swallowed()
        return run

    def record_start(
        self, run: RunningExecution, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Put on record that ``run`` begins with these arguments."""
        recorder = recording.current()
        given = recorder.capturer.arguments(self.parameters, args, kwargs)
        outer = run.outer
        parent = inherited_parent() if outer is None else outer.execution.id
        run.started_at = at = recorder.clock.now()
        recorder.record(
            ExecutionStarted(
                execution_id=run.id,
                workflow=run.workflow,
                kind=run.kind,
                at=at,
                trigger=_MANUAL if parent is None else _PARENT,
                input=given,
                parent_execution_id=parent,
                parent_node_execution_id=None if outer is None else outer.node_execution_id,
                tags=self.tags,
                metadata=usual_metadata(),
            )
        )


class TrackedNode(Tracked):
    """A function whose every call is a node execution, in an execution of its own if need be."""

    def __init__(
        self,
        function: Callable[..., Any],
        name: str | None = None,
        tags: str | Iterable[str] = (),
    ) -> None:
        super().__init__(function, name, tags)
        self._alone = TrackedWorkflow(function, self.name, self.tags)

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> RunningNode:
        """Put on record that a node execution begins in the execution that runs here.

        Where none runs, one begins for this node alone, named after it, and settles with it.
        """
        outer = CURRENT.get()
        run = RunningExecution(self.name, _FUNCTION) if outer is None else outer.execution
        node = RunningNode(run, self.name, FUNCTION)
        node.outer = outer
        node.alone = outer is None
        try:
            if self.has_receiver:
                args = args[1:]
            if outer is None:
                self._alone.record_start(run, args, kwargs)
            elif self.tags:
                run.tag_once(self.tags)
            capturer = recording.current().capturer
            node.begin_as(capturer.arguments(self.parameters, args, kwargs))
        except Exception:  # noqa: BLE001 - the function is worth more than its record
            count_swallowed()
        return node


def usual_name(function: Callable[..., Any]) -> str:
    """The name of a function as written: ``send``, ``Invoices.send``, ``inner`` of ``outer``."""
    named = inspect.unwrap(function)
    while hasattr(named, "func"):  # functools.partial
        named = named.func
    name = getattr(named, "__qualname__", None) or type(named).__qualname__
    return str(name).rpartition(_LOCALS)[2]


def parameter_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the parameters that may be given by position; none when they are not known."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(parameter.name for parameter in parameters if parameter.kind in by_position)


def _has_receiver(function: Callable[..., Any], parameters: tuple[str, ...]) -> bool:
    """Whether the first argument is the object or class that a method belongs to.

    It is not among a call's inputs: a snapshot of it would be large and say little.
    """
    within = usual_name(function).rpartition(".")[0]
    return bool(within and parameters and parameters[0] in _RECEIVERS)
