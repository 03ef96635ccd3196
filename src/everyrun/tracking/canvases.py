"""Executions of kind ``celery``: begun here, carried on by tasks elsewhere, settled by these."""

from everyrun.domain.events import ExecutionCreated
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.tracking import recording
from everyrun.tracking.harmless import harmless
from everyrun.tracking.requesting import Request
from everyrun.tracking.running_executions import RunningExecution


class RunningCanvas(RunningExecution):
    """A canvas of Celery tasks while it is being sent.

    It waits until the first of its tasks runs (R4.5), and is done when all of them are (R4.6).
    """

    @harmless
    def begin_on_request(self, request: Request) -> None:
        """Put on record that it is wanted; this process's end says nothing of it."""
        recorder = recording.current()
        described = request.described(self.outer)
        self._tags = frozenset(described.get("tags", ()))
        recorder.record(
            ExecutionCreated(
                execution_id=self.id,
                workflow=self.workflow,
                kind=self.kind,
                at=recorder.clock.now(),
                detached=True,
                **described,
            )
        )

    def _finish(self, status: Status, error: CapturedError | None, output: object) -> None:
        if status is Status.COMPLETED and self.handed_on:
            return
        super()._finish(status, error, output)
