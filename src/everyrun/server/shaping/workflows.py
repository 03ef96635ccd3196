"""Workflows and their versions as the API answers them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from everyrun.domain.clock import to_datetime
from everyrun.domain.graph import from_plain
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.domain.views.workflows import (
    RecentExecutions,
    SavedWorkflow,
    VersionDetail,
    VersionSummary,
    WorkflowDetail,
)
from everyrun.store import versions
from everyrun.store.versions import SavedVersion, VersionRecord, WorkflowRecord
from everyrun.workflows.exporting import as_written


class Form(StrEnum):
    """How a definition is answered: as people write it, or with everything spelled out."""

    FILE = "file"
    CANONICAL = "canonical"


def definition_in(form: Form, version: VersionRecord) -> dict[str, Any]:
    """A version's definition. The form of a file can be saved again."""
    if form is Form.CANONICAL:
        return version.definition
    return as_written(from_plain(version.definition))


def workflow_detail(
    record: WorkflowRecord,
    version: VersionRecord | None,
    recent: RecentExecutions,
    last_runs: Sequence[ExecutionSummary],
    form: Form = Form.FILE,
) -> WorkflowDetail:
    """One workflow with its newest version, if it has one."""
    return WorkflowDetail(
        id=record.id,
        name=record.name,
        kind=record.kind,
        active=record.active,
        deleted=record.deleted,
        order=record.execution_order,
        description=record.description,
        updated_at=to_datetime(record.updated_at),
        version=None if version is None else version.version,
        version_id=None if version is None else version.id,
        digest=None if version is None else version.digest,
        created_at=None if version is None else to_datetime(version.created_at),
        created_by=None if version is None else version.created_by,
        definition=None if version is None else definition_in(form, version),
        recent=recent,
        last_runs=list(last_runs),
    )


def version_summary(version: versions.VersionSummary) -> VersionSummary:
    """A version in a list."""
    return VersionSummary(
        version=version.version,
        id=version.id,
        digest=version.digest,
        created_at=to_datetime(version.created_at),
        created_by=version.created_by,
    )


def version_detail(version: VersionRecord, form: Form = Form.FILE) -> VersionDetail:
    """One version, whole."""
    return VersionDetail(
        workflow=version.workflow,
        version=version.version,
        id=version.id,
        digest=version.digest,
        created_at=to_datetime(version.created_at),
        created_by=version.created_by,
        definition=definition_in(form, version),
    )


def saved_workflow(name: str, saved: SavedVersion) -> SavedWorkflow:
    """What a save came to."""
    return SavedWorkflow(
        id=saved.workflow_id,
        workflow=name,
        version=saved.version,
        version_id=saved.id,
        created=saved.created,
        created_at=to_datetime(saved.created_at),
        created_by=saved.created_by,
    )
