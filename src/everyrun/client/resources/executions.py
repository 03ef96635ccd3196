"""Executions: what ran, what is to run, and what is asked of what runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from everyrun.client.resources.paging import every
from everyrun.client.transport import API, Transport, part
from everyrun.domain.views.controlling import (
    Answered,
    AnswerRequest,
    Cancelling,
    CancelRequest,
    Pausing,
    RequestHistory,
    Rerun,
    RerunMode,
    RerunPreview,
    RerunRequest,
    Signalled,
    SignalRequest,
    Started,
    StartRequest,
    WaitingApprovals,
)
from everyrun.domain.views.deleting import Deletion, ExecutionCount
from everyrun.domain.views.executions import (
    ExecutionDetail,
    ExecutionFilters,
    ExecutionPage,
    ExecutionSummary,
)
from everyrun.domain.views.nodes import EarlierAttempts, NodeDetail, NodePage
from everyrun.domain.views.progress import ExecutionProgress
from everyrun.domain.views.relations import ExecutionRelations
from everyrun.domain.views.succession import Succession

_PATH = f"{API}/executions"


class _Named(msgspec.Struct):
    id: str


class Executions:
    """``client.executions``. An execution is named by its id, a unique beginning of it, or its
    external id; what has no such name raises ``NotOnRecord``, what several have ``AmbiguousId``.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    # What ran.

    def page(
        self,
        filters: ExecutionFilters | None = None,
        *,
        limit: int = 50,
        cursor: str | None = None,
    ) -> ExecutionPage:
        """A page of executions, newest first, by bounded work.

        ``searched_to`` says how far back it came where the page is not full.
        """
        query = _query(filters)
        return self._transport.get(_PATH, ExecutionPage, **query, limit=limit, cursor=cursor)

    def all(self, filters: ExecutionFilters | None = None) -> Iterator[ExecutionSummary]:
        """All that the filters let through, newest first."""
        return every(lambda cursor: self.page(filters, limit=500, cursor=cursor))

    def count(self, filters: ExecutionFilters | None = None) -> ExecutionCount:
        """How many there are by status; what :meth:`delete_all` is confirmed with."""
        return self._transport.get(f"{API}/execution-count", ExecutionCount, **_query(filters))

    def find(self, execution: str) -> str:
        """The full id of the execution that is named."""
        return self._transport.get(self._path(execution), _Named, fields="id").id

    def get(self, execution: str) -> ExecutionDetail:
        """One execution with its node executions."""
        return self._transport.get(self._path(execution), ExecutionDetail)

    def summary(self, execution: str) -> ExecutionSummary:
        """One execution as lists have it."""
        fields = ",".join(ExecutionSummary.__struct_fields__)
        return self._transport.get(self._path(execution), ExecutionSummary, fields=fields)

    def progress(self, execution: str) -> ExecutionProgress:
        """How far one is: little enough to ask for often."""
        return self._transport.get(self._path(execution, "progress"), ExecutionProgress)

    def nodes(self, execution: str, *, limit: int = 500, cursor: str | None = None) -> NodePage:
        """A page of its node executions in the order in which they were born."""
        path = self._path(execution, "nodes")
        return self._transport.get(path, NodePage, limit=limit, cursor=cursor)

    def node(self, execution: str, node: str) -> NodeDetail:
        """One node execution, named by its id, ``key[iteration]``, or the key where it ran once."""
        return self._transport.get(self._path(execution, "nodes", node), NodeDetail)

    def attempts(self, execution: str) -> EarlierAttempts:
        """The earlier attempts of its nodes."""
        return self._transport.get(self._path(execution, "attempts"), EarlierAttempts)

    def relations(self, execution: str) -> ExecutionRelations:
        """What it belongs to, and what belongs to it."""
        return self._transport.get(self._path(execution, "relations"), ExecutionRelations)

    def succession(self, execution: str) -> Succession:
        """Which of its nodes follow which, where it is a canvas of Celery."""
        return self._transport.get(self._path(execution, "succession"), Succession)

    def requests(
        self, execution: str, *, limit: int = 100, cursor: str | None = None
    ) -> RequestHistory:
        """What was asked of it, by whom and when."""
        path = self._path(execution, "requests")
        return self._transport.get(path, RequestHistory, limit=limit, cursor=cursor)

    def bundle(self, execution: str) -> bytes:
        """All that is on record of it, as JSON lines."""
        return self._transport.fetch(self._path(execution, "bundle"))

    # What is to run.

    def start(
        self,
        workflow: str,
        input: Mapping[str, Any] | None = None,  # noqa: A002 - the API's own word
        *,
        version: int | None = None,
        tags: Sequence[str] = (),
        priority: int | None = None,
        external_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Started:
        """Have a workflow run, in its newest version where none is given.

        A repeat with the same ``idempotency_key`` within a day starts nothing and is told the same.
        """
        body = StartRequest(
            input=dict(input or {}),
            version=version,
            tags=list(tags),
            priority=priority,
            external_id=external_id,
            metadata=dict(metadata or {}),
        )
        path = f"{API}/workflows/{part(workflow)}/executions"
        return self._transport.send("POST", path, Started, body, headers=_keyed(idempotency_key))

    def rerun(
        self,
        execution: str,
        mode: RerunMode | str = RerunMode.WHOLE,
        *,
        nodes: Sequence[str] = (),
        inputs: Mapping[str, Any] | None = None,
        edits: Mapping[str, Mapping[str, Any]] | None = None,
        idempotency_key: str | None = None,
    ) -> Rerun:
        """Run one again: whole, from what did not complete, or from ``nodes``.

        ``inputs`` change the execution's, ``edits`` parameters: {node: {parameter: value}}.
        """
        body = _rerun(mode, nodes, inputs, edits)
        path = self._path(execution, "rerun")
        return self._transport.send("POST", path, Rerun, body, headers=_keyed(idempotency_key))

    def preview_rerun(
        self,
        execution: str,
        mode: RerunMode | str = RerunMode.WHOLE,
        *,
        nodes: Sequence[str] = (),
        inputs: Mapping[str, Any] | None = None,
        edits: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> RerunPreview:
        """What :meth:`rerun` with the same words would do."""
        body = _rerun(mode, nodes, inputs, edits)
        return self._transport.send(
            "POST", self._path(execution, "rerun-preview"), RerunPreview, body
        )

    # What is asked of what runs.

    def cancel(
        self, execution: str, *, kill: bool = False, reason: str | None = None
    ) -> Cancelling:
        """Have one end; with ``kill`` what runs gets no time to end by itself."""
        body = CancelRequest(kill=kill, reason=reason)
        return self._transport.send("POST", self._path(execution, "cancel"), Cancelling, body)

    def pause(self, execution: str) -> Pausing:
        """Start no further nodes of one."""
        return self._transport.send("POST", self._path(execution, "pause"), Pausing)

    def resume(self, execution: str) -> Pausing:
        """Let a paused one go on."""
        return self._transport.send("POST", self._path(execution, "resume"), Pausing)

    def answer(self, execution: str, node: str, *, approved: bool, comment: str = "") -> Answered:
        """Say yes or no to an approval; ``node`` is its key, ``key[turn]`` in a loop."""
        path = self._path(execution, "nodes", node, "answer")
        body = AnswerRequest(approved=approved, comment=comment)
        return self._transport.send("POST", path, Answered, body)

    def signal(self, execution: str, node: str, data: Any = None) -> Signalled:
        """Send something to a node that waits for a signal, or will."""
        path = self._path(execution, "nodes", node, "signal")
        return self._transport.send("POST", path, Signalled, SignalRequest(data=data))

    def approvals(self, *, limit: int = 100) -> WaitingApprovals:
        """What waits for a person's yes or no, longest first."""
        return self._transport.get(f"{API}/approvals", WaitingApprovals, limit=limit)

    # What is deleted for good.

    def delete(self, execution: str, *, force: bool = False) -> Deletion:
        """Delete one with all that belongs to it; ``force`` also one that has not settled."""
        return self._transport.send("DELETE", self._path(execution), Deletion, force=force)

    def delete_all(self, filters: ExecutionFilters, confirm: str) -> Deletion:
        """Delete what was counted, 10,000 at most; ``confirm`` is of :meth:`count`."""
        return self._transport.send("DELETE", _PATH, Deletion, **_query(filters), confirm=confirm)

    def _path(self, execution: str, *more: str) -> str:
        return "/".join([_PATH, part(execution), *map(part, more)])


def _query(filters: ExecutionFilters | None) -> dict[str, Any]:
    """The filters as the API has them: their own names, but each status by itself."""
    if filters is None:
        return {}
    query = msgspec.structs.asdict(filters)
    query["status"] = query.pop("statuses")
    return query


def _rerun(
    mode: RerunMode | str,
    nodes: Sequence[str],
    inputs: Mapping[str, Any] | None,
    edits: Mapping[str, Mapping[str, Any]] | None,
) -> RerunRequest:
    return RerunRequest(
        mode=RerunMode(mode),
        nodes=list(nodes),
        inputs=dict(inputs or {}),
        edits={node: dict(changes) for node, changes in (edits or {}).items()},
    )


def _keyed(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Idempotency-Key": key}
