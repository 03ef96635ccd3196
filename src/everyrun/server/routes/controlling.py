"""Asking something of executions: end, pause, go on, hear an answer or a signal."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import EveryrunError, IllegalMove, InvalidQuery
from everyrun.domain.roles import Role
from everyrun.domain.views.controlling import (
    Answered,
    AnswerRequest,
    Cancelling,
    CancelRequest,
    Pausing,
    Signalled,
    SignalRequest,
    WaitingApprovals,
)
from everyrun.domain.views.limits import LONGEST_PAGE
from everyrun.server.naming import named
from everyrun.server.routes.executions import FINDING
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.approvals import APPROVAL, waiting_approvals
from everyrun.workflows import controlling
from everyrun.workflows.controlling import AlreadySettled, NotTheEngines, NotWaiting
from everyrun.workflows.naming_nodes import node_of

routes = Routes("/api/v1", tag="executions")

_ASKING = (*FINDING, AlreadySettled, NotTheEngines, IllegalMove)


class NoApproval(EveryrunError):
    """This node is no approval; what waits for a signal is sent one."""

    status_code = 409


@routes.post(
    "/executions/{execution}/cancel",
    role=Role.OPERATOR,
    body=CancelRequest,
    answers=Cancelling,
    status=202,
    audit="execution.cancel",
    raises=_ASKING,
)
def cancel_execution(visit: Visit, execution: str, body: CancelRequest) -> Cancelling:
    """Have an execution end. Running nodes are told to end; nothing further is started.

    One that nobody runs, because it waits or its engine is gone, is cancelled at once.
    """
    id_ = _named(visit, execution)
    over = controlling.cancel(
        visit.database,
        id_,
        by=visit.by,
        kill=body.kill,
        reason=body.reason,
        clock=visit.server.clock,
    )
    return Cancelling(id=id_, cancelled=over, asked=not over)


@routes.post(
    "/executions/{execution}/pause",
    role=Role.OPERATOR,
    answers=Pausing,
    status=202,
    audit="execution.pause",
    raises=_ASKING,
)
def pause_execution(visit: Visit, execution: str) -> Pausing:
    """Start no further nodes of an execution; what runs goes on to its end."""
    id_ = _named(visit, execution)
    controlling.pause(visit.database, id_, by=visit.by, clock=visit.server.clock)
    return Pausing(id=id_, paused=True)


@routes.post(
    "/executions/{execution}/resume",
    role=Role.OPERATOR,
    answers=Pausing,
    status=202,
    audit="execution.resume",
    raises=_ASKING,
)
def resume_execution(visit: Visit, execution: str) -> Pausing:
    """Let a paused execution go on."""
    id_ = _named(visit, execution)
    controlling.unpause(visit.database, id_, by=visit.by, clock=visit.server.clock)
    return Pausing(id=id_, paused=False)


@routes.post(
    "/executions/{execution}/nodes/{node}/answer",
    role=Role.OPERATOR,
    body=AnswerRequest,
    answers=Answered,
    status=202,
    audit="execution.answer",
    raises=(*_ASKING, NoApproval, NotWaiting),
)
def answer_approval(visit: Visit, execution: str, node: str, body: AnswerRequest) -> Answered:
    """Say yes or no to an approval. The node is named by its key, `key[turn]` in a loop."""
    with visit.reading() as connection:
        id_ = named(connection, execution)
        if node_of(connection, id_, node).type != APPROVAL:
            raise NoApproval(f"node {node!r} is no approval")
    controlling.answer(
        visit.database,
        id_,
        node,
        approved=body.approved,
        comment=body.comment,
        by=visit.by,
        clock=visit.server.clock,
    )
    return Answered(id=id_, node=node, approved=body.approved)


@routes.post(
    "/executions/{execution}/nodes/{node}/signal",
    role=Role.OPERATOR,
    body=SignalRequest,
    answers=Signalled,
    status=202,
    audit="execution.signal",
    raises=_ASKING,
)
def send_signal(visit: Visit, execution: str, node: str, body: SignalRequest) -> Signalled:
    """Send something to a node that waits for a signal. One that comes early is kept for it."""
    with visit.reading() as connection:
        id_ = named(connection, execution)
        node_of(connection, id_, node)
    controlling.signal(visit.database, id_, node, body.data, by=visit.by, clock=visit.server.clock)
    return Signalled(id=id_, node=node, data=body.data)


@routes.get(
    "/approvals", role=Role.VIEWER, answers=WaitingApprovals, polled=True, raises=(InvalidQuery,)
)
def approvals(
    visit: Visit,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many at most.")] = 100,
) -> WaitingApprovals:
    """What waits for a person's yes or no, over all executions, longest first."""
    with visit.reading() as connection:
        return waiting_approvals(connection, limit)


def _named(visit: Visit, execution: str) -> str:
    with visit.reading() as connection:
        return named(connection, execution)
