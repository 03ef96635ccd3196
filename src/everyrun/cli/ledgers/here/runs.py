"""Executions that this process runs: from asking for one to saying how it ended."""

import os
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Self

from everyrun.cli import garbage
from everyrun.cli.ledgers.there.polled import Polled
from everyrun.cli.live.telling import tell_of_end
from everyrun.cli.live.tree import RunTree
from everyrun.cli.live.views import view_for
from everyrun.cli.live.watching import Watched
from everyrun.domain.clock import SystemClock, to_datetime
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import RunRequest
    from everyrun.domain.views.controlling import RerunRequest
    from everyrun.domain.views.nodes import EarlierAttempt
    from everyrun.store.database import Database
    from everyrun.store.versions import VersionRecord
    from everyrun.workflows.launching import Launched, LaunchRequest


class RunsHere:
    """Runs an execution in this process, and shows it as the options of the command ask for.

    Within ``with``. Each method answers the exit code that says how it ended.
    """

    def __init__(
        self,
        database: "Database",
        *,
        by: str | None,
        quiet: bool = False,
        as_json: bool = False,
        concurrency: int | None = None,
        executor: str | None = None,
    ) -> None:
        # What nodes log goes the way of everything that is recorded, into the same ledger.
        os.environ["EVERYRUN_URL"] = database.url.render_as_string(hide_password=False)
        from everyrun.cli.executors import engine_for

        self._database = database
        self._by = by
        self._quiet = quiet or as_json
        self._as_json = as_json
        self._watched = Watched()
        garbage.collect_as_usual()
        self._polled = Polled(self._read_attempts)
        self._engine = engine_for(
            database,
            executor,
            concurrency=concurrency,
            on_events=self._watched.hear,
            on_look=self._look,
        )

    def __enter__(self) -> Self:
        self._watched.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._watched.__exit__()
        self._engine.close()

    def _look(self, execution_id: str) -> None:
        """Hear from the record what workers elsewhere have done."""
        from everyrun.store.reading.execution import read_execution

        with self._database.reading() as connection:
            detail = read_execution(connection, execution_id)
        self._watched.hear(self._polled.changes(detail))

    def _read_attempts(self, execution_id: str) -> "list[EarlierAttempt]":
        from everyrun.store.reading.attempts import read_earlier_attempts

        with self._database.reading() as connection:
            return read_earlier_attempts(connection, execution_id)

    def launch(self, request: "RunRequest") -> int:
        """Run a workflow."""
        return self._run_launched(self._engine.launch(launch_request(request, self._by)))

    def rerun(self, execution_id: str, request: "RerunRequest") -> int:
        """Run an execution again, with what it takes over already on record."""
        from everyrun.workflows import rerunning

        launched = rerunning.rerun(
            self._database,
            execution_id,
            rerunning.Mode(request.mode.value),
            nodes=request.nodes,
            inputs=request.inputs,
            edits=request.edits,
            by=self._by,
            owner=self._engine.owner,
        )
        return self._run_launched(launched, from_record=True)

    def go_on(self, execution_id: str) -> int:
        """Go on with an execution that is on record and that nobody runs."""
        tree, version = self._on_record(execution_id)
        return self._run(tree, version.version)

    def _run_launched(self, launched: "Launched", *, from_record: bool = False) -> int:
        if launched.status == Status.SKIPPED:
            tree = self._fresh(launched)
            tree.status = Status.SKIPPED
            return self._end(tree, launched.version.version, launched.reason)
        tree = self._on_record(launched.execution_id)[0] if from_record else self._fresh(launched)
        tree.waits_for = launched.reason
        return self._run(tree, launched.version.version)

    def _fresh(self, launched: "Launched") -> RunTree:
        version = launched.version
        now = to_datetime(SystemClock().now())
        planned = version.definition["nodes"]
        return RunTree(launched.execution_id, version.workflow, now, planned)

    def _on_record(self, execution_id: str) -> "tuple[RunTree, VersionRecord]":
        from everyrun.store.reading.attempts import read_earlier_attempts
        from everyrun.store.reading.execution import read_execution
        from everyrun.store.versions import version_by_id

        with self._database.reading() as connection:
            detail = read_execution(connection, execution_id)
            attempts = read_earlier_attempts(connection, execution_id)
            version = version_by_id(connection, str(detail.workflow_version_id))
        planned = version.definition["nodes"]
        tree = RunTree(
            detail.id, detail.workflow, detail.created_at, planned, detail.nodes, attempts
        )
        tree.started_at = detail.started_at
        return tree, version

    def _run(self, tree: RunTree, version: int) -> int:
        from everyrun.workflows.controlling import AlreadySettled

        view = view_for(tree, quiet=self._quiet)
        reason = None
        try:
            with redirect_stdout(sys.stderr):  # what nodes print is not the answer
                self._watched.run(self._engine, self._database, tree, view, self._by)
        except AlreadySettled:  # by somebody else, while it waited for its turn
            tree.status, reason = self._how_it_stands(tree.id)
        return self._end(tree, version, reason)

    def _how_it_stands(self, execution_id: str) -> tuple[str, str | None]:
        from everyrun.store.reading.summaries import read_summaries

        with self._database.reading() as connection:
            (summary,) = read_summaries(connection, [execution_id])
        return summary.status, summary.error

    def _end(self, tree: RunTree, version: int, reason: str | None) -> int:
        signalled = self._watched.signalled
        return tell_of_end(tree, version, reason, as_json=self._as_json, signalled=signalled)


def launch_request(request: "RunRequest", by: str | None) -> "LaunchRequest":
    """What the engine is asked for."""
    from everyrun.workflows.launching import LaunchRequest

    return LaunchRequest(
        workflow=request.workflow,
        version=request.version,
        input=request.input,
        by=by,
        tags=request.tags,
    )
