"""What a command may ask of a ledger, wherever it is."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from everyrun.domain.views.batches import BatchDetail, BatchSummary
from everyrun.domain.views.controlling import RerunPreview, RerunRequest, Started
from everyrun.domain.views.executions import (
    ExecutionDetail,
    ExecutionFilters,
    ExecutionPage,
    ExecutionSummary,
)
from everyrun.domain.views.logs import LogPage, LogSearchPage
from everyrun.domain.views.nodes import EarlierAttempt, NodeDetail
from everyrun.domain.views.problems import DefinitionProblem
from everyrun.domain.views.schedules import (
    BackfillPreview,
    BackfillRequest,
    NewScheduleRequest,
    ScheduleDetail,
    SchedulePage,
    ScheduleSummary,
)
from everyrun.domain.views.workflows import VersionDetail, VersionSummary

if TYPE_CHECKING:
    from everyrun.cli.log_search import SearchRequest
    from everyrun.cli.statistics import Statistics
    from everyrun.cli.workflow.listing import ListedWorkflow
    from everyrun.cli.workflow.showing import ShownWorkflow
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.workflows.defining import Read


class ShownExecution(NamedTuple):
    """An execution as one snapshot, and its nodes' earlier attempts."""

    detail: ExecutionDetail
    attempts: list[EarlierAttempt]


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow to be run once. ``version`` is one that is there."""

    workflow: str
    version: int
    input: Mapping[str, Any]
    tags: Sequence[str] = ()


class SavedDefinition(msgspec.Struct, kw_only=True):
    """The newest version after a save; ``created`` when the save made it."""

    version: int
    created: bool


class Executions(Protocol):
    """What ran."""

    def find(self, text: str) -> str:
        """The id that ``text`` means: an id, its beginning, an external id.

        Raises ``NotOnRecord`` and ``AmbiguousId``.
        """
        ...

    def page(self, filters: ExecutionFilters, *, limit: int, cursor: str | None) -> ExecutionPage:
        """One bounded search, newest first."""
        ...

    def summary(self, execution_id: str) -> ExecutionSummary:
        """How one stands. Raises ``NotOnRecord``."""
        ...

    def detail(self, execution_id: str) -> ExecutionDetail:
        """One, whole. Raises ``NotOnRecord``."""
        ...

    def shown(self, execution_id: str) -> ShownExecution:
        """One, with what its tree needs besides. Raises ``NotOnRecord``."""
        ...

    def node(self, execution_id: str, node_execution_id: str) -> NodeDetail:
        """One node execution, whole. Raises ``NotOnRecord``."""
        ...

    def definition(self, execution_id: str) -> "WorkflowDefinition":
        """What a graph's execution was run with. Raises ``NotTheEngines`` for others."""
        ...

    def delete(self, execution_ids: Sequence[str], tell: Callable[[int], None]) -> int:
        """Delete these for good; ``tell`` hears how many more are done. Answers how many were."""
        ...


class Logs(Protocol):
    """What was logged."""

    def after(
        self,
        execution_id: str,
        position: int,
        *,
        limit: int,
        levels: Sequence[str],
        node_execution_id: str | None,
    ) -> LogPage:
        """The lines after a position."""
        ...

    def last(
        self,
        execution_id: str,
        count: int,
        *,
        levels: Sequence[str],
        node_execution_id: str | None,
    ) -> LogPage:
        """The latest lines."""
        ...

    def search(
        self, request: "SearchRequest", execution_id: str | None, *, limit: int, cursor: str | None
    ) -> LogSearchPage:
        """One bounded search, newest first."""
        ...


class Controls(Protocol):
    """What can be asked of an execution that has not settled."""

    def cancel(self, execution_id: str, *, by: str | None, kill: bool, reason: str | None) -> bool:
        """Have it end; answers whether it has already."""
        ...

    def pause(self, execution_id: str, *, by: str | None) -> None:
        """Start no further nodes of it."""
        ...

    def unpause(self, execution_id: str, *, by: str | None) -> bool:
        """Let it go on; answers whether somebody else does that.

        Raises ``RunsElsewhere`` when somebody runs it and it was not paused.
        """
        ...

    def answer(
        self, execution_id: str, node: str, *, approved: bool, comment: str, by: str | None
    ) -> None:
        """Say yes or no to an approval."""
        ...

    def signal(self, execution_id: str, node: str, data: Any, *, by: str | None) -> None:
        """Send something to a node."""
        ...


class Runs(Protocol):
    """Executions that are watched to their end. Each method answers the command's exit code."""

    def launch(self, request: RunRequest) -> int:
        """Run a workflow."""
        ...

    def rerun(self, execution_id: str, request: RerunRequest) -> int:
        """Run an execution again."""
        ...

    def go_on(self, execution_id: str) -> int:
        """Go on with an execution that nobody runs."""
        ...


class Figures(Protocol):
    """What is counted."""

    def statistics(
        self, workflow: str | None, bounds: tuple[datetime | None, ...], zone: str, now: datetime
    ) -> "Statistics":
        """Everything that ``everyrun stats`` answers."""
        ...


