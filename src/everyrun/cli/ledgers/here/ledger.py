"""A database as a ledger that commands read and act through."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from everyrun.cli.ledgers.here.batches import BatchesHere
from everyrun.cli.ledgers.here.controls import ControlsHere
from everyrun.cli.ledgers.here.executions import ExecutionsHere
from everyrun.cli.ledgers.here.figures import FiguresHere
from everyrun.cli.ledgers.here.logs import LogsHere
from everyrun.cli.ledgers.here.schedules import SchedulesHere
from everyrun.cli.ledgers.here.workflows import WorkflowsHere
from everyrun.cli.ledgers.ports import RunRequest, Runs
from everyrun.domain.views.controlling import PlannedNode, RerunPreview, RerunRequest, Started

if TYPE_CHECKING:
    from everyrun.store.database import Database


class LedgerHere:
    """An open database. What is run is run by this process."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self.executions = ExecutionsHere(database)
        self.logs = LogsHere(database)
        self.controls = ControlsHere(database)
        self.figures = FiguresHere(database)
        self.workflows = WorkflowsHere(database)
        self.schedules = SchedulesHere(database)
        self.batches = BatchesHere(database)

    def queue(self, request: RunRequest, *, by: str | None) -> Started:
        """Put an execution on record that waits for an engine."""
        from everyrun.cli.ledgers.here.runs import launch_request
        from everyrun.workflows.launching import launch

        launched = launch(self._database, launch_request(request, by))
        return Started(
            id=launched.execution_id,
            workflow=request.workflow,
            version=launched.version.version,
            status=launched.status,
            reason=launched.reason,
        )

    def preview_rerun(self, execution_id: str, request: RerunRequest) -> RerunPreview:
        """What a rerun would do."""
        from everyrun.workflows import rerunning

        mode = rerunning.Mode(request.mode.value)
        plan = rerunning.preview(
            self._database,
            execution_id,
            mode,
            nodes=request.nodes,
            inputs=request.inputs,
            edits=request.edits,
        )
        reused, run, skipped = (
            [PlannedNode(node=each.node, reason=each.reason) for each in planned]
            for planned in (plan.reused, plan.run, plan.skipped)
        )
        return RerunPreview(
            origin_execution_id=plan.origin_execution_id,
            workflow=plan.workflow,
            version=plan.version,
            mode=request.mode,
            inputs=plan.inputs,
            edits=plan.edits,
            reused=reused,
            run=run,
            skipped=skipped,
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
        """An engine of this process, and a view of what it runs."""
        from everyrun.cli.ledgers.here.runs import RunsHere

        return RunsHere(
            self._database,
            by=by,
            quiet=quiet,
            as_json=as_json,
            concurrency=concurrency,
            executor=executor,
        )
