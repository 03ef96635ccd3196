"""Executions while they run: calls of a ``@workflow``, ``with`` blocks, jobs and commands."""

from collections.abc import Iterable, Iterator, Mapping
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
from everyrun.tracking.describing import tags_on_record
from everyrun.tracking.harmless import harmless
from everyrun.tracking.places import Place, Reached
from everyrun.tracking.requesting import Request


class RunningExecution(Place):
    """One run of a workflow, while it runs."""

    _tags: frozenset[str] = frozenset()
    handed_on: bool = False
    """Whether tasks were sent from here that go on elsewhere and settle the execution."""

    def __init__(self, workflow: str, kind: str, execution_id: str | None = None) -> None:
        self.id = execution_id or new_id()
        self.workflow = workflow
        self.kind = kind
        self.outer: Place | None = None
        self.generation = Lineage.generation
        self._numbers: Iterator[int] = count(1)

    @property
    def execution(self) -> "RunningExecution":
        """The execution itself."""
        return self

    def next_number(self) -> int:
        """Where the next node execution stands in the order in which they begin, from 1."""
        return next(self._numbers)

    def number_all_as(self, number: int) -> None:
        """Give all node executions that begin here the same number; their ids order them."""
        self._numbers = repeat(number)

    @harmless
    def tag(self, tags: Iterable[str]) -> None:
        """Add tags, in whatever form they are given."""
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
