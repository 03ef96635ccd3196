"""Executions that this process runs: from asking for one to saying how it ended."""

import os
from typing import TYPE_CHECKING

from everyrun.cli import marks, terminal
from everyrun.cli.exits import ExitCode
from everyrun.cli.live.ending import ending_lines, report_of
from everyrun.cli.live.tree import RunTree
from everyrun.cli.live.watching import Watched, view_for
from everyrun.domain.clock import SystemClock, to_datetime
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.store.database import Database
    from everyrun.workflow.launching import Launched, LaunchRequest

_CODES = {
    Status.COMPLETED: ExitCode.OK,
    Status.CANCELLED: ExitCode.CANCELLED,
    Status.SKIPPED: ExitCode.NOT_RUN,
    Status.PENDING: ExitCode.NOT_RUN,
}


class Here:
    """Runs executions in this process, shown as the options of the command ask for."""

    def __init__(
        self,
        database: "Database",
        *,
        concurrency: int | None,
        by: str | None,
        quiet: bool,
        as_json: bool,
    ) -> None:
        from everyrun.workflow.running import Engine
        from everyrun.workflow.settings import EngineSettings

        self._database = database
        self._by = by
        self._quiet = quiet or as_json
        self._as_json = as_json
        self._watched = Watched()
        settings = EngineSettings.from_environment(concurrency=concurrency)
        self._engine = Engine(database, settings, on_events=self._watched.hear)
