"""A server as a ledger that commands read and act through."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from everyrun.cli.errors import BadInput
from everyrun.cli.ledgers.ports import RunRequest, Runs
from everyrun.cli.ledgers.there.batches import BatchesThere
from everyrun.cli.ledgers.there.controls import ControlsThere
from everyrun.cli.ledgers.there.executions import ExecutionsThere
from everyrun.cli.ledgers.there.figures import FiguresThere
from everyrun.cli.ledgers.there.logs import LogsThere
from everyrun.cli.ledgers.there.schedules import SchedulesThere
from everyrun.cli.ledgers.there.workflows import WorkflowsThere
from everyrun.cli.messages import say
from everyrun.domain.views.controlling import RerunPreview, RerunRequest, Started

if TYPE_CHECKING:
    from everyrun.client import Client


class LedgerThere:
    """A server. What is run is run by it, and only watched from here."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.executions = ExecutionsThere(client)
        self.logs = LogsThere(client)
        self.controls = ControlsThere(client)
        self.figures = FiguresThere(client)
        self.workflows = WorkflowsThere(client)
        self.schedules = SchedulesThere(client)
        self.batches = BatchesThere(client)

    def queue(self, request: RunRequest, *, by: str | None) -> Started:
        """Put an execution on record that waits for an engine."""
        return self._client.executions.start(
            request.workflow, request.input, version=request.version, tags=request.tags
        )

    def preview_rerun(self, execution_id: str, request: RerunRequest) -> RerunPreview:
        """What a rerun would do."""
        return self._client.executions.preview_rerun(
            execution_id,
            request.mode,
            nodes=request.nodes,
            inputs=request.inputs,
            edits=request.edits,
        )

    def runs(
        self,
        *,
        by: str | None,
        quiet: bool,
        as_json: bool,
        concurrency: int | None = None,
        executor: str | None = None,
    ) -> AbstractContextManager[Runs]:
        """A view of what the server runs. Raises ``BadInput`` for what is the server's to say."""
        from everyrun.cli.ledgers.there.runs import RunsThere

        if concurrency is not None:
            raise BadInput(say("not_over_http", what="--concurrency"))
        if executor is not None:
            raise BadInput(say("not_over_http", what="--executor"))
        return RunsThere(self._client, quiet=quiet, as_json=as_json)
