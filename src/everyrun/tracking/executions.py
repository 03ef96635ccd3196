"""Executions: ``with everyrun.execution("nightly import") as run: ...``."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from everyrun.domain.status import Status, WorkflowKind
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import Context, Metadata, kind_on_record, name_on_record
from everyrun.tracking.handles import Handle
from everyrun.tracking.nodes import NodeExecution, node_block
from everyrun.tracking.requesting import Request
from everyrun.tracking.running_executions import RunningExecution


class Execution(Handle):
    """One run of a workflow. :func:`execution` makes one for a ``with`` block."""

    _place: RunningExecution

    def __init__(
        self,
        place: RunningExecution,
        begin: Callable[[], None] | None = None,
        *,
        captures_output: bool = False,
    ) -> None:
        super().__init__(place, begin)
        self._captures_output = captures_output
        self._capture: AbstractContextManager[None] | None = None

    @property
    def workflow(self) -> str:
        """The name that it runs by."""
        return self._place.workflow

    @property
    def kind(self) -> str:
        """What sort of workflow it is a run of."""
        return self._place.kind

    def node(self, name: str, *, input: object = None, iteration: object = None) -> NodeExecution:  # noqa: A002 - the record's word
        """A step of this execution, for ``with`` and ``async with``.

        ``input`` is put on record; ``iteration`` labels a loop's turn.
        """
        return node_block(self._place, name, input, iteration)

    def tag(self, *tags: str) -> None:
        """Add tags. They only ever grow."""
        self._place.tag(tags)

    def _enter(self) -> None:
        super()._enter()
        if self._captures_output:
            from everyrun.tracking.capturing_output import capture_output

            self._capture = capture_output()
            self._capture.__enter__()

    def _leave(self, error: BaseException | None) -> None:
        if self._capture is not None:
            self._capture.__exit__(None, None, None)
        super()._leave(error)

    def __repr__(self) -> str:
        return f"<Execution {self.workflow} {self.id}: {self.status}>"


def execution(
    name: str,
    *,
    input: object = None,  # noqa: A002 - the record's word
    kind: str = "script",
    trigger: str | None = None,
    tags: str | Iterable[str] = (),
    external_id: object = None,
    capture_output: bool = False,
    context: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    secrets: Mapping[str, Any] | None = None,
    environment: Mapping[str, Any] | None = None,
    retry_info: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    triggered_by: str | None = None,
    initiated_by: str | None = None,
    schedule_id: str | None = None,
    priority: int | None = None,
    allow_concurrent: bool | None = None,
    timeout_seconds: float | None = None,
    correlation_id: str | None = None,
) -> Execution:
    """An execution of the workflow ``name``, for ``with`` and ``async with``.

    ``trigger`` is ``manual``, or ``parent`` inside another execution, which it is then linked to.
    ``external_id`` is the caller's own id, unique within a ``kind`` of workflow. ``variables``,
    ``secrets`` (masked wherever their values appear), ``environment`` and ``retry_info`` stand in
    the execution's context; ``triggered_by`` (the operating system's user by default;
    ``initiated_by`` is the same) and what follows it in its metadata (R2.12); ``context`` and
    ``metadata`` take anything else.
    ``timeout_seconds`` is put on record and stops nothing. ``capture_output`` puts on record what
    the block writes to stdout and stderr.

    Of kind ``celery`` it is the canvas whose tasks the block sends: it settles when they have.

    Raises ``ValueError`` for an unknown ``kind``.
    """
    place = _place_of(name_on_record(name), kind_on_record(kind))
    place.status = Status.PENDING
    request = Request(
        input=input,
        trigger=trigger,
        tags=tags,
        external_id=external_id,
        context=context,
        metadata=metadata,
        named_context=Context(
            variables=variables, secrets=secrets, environment=environment, retry_info=retry_info
        ),
        named_metadata=Metadata(
            triggered_by=triggered_by or initiated_by,
            schedule_id=schedule_id,
            priority=priority,
            allow_concurrent=allow_concurrent,
            timeout_seconds=timeout_seconds,
            correlation_id=correlation_id,
        ),
    )
    begin = partial(place.begin_on_request, request)
    return Execution(place, begin, captures_output=capture_output)


def _place_of(name: str, kind: str) -> RunningExecution:
    if kind != WorkflowKind.CELERY:
        return RunningExecution(name, kind)
    from everyrun.tracking.canvases import RunningCanvas

    return RunningCanvas(name, kind)


def current_execution() -> Execution | None:
    """The execution that runs here, None outside any."""
    place = CURRENT.get()
    return None if place is None else Execution(place.execution)
