"""What the engine keeps beside the record: who runs what, who asked for what, what fired when.

Rows of executions here belong to executions that have not settled; they go when those settle or
are deleted. None refers to a partitioned table: ``store.deleting`` sees to it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Identifier, Payload
from everyrun.store.tables.base import Base


class ExecutionLease(Base):
    """An unsettled execution of a graph: queued while it has no ``owner``, else held until
    ``expires_at``.

    Whoever holds it commits its outcomes; ``epoch`` counts the owners. Waiting ones are taken by
    ``priority``, then by age, from ``available_at`` on, and while fewer than ``at_most`` of the
    workflow are held; one with a ``batch_id`` only by whoever runs the batch.
    """

    __tablename__ = "execution_leases"

    workflow_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    workflow_id: Mapped[str] = mapped_column(Identifier, index=True)
    batch_id: Mapped[str | None] = mapped_column(Identifier)
    priority: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    available_at: Mapped[datetime]
    at_most: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(Identifier)
    host: Mapped[str | None] = mapped_column(Text)
    epoch: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    expires_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_execution_leases_waiting", "owner", "priority", "workflow_execution_id"),
        Index("ix_execution_leases_expires_at", "expires_at"),
    )


class ExecutionRequest(Base):
    """What somebody asked of a running execution: cancel, kill, pause, resume, answer or signal.

    Kept for good: it tells who did it. ``node`` is a node's key, with ``[iteration]`` in a loop.
    """

    __tablename__ = "execution_requests"

    workflow_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    action: Mapped[str] = mapped_column(String(20))
    node: Mapped[str | None] = mapped_column(Text)
    data: Mapped[Any | None] = mapped_column(Payload)
    asked_by: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]

    __table_args__ = ({"sqlite_with_rowid": False},)


class ReusedNode(Base):
    """A node execution of a rerun that was taken over from an earlier execution, not run."""

    __tablename__ = "reused_nodes"

    workflow_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    node_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    origin_execution_id: Mapped[str] = mapped_column(Identifier)
    origin_node_execution_id: Mapped[str] = mapped_column(Identifier)

    __table_args__ = ({"sqlite_with_rowid": False},)


class ConcurrencySlot(Base):
    """A node execution that runs under a concurrency key.

    It counts while the lease of its execution does, so that a killed engine leaks none.
    """

    __tablename__ = "concurrency_slots"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    node_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    workflow_execution_id: Mapped[str] = mapped_column(Identifier, index=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class NodeClaim(Base):
    """A node execution that a worker is to run, or runs: made in the commit that made it ready.

    Without an ``owner`` it waits: it is sent, again, at ``send_at``; one without a ``queue`` is
    never sent, whoever tends the workers takes it from ``available_at`` on. With an ``owner`` it
    runs until it is settled, or until ``expires_at`` passes. ``stop`` asks the owner to end it:
    ``cancel`` or ``kill``.
    """

    __tablename__ = "node_claims"

    workflow_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    node_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    attempt: Mapped[int]
    queue: Mapped[str | None] = mapped_column(String(100))
    priority: Mapped[int]
    available_at: Mapped[datetime]
    send_at: Mapped[datetime | None]
    sends: Mapped[int]
    owner: Mapped[str | None] = mapped_column(Identifier)
    host: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    stop: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        Index("ix_node_claims_send_at", "send_at"),
        Index("ix_node_claims_owner", "owner", "host"),
        Index("ix_node_claims_expires_at", "expires_at"),
        {"sqlite_with_rowid": False},
    )


class Leadership(Base):
    """A role that one process at a time has: the scheduler's. Lost when it expires."""

    __tablename__ = "leaderships"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    owner: Mapped[str] = mapped_column(Identifier)
    host: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    expires_at: Mapped[datetime]


class ScheduleFire(Base):
    """What became of one due time of a schedule: started, skipped, missed, coalesced, backfilled.

    The key makes it happen once, whoever the scheduler is. ``workflow_execution_id`` is the
    execution that it made; a missed one has an execution too, ``skipped``, with the reason.
    """

    __tablename__ = "schedule_fires"

    schedule_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    fired_at: Mapped[datetime]
    workflow_execution_id: Mapped[str | None] = mapped_column(Identifier)
    reason: Mapped[str | None] = mapped_column(Text)


class ScheduleBackfill(Base):
    """A range of due times that somebody asked to be run after the fact, and how far that is."""

    __tablename__ = "schedule_backfills"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    schedule_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("schedules.id", ondelete="CASCADE"), index=True
    )
    batch_id: Mapped[str] = mapped_column(Identifier)
    since: Mapped[datetime]
    until: Mapped[datetime]
    asked_by: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("batch_id"),)
