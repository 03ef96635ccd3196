"""Workflows of kind graph, read from the database and changed in it."""

from functools import partial
from typing import TYPE_CHECKING

from everyrun.cli.ledgers.ports import SavedDefinition
from everyrun.domain.clock import SystemClock, to_datetime
from everyrun.domain.views.executions import ExecutionFilters, ExecutionSummary
from everyrun.domain.views.workflows import VersionDetail, VersionSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from everyrun.cli.workflow.listing import ListedWorkflow
    from everyrun.cli.workflow.showing import ShownWorkflow
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.store.database import Database
    from everyrun.workflows.defining import Read
    from everyrun.workflows.problems import Problem


class WorkflowsHere:
    """Graphs of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def all(self, *, active: bool, deleted: bool) -> "list[ListedWorkflow]":
        """The workflows in execution order, with the last run of each."""
        from everyrun.cli.workflow.listing import ListedWorkflow
        from everyrun.store.reading.executions import list_executions
        from everyrun.store.versions import WorkflowRecord, list_workflows

        with self._database.reading() as connection:

            def last_run(record: WorkflowRecord) -> ExecutionSummary | None:
                of_it = ExecutionFilters(workflow=record.name, kind=record.kind)
                return next(iter(list_executions(connection, of_it, limit=1).items), None)

            return [
                ListedWorkflow(
                    name=record.name,
                    active=record.active,
                    deleted=record.deleted,
                    order=record.execution_order,
                    version=record.version,
                    description=record.description,
                    updated_at=to_datetime(record.updated_at),
                    last_run=last_run(record),
                )
                for record in list_workflows(
                    connection, active=True if active else None, deleted=deleted
                )
            ]

    def version(self, name: str, number: int | None = None) -> VersionDetail:
        """A version, whole; the newest for None."""
        from everyrun.store.versions import find_version

        with self._database.reading() as connection:
            found = find_version(connection, name, number)
        return VersionDetail(
            workflow=found.workflow,
            version=found.version,
            id=found.id,
            digest=found.digest,
            created_at=to_datetime(found.created_at),
            created_by=found.created_by,
            definition=found.definition,
        )

    def shown(self, name: str, number: int | None, runs: int) -> "ShownWorkflow":
        """A version, whether its workflow is switched on, and the last runs of any version."""
        from everyrun.cli.workflow.showing import ShownWorkflow
        from everyrun.domain.status import WorkflowKind
        from everyrun.store.reading.executions import list_executions
        from everyrun.store.versions import find_version, is_active

        with self._database.reading() as connection:
            found = find_version(connection, name, number)
            of_it = ExecutionFilters(workflow=name, kind=WorkflowKind.GRAPH)
            last = list_executions(connection, of_it, limit=runs).items if runs else []
            return ShownWorkflow(
                name=found.workflow,
                active=is_active(connection, found.workflow_id),
                version=found.version,
                version_id=found.id,
                digest=found.digest,
                created_at=to_datetime(found.created_at),
                created_by=found.created_by,
                definition=found.definition,
                last_runs=last,
            )

    def versions(self, name: str, limit: int, before: int | None) -> list[VersionSummary]:
        """The versions of a workflow, newest first."""
        from everyrun.store.versions import list_versions

        with self._database.reading() as connection:
            found = list_versions(connection, name, limit, before)
        return [
            VersionSummary(
                version=each.version,
                id=each.id,
                digest=each.digest,
                created_at=to_datetime(each.created_at),
                created_by=each.created_by,
            )
            for each in found
        ]

    def problems(self, found: "Read") -> "list[Problem]":
        """Every problem with what was read: with its form, and whether it can run here."""
        from everyrun.workflows.checking import checked

        return checked(found).problems

    def save(
        self, definition: "WorkflowDefinition", *, by: str | None, expected: int | None = None
    ) -> SavedDefinition:
        """Make a definition the newest version."""
        from everyrun.workflows.saving import save

        saved = save(self._database, definition, by, SystemClock().now(), expected)
        return SavedDefinition(version=saved.version, created=saved.created)

    def switch(self, name: str, *, active: bool) -> None:
        """Switch a workflow on or off."""
        from everyrun.scheduler.scheduling import switch_workflow

        switch_workflow(self._database, name, active=active)

    def order(self, names: "Sequence[str]") -> list[str]:
        """Put workflows first; answers all names in the order that follows."""
        from everyrun.store.versions import list_workflows, set_order

        now = SystemClock().now()
        self._database.transact(partial(set_order, names=list(names), now=now))
        with self._database.reading() as connection:
            return [record.name for record in list_workflows(connection)]

    def delete(self, name: str) -> None:
        """Delete a workflow; its history stays."""
        from everyrun.store.versions import delete_workflow

        self._database.transact(partial(delete_workflow, name=name, now=SystemClock().now()))
