"""Batches: several executions started as one."""

from datetime import datetime
from typing import Any

import msgspec


class BatchSummary(msgspec.Struct, kw_only=True):
    """One batch. ``left`` is what has not settled; ``stop_asked_by`` had it stopped.

    ``runner`` runs it, unless ``runner_until`` is over; without one it waits for somebody.
    """

    id: str
    name: str
    status: str
    total: int
    completed: int
    failed: int
    cancelled: int
    not_run: int
    left: int
    parallel: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    started_by: str | None
    reason: str | None
    stop_asked_by: str | None
    stop_asked_at: datetime | None
    runner: str | None
    runner_until: datetime | None


class BatchPage(msgspec.Struct, kw_only=True):
    """Batches, newest first. ``next`` is the cursor to older ones, None at the end."""

    items: list[BatchSummary]
    next: str | None


class BatchMember(msgspec.Struct, kw_only=True):
    """One execution of a batch. ``reason`` is its error, or why it was not run."""

    id: str
    workflow: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str | None


class BatchMemberPage(msgspec.Struct, kw_only=True):
    """Executions of a batch in their order. ``next`` is the cursor to later ones."""

    items: list[BatchMember]
    next: str | None


class BatchDetail(BatchSummary, kw_only=True):
    """A batch with the first of its executions; ``next`` is the cursor to the others."""

    members: list[BatchMember] = []
    next: str | None = None


class RunAllRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Every active graph, in their order, ``parallel`` at once (R0.13)."""

    name: str = "run all"
    parallel: int = 1


class RunOverInputsRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One graph over many ``inputs``: an execution each, ``parallel`` at once.

    ``common`` are inputs that every execution has that does not give them itself.
    """

    workflow: str
    inputs: list[dict[str, Any]]
    common: dict[str, Any] = {}
    name: str | None = None
    parallel: int = 1


class StopBatchRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``kill`` gives what runs no time to end by itself."""

    kill: bool = False
