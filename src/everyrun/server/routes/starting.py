"""Starting executions, and starting them again."""

from typing import Annotated, Any

from fastapi import Header, Query

from everyrun.domain.errors import AmbiguousId, InvalidQuery, NotOnRecord, QueryTooSlow
from everyrun.domain.roles import Role
from everyrun.domain.status import TriggerType
from everyrun.domain.views.controlling import (
    PlannedNode,
    Rerun,
    RerunMode,
    RerunPreview,
    RerunRequest,
    Started,
    StartRequest,
)
from everyrun.server.naming import named
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.idempotency import Keyed, KeyReused, hash_of
from everyrun.workflows import asking, rerunning
from everyrun.workflows.asking import ExternalIdTaken, TooManyExecutions
from everyrun.workflows.controlling import NotTheEngines
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.launching import (
    ExecutionAlreadyRunning,
    LaunchRequest,
    WorkflowInactive,
)
from everyrun.workflows.rerunning import InvalidRerun, StillRunning

routes = Routes("/api/v1", tag="executions")

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="Any text, for a day: a repeat with it starts nothing, and is told the same.",
    ),
]
_RERUNNING = (
    NotOnRecord,
    AmbiguousId,
    NotTheEngines,
    StillRunning,
    InvalidRerun,
    InvalidInput,
    QueryTooSlow,
)


@routes.post(
    "/workflows/{workflow}/executions",
    role=Role.OPERATOR,
    body=StartRequest,
    answers=Started,
    status=202,
    audit="execution.start",
    raises=(
        NotOnRecord,
        WorkflowInactive,
        ExecutionAlreadyRunning,
        ExternalIdTaken,
        InvalidInput,
        InvalidQuery,
        KeyReused,
        TooManyExecutions,
    ),
)
def start_execution(
    visit: Visit, workflow: str, body: StartRequest, idempotency_key: IdempotencyKey = None
) -> Started:
    """Have a workflow run. It waits until an engine takes it; `Location` says where to look.

    A repeat with the same `Idempotency-Key` starts nothing and is told what the first was. When the
    workflow runs already and its overlap policy is `skip`, a skipped execution is put on record,
    and the request refused.
    """
    request = LaunchRequest(
        workflow=workflow,
        version=body.version,
        input=body.input,
        trigger=TriggerType.API.value,
        by=visit.by,
        tags=body.tags,
        priority=body.priority,
        external_id=body.external_id,
        metadata=body.metadata,
    )
    started = asking.start(
        visit.database,
        request,
        visit.now,
        most=visit.settings.most_executions,
        keyed=_keyed(visit, idempotency_key, "start", workflow, body),
    )
    _point_to(visit, started.id)
    return started


@routes.get(
    "/executions/{execution}/rerun-preview",
    role=Role.VIEWER,
    answers=RerunPreview,
    raises=_RERUNNING,
)
def rerun_preview(
    visit: Visit,
    execution: str,
    mode: Annotated[RerunMode, Query(description="From where.")] = RerunMode.WHOLE,
    node: Annotated[
        list[str] | None,
        Query(max_length=1_000, description="With mode from_nodes: from this node; repeatable."),
    ] = None,
) -> RerunPreview:
    """What a rerun without changed inputs and edits would take over, run again, leave skipped."""
    return _preview(visit, execution, RerunRequest(mode=mode, nodes=node or []))


@routes.post(
    "/executions/{execution}/rerun-preview",
    role=Role.VIEWER,
    body=RerunRequest,
    answers=RerunPreview,
    audit=None,  # It changes nothing: it takes a body because a rerun does.
    raises=_RERUNNING,
)
def preview_rerun(visit: Visit, execution: str, body: RerunRequest) -> RerunPreview:
    """What a rerun with the same body would take over, run again, and leave skipped."""
    return _preview(visit, execution, body)


@routes.post(
    "/executions/{execution}/rerun",
    role=Role.OPERATOR,
    body=RerunRequest,
    answers=Rerun,
    status=202,
    audit="execution.rerun",
    raises=(*_RERUNNING, ExecutionAlreadyRunning, KeyReused, TooManyExecutions),
)
def rerun_execution(
    visit: Visit, execution: str, body: RerunRequest, idempotency_key: IdempotencyKey = None
) -> Rerun:
    """Run an execution again: whole, from what did not complete, or from chosen nodes.

    It is an execution of its own, with what it takes over on record in it.
    """
    with visit.reading() as connection:
        origin = named(connection, execution)
    now = visit.now
    started = asking.start_by(
        visit.database,
        lambda connection, id_: rerunning.rerun_within(
            connection, origin, body.mode, now, id_, by=visit.by, **_changes(body)
        ),
        now,
        most=visit.settings.most_executions,
        keyed=_keyed(visit, idempotency_key, "rerun", origin, body),
    )
    _point_to(visit, started.id)
    return Rerun(
        id=started.id,
        workflow=started.workflow,
        version=started.version,
        status=started.status,
        reason=started.reason,
        origin_execution_id=origin,
    )


def _preview(visit: Visit, execution: str, body: RerunRequest) -> RerunPreview:
    with visit.reading() as connection:
        origin = named(connection, execution)
        plan = rerunning.plan_within(connection, origin, body.mode, **_changes(body))
    parts = {
        name: [PlannedNode(node=each.node, reason=each.reason) for each in getattr(plan, name)]
        for name in ("reused", "run", "skipped")
    }
    return RerunPreview(
        origin_execution_id=plan.origin_execution_id,
        workflow=plan.workflow,
        version=plan.version,
        mode=body.mode,
        inputs=plan.inputs,
        edits=plan.edits,
        **parts,
    )


def _changes(body: RerunRequest) -> dict[str, Any]:
    return {"nodes": body.nodes, "inputs": body.inputs, "edits": body.edits}


def _keyed(
    visit: Visit, key: str | None, action: str, target: str, body: StartRequest | RerunRequest
) -> Keyed | None:
    if key is None:
        return None
    return Keyed(f"{visit.caller.kind}:{visit.caller.id}", key, hash_of(action, target, body))


def _point_to(visit: Visit, execution_id: str) -> None:
    visit.headers["Location"] = f"/api/v1/executions/{execution_id}"
