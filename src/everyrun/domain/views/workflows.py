"""Workflows of every kind, and the versions of graphs."""

from datetime import datetime
from typing import Any

import msgspec

from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.comparing import Difference
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.domain.views.problems import DefinitionProblem


class RecentExecutions(msgspec.Struct, kw_only=True):
    """Executions of a workflow that began at ``since`` or later (a full quarter of an hour).

    ``open`` are those that have not settled.
    """

    since: datetime
    total: int
    completed: int
    failed: int
    cancelled: int
    skipped: int
    open: int


class WorkflowSummary(msgspec.Struct, kw_only=True):
    """One workflow. ``version`` is its newest one's number, None without a definition."""

    id: str
    name: str
    kind: str
    active: bool
    deleted: bool
    order: int
    version: int | None
    description: str | None
    updated_at: datetime
    last_run: ExecutionSummary | None
    recent: RecentExecutions


class WorkflowPage(msgspec.Struct, kw_only=True):
    """Workflows in execution order, then by name. ``next`` is the cursor, None at the end."""

    items: list[WorkflowSummary]
    next: str | None


class WorkflowDetail(msgspec.Struct, kw_only=True):
    """One workflow and its newest version, if it has one: ``version_id`` to ``definition``.

    ``definition`` has the form of a workflow file.
    """

    id: str
    name: str
    kind: str
    active: bool
    deleted: bool
    order: int
    description: str | None
    updated_at: datetime
    version: int | None
    version_id: str | None
    digest: str | None
    created_at: datetime | None
    created_by: str | None
    definition: dict[str, Any] | None
    recent: RecentExecutions
    last_runs: list[ExecutionSummary]


class VersionSummary(msgspec.Struct, kw_only=True):
    """One version of a graph, without its definition."""

    version: int
    id: str
    digest: str
    created_at: datetime
    created_by: str | None


class VersionPage(msgspec.Struct, kw_only=True):
    """Versions, newest first. ``next`` is the cursor to older ones."""

    items: list[VersionSummary]
    next: str | None


class VersionDetail(VersionSummary, kw_only=True):
    """One version, whole. ``definition`` has the form of a workflow file."""

    workflow: str
    definition: dict[str, Any]


class VersionDifference(msgspec.Struct, kw_only=True):
    """What changed from the version ``before`` to the version ``after``."""

    workflow: str
    before: int
    after: int
    difference: Difference


class SavedWorkflow(msgspec.Struct, kw_only=True):
    """The newest version after a save; ``created`` when the save made it."""

    id: str
    workflow: str
    version: int
    version_id: str
    created: bool
    created_at: datetime
    created_by: str | None


class DuplicatedWorkflow(msgspec.Struct, kw_only=True):
    """A workflow that is a copy of another's newest version.

    ``schedules_not_copied`` names the other's schedules: none starts the copy.
    """

    id: str
    workflow: str
    kind: str
    version: int | None
    active: bool
    schedules_not_copied: list[str]


class Validation(msgspec.Struct, kw_only=True):
    """What is to be said of a definition; ``workflow`` is the name in it, if it has one."""

    ok: bool
    workflow: str | None
    problems: list[DefinitionProblem]


class WorkflowOrder(msgspec.Struct, kw_only=True):
    """Names in execution order."""

    workflows: list[str]


class NewWorkflowRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A workflow to make: a graph by its ``definition``, anything else by its ``name``.

    ``definition`` has the form of a workflow file.
    """

    name: str | None = None
    kind: WorkflowKind = WorkflowKind.GRAPH
    definition: dict[str, Any] | None = None
    description: str | None = None
    active: bool = True


class WorkflowChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed; what is left out stays. ``order`` is a place from 1."""

    active: bool | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    order: int | msgspec.UnsetType = msgspec.UNSET


class WorkflowOrderRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """These first, in this order; the others of their kind follow in theirs."""

    workflows: list[str]
    kind: WorkflowKind = WorkflowKind.GRAPH


class DuplicateRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the copy is called. ``active`` None: as the original."""

    name: str
    active: bool | None = None


class NodeTypeSummary(msgspec.Struct, kw_only=True):
    """A node type: what it does, and the JSON Schema (2020-12) of its parameters, for forms.

    ``problem`` says why one cannot be used as things are installed; it has no schema then.
    """

    name: str
    summary: str
    built_in: bool
    has_body: bool
    safe_to_repeat: bool
    schema: dict[str, Any] | None
    problem: str | None


class NodeTypes(msgspec.Struct, kw_only=True):
    """All node types, the built-in ones first."""

    items: list[NodeTypeSummary]
    next: str | None = None
