"""Graphs and their versions, as a server has them."""

from itertools import islice
from typing import TYPE_CHECKING

from everyrun.cli.ledgers.ports import SavedDefinition
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.workflows import VersionDetail, VersionSummary, WorkflowDetail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from everyrun.cli.workflow.listing import ListedWorkflow
    from everyrun.cli.workflow.showing import ShownWorkflow
    from everyrun.client import Client
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.workflows.defining import Read
    from everyrun.workflows.problems import Problem

CANONICAL = "canonical"


class WorkflowsThere:
    """Graphs of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def all(self, *, active: bool, deleted: bool) -> "list[ListedWorkflow]":
        """The workflows in execution order, with the last run of each."""
        from everyrun.cli.workflow.listing import ListedWorkflow

        found = self._client.workflows.all(
            kind=WorkflowKind.GRAPH, active=True if active else None, deleted=deleted
        )
        return [
            ListedWorkflow(
                name=each.name,
                active=each.active,
                deleted=each.deleted,
                order=each.order,
                version=each.version,
                description=each.description,
                updated_at=each.updated_at,
                last_run=each.last_run,
            )
            for each in found
        ]

    def version(self, name: str, number: int | None = None) -> VersionDetail:
        """A version, whole; the newest for None."""
        if number is not None:
            return self._client.workflows.version(name, number, form=CANONICAL)
        return _newest(self._client.workflows.get(name, form=CANONICAL, runs=0))

    def shown(self, name: str, number: int | None, runs: int) -> "ShownWorkflow":
        """A version, whether its workflow is switched on, and the last runs of any version."""
        from everyrun.cli.workflow.showing import ShownWorkflow

        detail = self._client.workflows.get(name, form=CANONICAL, runs=runs)
        found = _newest(detail) if number is None else self.version(name, number)
        return ShownWorkflow(
            name=found.workflow,
            active=detail.active,
            version=found.version,
            version_id=found.id,
            digest=found.digest,
            created_at=found.created_at,
            created_by=found.created_by,
            definition=found.definition,
            last_runs=detail.last_runs,
        )

    def versions(self, name: str, limit: int, before: int | None) -> list[VersionSummary]:
        """The versions of a workflow, newest first."""
        found = self._client.workflows.all_versions(name)
        older = (each for each in found if before is None or each.version < before)
        return list(islice(older, limit))

    def problems(self, found: "Read") -> "list[Problem]":
        """Every problem with what was read: with its form, and whether it can run there."""
        from everyrun.cli.workflow.placing import placed
        from everyrun.workflows.checking import checked
        from everyrun.workflows.exporting import as_written

        if found.definition is None:
            return checked(found).problems
        validation = self._client.workflows.validate(as_written(found.definition))
        return placed(validation.problems, found.places)

    def save(
        self, definition: "WorkflowDefinition", *, by: str | None, expected: int | None = None
    ) -> SavedDefinition:
        """Make a definition the newest version."""
        from everyrun.workflows.exporting import as_written

        saved = self._client.workflows.save(
            definition.workflow, as_written(definition), expected_version=expected
        )
        return SavedDefinition(version=saved.version, created=saved.created)

    def switch(self, name: str, *, active: bool) -> None:
        """Switch a workflow on or off."""
        turn = self._client.workflows.enable if active else self._client.workflows.disable
        turn(name)

    def order(self, names: "Sequence[str]") -> list[str]:
        """Put workflows first; answers all names in the order that follows."""
        return self._client.workflows.order(names)

    def delete(self, name: str) -> None:
        """Delete a workflow; its history stays."""
        self._client.workflows.delete(name)


def _newest(detail: WorkflowDetail) -> VersionDetail:
    if (
        detail.version is None
        or detail.version_id is None
        or detail.digest is None
        or detail.created_at is None
        or detail.definition is None
    ):
        raise NotOnRecord(f"there is no version of {detail.name!r}")
    return VersionDetail(
        workflow=detail.name,
        version=detail.version,
        id=detail.version_id,
        digest=detail.digest,
        created_at=detail.created_at,
        created_by=detail.created_by,
        definition=detail.definition,
    )
