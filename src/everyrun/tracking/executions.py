"""Executions: ``with everyrun.execution("nightly import") as run: ...``."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import count, repeat
from typing import Any

from everyrun.domain.events import (
    ExecutionCreated,
    ExecutionFinished,
    ExecutionProgressed,
    ExecutionStarted,
    ExecutionTagged,
)
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.tracking import recording
from everyrun.tracking.context import Lineage
from everyrun.tracking.describing import (
    Context,
    Metadata,
    kind_on_record,
    name_on_record,
    tags_on_record,
)
from everyrun.tracking.harmless import harmless
from everyrun.tracking.nodes import NodeExecution
from everyrun.tracking.places import Place, Reached
from everyrun.tracking.requesting import Request


class Execution(Place):
    """One run of a workflow, while it runs. :func:`execution` makes one for a ``with`` block."""

    _request: Request | None = None
    _captures_output: bool = False
    _capture: AbstractContextManager[None] | None = None
    _tags: frozenset[str] = frozenset()

    def __init__(self, workflow: str, kind: str, execution_id: str | None = None) -> None:
        self.id = execution_id or new_id()
        self.workflow = workflow
        self.kind = kind
        self.outer: Place | None = None
        self.generation = Lineage.generation
        self._numbers: Iterator[int] = count(1)

    @property
    def execution(self) -> "Execution":
        """The execution itself."""
        return self

    def next_number(self) -> int:
        """Where the next node execution stands in the order in which they begin, from 1."""
        return next(self._numbers)

    def number_all_as(self, number: int) -> None:
        """Give all node executions that begin here the same number; their ids order them."""
        self._numbers = repeat(number)

    def node(self, name: str, *, input: object = None, iteration: object = None) -> NodeExecution:  # noqa: A002 - the record's word
        """A step of this execution, for ``with`` and ``async with``.

        ``input`` is put on record; ``iteration`` labels a loop's turn.
        """
        return NodeExecution.block(self, name, input, iteration)

    def tag(self, *tags: str) -> None:
        """Add tags. They only ever grow."""
        self._tag(tags)

    @harmless
    def _tag(self, tags: tuple[str, ...]) -> None:
        self.tag_once(tags_on_record(tags))

    def tag_once(self, tags: Iterable[str]) -> None:
        """Add those of ``tags`` (in the form they have on record) that were not added before."""
        new = [tag for tag in tags if tag not in self._tags]
        if new:
            self._tags = self._tags.union(new)
            recorder = recording.current()
            recorder.record(
                ExecutionTagged(
                    execution_id=self.id,
                    workflow=self.workflow,
                    kind=self.kind,
                    at=recorder.clock.now(),
                    tags=new,
                )
            )

    @harmless
    def ask_for(self, described: Mapping[str, Any]) -> None:
        """Put on record that it is wanted and waits. ``described`` is :meth:`Request.described`."""
        self.status = Status.PENDING
        recorder = recording.current()
        recorder.record(
            ExecutionCreated(
                execution_id=self.id,
                workflow=self.workflow,
                kind=self.kind,
                at=recorder.clock.now(),
                **described,
            )
        )

    @harmless
    def begin_what_was_asked_for(self, described: Mapping[str, Any]) -> None:
        """Put on record that what waited runs from now on."""
        self.status = Status.RUNNING
        self.begin_as(described)

    @harmless
    def begin_on_request(self, request: Request) -> None:
        """Put on record that it runs from now on, as ``request`` describes it."""
        self.begin_as(request.described(self.outer))

    @harmless
    def settle_as(
        self, status: Status, error: CapturedError | None = None, output: object = None
    ) -> None:
        """Settle as told. ``output`` is a plain value already."""
        self._finish(status, error, output)

    def begin_as(self, described: Mapping[str, Any]) -> None:
        """Put on record that it runs from now on. ``described`` is :meth:`Request.described`."""
        recorder = recording.current()
        self.started_at = recorder.clock.now()
        self._tags = frozenset(described.get("tags", ()))
        recorder.record(
            ExecutionStarted(
                execution_id=self.id,
                workflow=self.workflow,
                kind=self.kind,
                at=self.started_at,
                **described,
            )
        )

    def begin_block(self) -> None:
        """Put on record that a ``with`` block begins here, and enter it."""
        super().begin_block()
        if self._captures_output:
            from everyrun.tracking.capturing_output import capture_output

            self._capture = capture_output()
            self._capture.__enter__()

    def end_block(self, error: BaseException | None) -> None:
        """Leave the ``with`` block and settle as it ended."""
        if self._capture is not None:
            self._capture.__exit__(None, None, None)
        super().end_block(error)

    def _begin(self) -> None:
        self.begin_on_request(self._request or Request())

    def _finish(self, status: Status, error: CapturedError | None, output: object) -> None:
        self.status = status
        recorder = recording.current()
        at = recorder.clock.now()
        started_at = self.started_at
        event = ExecutionFinished(
            execution_id=self.id,
            workflow=self.workflow,
            kind=self.kind,
            at=max(started_at, at),
            started_at=started_at or None,
            status=status,
            output=output,
        )
        if error is not None:
            event.error_type = error.type or None
            event.error_message = error.message
            event.error_traceback = error.traceback or None
        recorder.record(event)

    def settle_with_its_node(
        self, status: Status, output: object, error: CapturedError | None
    ) -> None:
        """Settle as the one node did that this execution was begun for."""
        self._say_what_was_held_back()
        self._finish(*self._as_chosen(status, error), output)

    def _record_progress(self, reached: Reached, at: int) -> None:
        recording.current().record(
            ExecutionProgressed(
                execution_id=self.id,
                workflow=self.workflow,
                kind=self.kind,
                at=at,
                current=reached.current,
                total=reached.total,
                message=reached.message,
            )
        )


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
    the execution's context; ``triggered_by`` (the operating system's user by default) and what
    follows it in its metadata (R2.12); ``context`` and ``metadata`` take anything else.
    ``timeout_seconds`` is put on record and stops nothing. ``capture_output`` puts on record what
    the block writes to stdout and stderr.

    Raises ``ValueError`` for an unknown ``kind``.
    """
    run = Execution(name_on_record(name), kind_on_record(kind))
    run.status = Status.PENDING
    run._captures_output = capture_output  # noqa: SLF001 - ours
    run._request = Request(  # noqa: SLF001 - ours
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
            triggered_by=triggered_by,
            schedule_id=schedule_id,
            priority=priority,
            allow_concurrent=allow_concurrent,
            timeout_seconds=timeout_seconds,
            correlation_id=correlation_id,
        ),
    )
    return run
