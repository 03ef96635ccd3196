"""What changed lately, as those who poll for it are told."""

from datetime import datetime

import msgspec


class BatchCounts(msgspec.Struct, kw_only=True):
    """A batch as it stood at the change; members in none of the counts have not settled."""

    name: str
    status: str
    total: int
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    not_run: int = 0


class ChangedSchedule(msgspec.Struct, kw_only=True):
    """A schedule as it stood after the change (before it, when it was deleted)."""

    id: str
    name: str
    active: bool


class LogsUpdated(msgspec.Struct, kw_only=True, omit_defaults=True, rename="camel"):
    """The seeds' ``logsUpdated`` event (R0.9), with the names that they give its members.

    ``type`` is ``workflowExecutionCompleted`` or ``workflowExecutionFailed`` with the script, or
    ``allScriptsExecutionCompleted`` with the counts. ``script_id`` is the workflow's number where
    it has been given one, else its id.
    """

    type: str
    script_id: int | str | None = None
    script_name: str | None = None
    success_count: int | None = None
    fail_count: int | None = None
    total_count: int | None = None


class ChangeItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One change; what does not apply to its ``type`` is left out.

    An execution with a ``batch_id`` ran in that batch. ``logs_updated`` is there for what the
    seeds' pages listen for: an execution that completed or failed outside of a batch, and a batch
    that ended, however it did.
    """

    type: str
    at: datetime
    workflow_id: str | None = None
    workflow: str | None = None
    kind: str | None = None
    execution_id: str | None = None
    batch_id: str | None = None
    batch: BatchCounts | None = None
    schedule: ChangedSchedule | None = None
    version: int | None = None
    active: bool | None = None
    count: int | None = None
    logs_updated: LogsUpdated | None = None


class ChangesPage(msgspec.Struct, kw_only=True):
    """Changes after a cursor, oldest first, in the order in which they were committed.

    ``next`` is the cursor to ask with next time. ``more``: there are further ones already.
    ``reset``: the cursor is older than what is kept, or of another ledger, so that changes may have
    been missed; read everything anew, then go on from ``next``.
    """

    items: list[ChangeItem]
    next: str
    more: bool
    reset: bool


class ChangesAnswer(ChangesPage, kw_only=True):
    """Changes, and how long to wait before asking again (``poll_after_ms``)."""

    poll_after_ms: int
