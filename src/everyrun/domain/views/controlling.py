"""What is asked of executions, and what is answered to it: starting, ending, running again."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, field

Text = Annotated[str, Meta(max_length=10_000)]
Name = Annotated[str, Meta(min_length=1, max_length=500)]
Tag = Annotated[str, Meta(min_length=1, max_length=200)]
WorkflowVersion = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Priority = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request's body: what it does not know, it refuses."""


class StartRequest(Asked, kw_only=True):
    """Run a workflow. ``version`` None is the newest; ``external_id`` is the caller's own id.

    Of those that wait, the lowest ``priority`` begins first; None is the workflow's own.
    """

    input: dict[str, Any] = field(default_factory=dict)
    version: WorkflowVersion | None = None
    tags: Annotated[list[Tag], Meta(max_length=100)] = field(default_factory=list)
    priority: Priority | None = None
    external_id: Name | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


class Started(msgspec.Struct, kw_only=True):
    """An execution that was made. ``reason`` says why it waits, where it waits for others."""

    id: str
    workflow: str
    version: int
    status: str
    reason: str | None


class CancelRequest(Asked, kw_only=True):
    """Have an execution end. With ``kill`` what runs gets no time to end by itself."""

    kill: bool = False
    reason: Text | None = None


class Cancelling(msgspec.Struct, kw_only=True):
    """``cancelled``: it ended here and now. ``asked``: whoever runs it was told to end it."""

    id: str
    cancelled: bool
    asked: bool


class Pausing(msgspec.Struct, kw_only=True):
    """Whether an execution is paused now: starts no further nodes."""

    id: str
    paused: bool


class RerunMode(StrEnum):
    """From where an execution is run again."""

    WHOLE = "whole"
    FAILED = "failed"
    FROM_NODES = "from_nodes"


class RerunRequest(Asked, kw_only=True):
    """Run an execution again: whole, from what did not complete, or from ``nodes``.

    ``inputs`` change the execution's; ``edits`` change parameters: {node: {parameter: value}}.
    Nodes with edits count among those to run again from.
    """

    mode: RerunMode = RerunMode.WHOLE
    nodes: Annotated[list[Name], Meta(max_length=10_000)] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)


class PlannedNode(msgspec.Struct, kw_only=True):
    """What becomes of one node, and why. ``node`` is its full key, with ``[turn]`` in a loop."""

    node: str
    reason: str


class RerunPreview(msgspec.Struct, kw_only=True):
    """What a rerun would take over, run again, and leave skipped."""

    origin_execution_id: str
    workflow: str
    version: int
    mode: RerunMode
    inputs: dict[str, Any]
    edits: dict[str, dict[str, Any]]
    reused: list[PlannedNode]
    run: list[PlannedNode]
    skipped: list[PlannedNode]


class Rerun(Started, kw_only=True):
    """An execution that runs another again."""

    origin_execution_id: str


class AnswerRequest(Asked, kw_only=True):
    """Say yes or no to an approval."""

    approved: bool
    comment: Text = ""


class Answered(msgspec.Struct, kw_only=True):
    """What was said to which node."""

    id: str
    node: str
    approved: bool


class SignalRequest(Asked, kw_only=True):
    """Send something to a node that waits for a signal."""

    data: Any = None


class Signalled(msgspec.Struct, kw_only=True):
    """What was sent to which node."""

    id: str
    node: str
    data: Any


class AskedOfExecution(msgspec.Struct, kw_only=True):
    """One thing that was asked of an execution: ``cancel``, ``kill``, ``pause``, ``resume``,
    ``answer`` or ``signal``; by whom, when (UTC), and of which node.
    """

    id: str
    action: str
    node: str | None
    data: Any
    by: str | None
    at: datetime


class RequestHistory(msgspec.Struct, kw_only=True):
    """What was asked of an execution, oldest first. ``next`` goes on, None at the end."""

    items: list[AskedOfExecution]
    next: str | None


class WaitingApproval(msgspec.Struct, kw_only=True):
    """A node that waits for a person's yes or no. ``since`` is when it first began to.

    ``approvers`` are those who may answer; anybody may where it is empty. ``node`` is the node's
    key, with ``[turn]`` in a loop: what an answer is sent to.
    """

    execution_id: str
    workflow: str
    node: str
    node_execution_id: str
    since: datetime
    message: str | None
    approvers: list[str]


class WaitingApprovals(msgspec.Struct, kw_only=True):
    """What waits for a person, longest first. ``complete``: there is nothing else."""

    items: list[WaitingApproval]
    complete: bool
