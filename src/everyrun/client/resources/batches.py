"""Batches: several executions started as one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from everyrun.client.resources.paging import every
from everyrun.client.transport import API, Transport, part
from everyrun.domain.views.batches import (
    BatchDetail,
    BatchMember,
    BatchMemberPage,
    BatchPage,
    BatchSummary,
    RunAllRequest,
    RunOverInputsRequest,
    StopBatchRequest,
)

_PATH = f"{API}/batches"


class Batches:
    """``client.batches``. A batch is named by its id or the beginning of it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self, *, status: Sequence[str] = (), limit: int = 50, cursor: str | None = None
    ) -> BatchPage:
        """A page of batches, newest first."""
        return self._transport.get(
            _PATH, BatchPage, status=list(status), limit=limit, cursor=cursor
        )

    def all(self, **filters: Any) -> Iterator[BatchSummary]:
        """All of them, newest first; the filters of :meth:`page`."""
        return every(lambda cursor: self.page(**{"limit": 500, **filters, "cursor": cursor}))

    def get(self, batch: str, *, limit: int = 100) -> BatchDetail:
        """One batch as it stands, with the first ``limit`` of its executions (0 to 500).

        Raises ``NotOnRecord`` and ``AmbiguousId``.
        """
        return self._transport.get(f"{_PATH}/{part(batch)}", BatchDetail, limit=limit)

    def members(
        self,
        batch: str,
        *,
        status: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> BatchMemberPage:
        """A page of a batch's executions, in their order."""
        path = f"{_PATH}/{part(batch)}/members"
        return self._transport.get(
            path, BatchMemberPage, status=list(status), limit=limit, cursor=cursor
        )

    def all_members(self, batch: str, *, status: Sequence[str] = ()) -> Iterator[BatchMember]:
        """All executions of a batch, in their order."""
        return every(lambda cursor: self.members(batch, status=status, limit=500, cursor=cursor))

    def run_all(self, name: str = "run all", *, parallel: int = 1) -> BatchDetail:
        """Have every active graph run, in their order."""
        body = RunAllRequest(name=name, parallel=parallel)
        return self._transport.send("POST", f"{_PATH}/run-all", BatchDetail, body)

    def run(
        self,
        workflow: str,
        inputs: Sequence[Mapping[str, Any]],
        *,
        common: Mapping[str, Any] | None = None,
        name: str | None = None,
        parallel: int = 1,
    ) -> BatchDetail:
        """Have one graph run over many inputs; ``common`` are what all of them have."""
        body = RunOverInputsRequest(
            workflow=workflow,
            inputs=[dict(each) for each in inputs],
            common=dict(common or {}),
            name=name,
            parallel=parallel,
        )
        return self._transport.send("POST", _PATH, BatchDetail, body)

    def stop(self, batch: str, *, kill: bool = False) -> BatchDetail:
        """Stop a batch: what runs is cancelled, what has not begun is not run."""
        path = f"{_PATH}/{part(batch)}/stop"
        return self._transport.send("POST", path, BatchDetail, StopBatchRequest(kill=kill))