class Workflows(Protocol):
    """Graphs and their versions."""

    def all(self, *, active: bool, deleted: bool) -> "list[ListedWorkflow]":
        """Workflows in execution order; ``active`` leaves out those that are switched off."""
        ...

    def version(self, name: str, number: int | None = None) -> VersionDetail:
        """A version, whole, its definition in canonical form; the newest for None.

        Raises ``NotOnRecord``.
        """
        ...

    def shown(self, name: str, number: int | None, runs: int) -> "ShownWorkflow":
        """A version with so many of the workflow's last runs. Raises ``NotOnRecord``."""
        ...

    def versions(self, name: str, limit: int, before: int | None) -> list[VersionSummary]:
        """Versions, newest first. Raises ``NotOnRecord``."""
        ...

    def problems(self, found: "Read") -> list[DefinitionProblem]:
        """Every problem with what was read, as it would be run there."""
        ...

    def save(
        self, definition: "WorkflowDefinition", *, by: str | None, expected: int | None = None
    ) -> SavedDefinition:
        """Make a definition the newest version. Raises ``StaleVersion``."""
        ...

    def switch(self, name: str, *, active: bool) -> None:
        """Switch a workflow on or off."""
        ...

    def order(self, names: Sequence[str]) -> list[str]:
        """Put workflows first; answers all names in the order that follows."""
        ...

    def delete(self, name: str) -> None:
        """Delete a workflow; its history stays."""
        ...


class Schedules(Protocol):
    """When workflows start by themselves."""

    def all(self, workflow: str | None) -> SchedulePage:
        """All schedules, or those of a workflow."""
        ...

    def find(self, text: str) -> ScheduleSummary:
        """The one that ``text`` means. Raises ``NotOnRecord`` and ``AmbiguousId``."""
        ...

    def detail(self, text: str, count: int) -> ScheduleDetail:
        """One with so many of its next and last times."""
        ...

    def are_served(self) -> bool:
        """Whether a scheduler runs anywhere."""
        ...

    def add(self, new: NewScheduleRequest) -> ScheduleSummary:
        """Keep a schedule."""
        ...

    def pause(self, schedule_id: str, reason: str) -> ScheduleSummary:
        """Let nothing be due."""
        ...

    def resume(self, schedule_id: str) -> ScheduleSummary:
        """Let it go on from now."""
        ...

    def delete(self, schedule_id: str) -> None:
        """Forget one."""
        ...

    def preview_backfill(self, schedule_id: str, asked: BackfillRequest) -> BackfillPreview:
        """What a backfill would run."""
        ...

    def backfill(self, schedule_id: str, asked: BackfillRequest, *, by: str | None) -> BatchDetail:
        """Put a range of due times on record as a batch."""
        ...


class Batches(Protocol):
    """Several executions as one."""

    def latest(self, limit: int) -> list[BatchDetail]:
        """The latest ones, newest first, without their executions."""
        ...

    def find(self, text: str) -> BatchDetail:
        """The one that ``text`` means. Raises ``NotOnRecord`` and ``AmbiguousId``."""
        ...

    def detail(self, text: str, limit: int) -> BatchDetail:
        """One as it stands, with so many of its executions."""
        ...

    def run_all(self, name: str, *, parallel: int, by: str | None) -> BatchDetail:
        """Put a batch of every active workflow on record."""
        ...

    def over_inputs(
        self,
        workflow: str,
        inputs: Sequence[Mapping[str, Any]],
        name: str | None,
        *,
        parallel: int,
        by: str | None,
    ) -> BatchDetail:
        """Put a batch of one workflow over many inputs on record."""
        ...

    def stop(self, batch_id: str, *, by: str | None, kill: bool) -> BatchDetail:
        """Have one end. Raises ``BatchEnded``."""
        ...

    def run(self, batch: BatchSummary, *, by: str | None, quiet: bool, as_json: bool) -> int:
        """See one to its end; answers the command's exit code."""
        ...


class Ledger(Protocol):
    """A ledger, opened."""

    @property
    def executions(self) -> Executions:
        """What ran."""
        ...

    @property
    def logs(self) -> Logs:
        """What was logged."""
        ...

    @property
    def controls(self) -> Controls:
        """What can be asked of executions."""
        ...

    @property
    def figures(self) -> Figures:
        """What is counted."""
        ...

    @property
    def workflows(self) -> Workflows:
        """Graphs and their versions."""
        ...

    @property
    def schedules(self) -> Schedules:
        """When workflows start by themselves."""
        ...

    @property
    def batches(self) -> Batches:
        """Several executions as one."""
        ...

    def queue(self, request: RunRequest, *, by: str | None) -> Started:
        """Put an execution on record that waits for an engine."""
        ...

    def preview_rerun(self, execution_id: str, request: RerunRequest) -> RerunPreview:
        """What a rerun would do."""
        ...

    def runs(
        self,
        *,
        by: str | None,
        quiet: bool,
        as_json: bool,
        concurrency: int | None = None,
        executor: str | None = None,
    ) -> AbstractContextManager[Runs]:
        """Runs what is asked for, and shows it as the options of the command ask for.

        ``executor`` is ``local`` or ``celery``; None asks the environment.
        """
        ...
