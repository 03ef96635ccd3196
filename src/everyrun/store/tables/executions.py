"""What ran: executions, node executions, attempts, logs, and who recorded them.

The big tables carry ``workflow_execution_id``, a UUIDv7, first in their primary key. On PostgreSQL
they are range-partitioned by it, so that retention drops whole months and a run's rows lie
together.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from everyrun.domain.status import SETTLED, Status
from everyrun.store.column_types import Identifier, Payload
from everyrun.store.tables.base import SETTLED_SQL, Base
from everyrun.store.tables.definitions import Node, Workflow

OPEN_ROWS = text(f"status NOT IN {SETTLED_SQL}")
TROUBLED_ROWS = text("status NOT IN ('completed', 'skipped')")
WAITING_ROWS = text("started_at IS NULL")
ALARMING_LINES = text("level IN ('warning', 'error')")
DEFAULT_MAX_RETRIES = 3


def _seconds_between(started_at: datetime | None, ended_at: datetime | None) -> float | None:
    if started_at is None or ended_at is None:
        return None
    return (ended_at - started_at).total_seconds()


class WorkflowExecution(Base):
    """One run of a workflow."""

    __tablename__ = "workflow_executions"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    workflow_id: Mapped[str] = mapped_column(Identifier, ForeignKey("workflows.id"))
    kind: Mapped[str] = mapped_column(String(20))
    workflow_version_id: Mapped[str | None] = mapped_column(
        Identifier, ForeignKey("workflow_versions.id")
    )
    batch_id: Mapped[str | None] = mapped_column(Identifier)
    trigger_type: Mapped[str] = mapped_column(String(50), server_default=text("'manual'"))
    status: Mapped[str] = mapped_column(String(20), server_default=text("'pending'"))
    external_id: Mapped[str | None] = mapped_column(Text)
    parent_execution_id: Mapped[str | None] = mapped_column(Identifier)
    parent_node_execution_id: Mapped[str | None] = mapped_column(Identifier)
    origin_execution_id: Mapped[str | None] = mapped_column(Identifier)
    recorder_id: Mapped[str | None] = mapped_column(Identifier)

    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    """Grows with every change to the execution, its nodes and its lines: see ``store.marks``."""
    seen_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    lost_reason: Mapped[str | None] = mapped_column(Text)

    error_type: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(server_default=text("'[]'"), default=list)

    nodes_planned: Mapped[int | None]
    nodes_total: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    nodes_completed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    nodes_failed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    nodes_cancelled: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    nodes_skipped: Mapped[int] = mapped_column(server_default=text("0"), default=0)

    progress_current: Mapped[float | None]
    progress_total: Mapped[float | None]
    progress_message: Mapped[str | None] = mapped_column(Text)
    progress_at: Mapped[datetime | None]
    log_position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)

    # Payloads stand last: what comes after them would be read through them.
    context: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    metadata_: Mapped[dict[str, Any]] = mapped_column(
        "metadata", server_default=text("'{}'"), default=dict
    )
    input_data: Mapped[Any] = mapped_column(Payload, server_default=text("'{}'"), nullable=False)
    output_data: Mapped[Any | None] = mapped_column(Payload)
    error_traceback: Mapped[str | None] = mapped_column(Text)

    workflow: Mapped[Workflow] = relationship(lazy="raise")
    node_executions: Mapped[list["NodeExecution"]] = relationship(
        lazy="raise",
        back_populates="workflow_execution",
        passive_deletes=True,
        order_by="(NodeExecution.execution_order, NodeExecution.id)",
    )
    logs: Mapped[list["ExecutionLog"]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(ExecutionLog.timestamp, ExecutionLog.id)",
    )

    __table_args__ = (
        Index("ix_workflow_executions_workflow_id_id", "workflow_id", "id"),
        Index("ix_workflow_executions_status_id", "status", "id"),
        Index("ix_workflow_executions_kind_id", "kind", "id"),
        Index("ix_workflow_executions_trigger_type_id", "trigger_type", "id"),
        Index("ix_workflow_executions_workflow_id_status_id", "workflow_id", "status", "id"),
        Index("ix_workflow_executions_workflow_id_trigger_id", "workflow_id", "trigger_type", "id"),
        Index("ix_workflow_executions_kind_status_id", "kind", "status", "id"),
        Index("ix_workflow_executions_kind_trigger_id", "kind", "trigger_type", "id"),
        Index("ix_workflow_executions_trigger_status_id", "trigger_type", "status", "id"),
        Index(
            "ix_workflow_executions_parent",
            "parent_execution_id",
            "id",
            sqlite_where=text("parent_execution_id IS NOT NULL"),
            postgresql_where=text("parent_execution_id IS NOT NULL"),
        ),
        Index(
            "ix_workflow_executions_batch",
            "batch_id",
            "id",
            sqlite_where=text("batch_id IS NOT NULL"),
            postgresql_where=text("batch_id IS NOT NULL"),
        ),
        Index(
            "ix_workflow_executions_recorder_open",
            "recorder_id",
            sqlite_where=OPEN_ROWS,
            postgresql_where=OPEN_ROWS,
        ),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from start to end, None while either is missing (R2.9)."""
        return _seconds_between(self.started_at, self.ended_at)

    @property
    def is_terminal(self) -> bool:
        """Whether the execution has settled (R2.9)."""
        return self.status in SETTLED


class NodeExecution(Base):
    """One run of a node inside an execution, whatever the number of attempts."""

    __tablename__ = "node_executions"

    workflow_execution_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflow_executions.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    node_id: Mapped[str] = mapped_column(Identifier, ForeignKey("nodes.id"))
    parent_node_execution_id: Mapped[str | None] = mapped_column(Identifier)
    iteration: Mapped[str | None] = mapped_column(Text)
    execution_order: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(20), server_default=text("'pending'"))
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"), default=1)
    recorder_id: Mapped[str | None] = mapped_column(Identifier)

    started_at: Mapped[datetime | None]
    attempt_started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    lost_reason: Mapped[str | None] = mapped_column(Text)

    error_type: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)

    progress_current: Mapped[float | None]
    progress_total: Mapped[float | None]
    progress_message: Mapped[str | None] = mapped_column(Text)
    progress_at: Mapped[datetime | None]

    # Payloads stand last: what comes after them would be read through them.
    input_data: Mapped[Any] = mapped_column(Payload, server_default=text("'{}'"), nullable=False)
    output_data: Mapped[Any | None] = mapped_column(Payload)
    error_traceback: Mapped[str | None] = mapped_column(Text)
    metadata_: Mapped[Any | None] = mapped_column("metadata", Payload)

    workflow_execution: Mapped[WorkflowExecution] = relationship(
        lazy="raise", back_populates="node_executions"
    )
    node: Mapped[Node] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_node_executions_node_id_started_at", "node_id", "started_at"),
        Index(
            "ix_node_executions_status_started_at",
            "status",
            "started_at",
            sqlite_where=TROUBLED_ROWS,
            postgresql_where=TROUBLED_ROWS,
        ),
        Index(
            "ix_node_executions_recorder_open",
            "recorder_id",
            sqlite_where=OPEN_ROWS,
            postgresql_where=OPEN_ROWS,
        ),
        Index(
            "ix_node_executions_waiting",
            "workflow_execution_id",
            "execution_order",
            "id",
            sqlite_where=WAITING_ROWS,
            postgresql_where=WAITING_ROWS,
        ),
        {"postgresql_partition_by": "RANGE (workflow_execution_id)"},
    )

    @property
    def retry_count(self) -> int:
        """How many attempts came before the current one (R2.3)."""
        return self.attempt - 1

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from first start to end, None while either is missing (R2.9)."""
        return _seconds_between(self.started_at, self.ended_at)

    @property
    def is_terminal(self) -> bool:
        """Whether the node execution has settled (R2.9)."""
        return self.status in SETTLED

    @property
    def can_retry(self) -> bool:
        """Failed, and its node allows another attempt (R2.10). Needs ``node`` loaded."""
        allowed = self.node.retry_config.get("max_retries", DEFAULT_MAX_RETRIES)
        return self.status == Status.FAILED and self.retry_count < int(allowed)


class NodeAttempt(Base):
    """An earlier try of a node execution; the current one lives on the node execution's row."""

    __tablename__ = "node_attempts"

    workflow_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    node_execution_id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    attempt: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    recorder_id: Mapped[str | None] = mapped_column(Identifier)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    error_type: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    error_traceback: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(
            ["workflow_execution_id", "node_execution_id"],
            ["node_executions.workflow_execution_id", "node_executions.id"],
            ondelete="CASCADE",
        ),
        {"postgresql_partition_by": "RANGE (workflow_execution_id)", "sqlite_with_rowid": False},
    )


class ExecutionLog(Base):
    """One line of text, of an execution or of one of its node executions.

    ``position`` counts lines as they arrive in the ledger, per execution: the cursor that a tail
    follows, so that a late line is never missed. ``id`` orders lines by birth.
    """

    __tablename__ = "execution_logs"

    workflow_execution_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflow_executions.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    node_execution_id: Mapped[str | None] = mapped_column(Identifier)
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"), default=1)
    level: Mapped[str] = mapped_column(String(20))
    timestamp: Mapped[datetime]
    logger: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    data: Mapped[Any | None] = mapped_column(Payload)

    __table_args__ = (
        ForeignKeyConstraint(
            ["workflow_execution_id", "node_execution_id"],
            ["node_executions.workflow_execution_id", "node_executions.id"],
            ondelete="CASCADE",
        ),
        Index("ix_execution_logs_position", "workflow_execution_id", "position"),
        Index(
            "ix_execution_logs_node",
            "workflow_execution_id",
            "node_execution_id",
            "position",
            sqlite_where=text("node_execution_id IS NOT NULL"),
            postgresql_where=text("node_execution_id IS NOT NULL"),
        ),
        Index("ix_execution_logs_timestamp", "timestamp", "workflow_execution_id", "id"),
        Index(
            "ix_execution_logs_alarming",
            "level",
            "timestamp",
            "workflow_execution_id",
            "id",
            sqlite_where=ALARMING_LINES,
            postgresql_where=ALARMING_LINES,
        ),
        {"postgresql_partition_by": "RANGE (workflow_execution_id)", "sqlite_with_rowid": False},
    )


class ExecutionTag(Base):
    """One tag of one execution, for finding executions by tag."""

    __tablename__ = "execution_tags"

    tag: Mapped[str] = mapped_column(String(200), primary_key=True)
    workflow_execution_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflow_executions.id", ondelete="CASCADE"), primary_key=True
    )

    __table_args__ = (
        Index("ix_execution_tags_execution", "workflow_execution_id"),
        {"postgresql_partition_by": "RANGE (workflow_execution_id)", "sqlite_with_rowid": False},
    )


class ExternalId(Base):
    """Whose a caller's own id is: unique within a workflow kind.

    When two executions claim the same one, the earlier born keeps it, whichever arrives first.
    It cannot be partitioned by execution, so on PostgreSQL a trigger stands for the reference.
    """

    __tablename__ = "external_ids"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    external_id: Mapped[str] = mapped_column(Text, primary_key=True)
    workflow_execution_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflow_executions.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = ({"sqlite_with_rowid": False},)


class Recorder(Base):
    """A process that recorded: when it was last heard of, and what it had to drop."""

    __tablename__ = "recorders"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int] = mapped_column(BigInteger)
    program: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
    everyrun_version: Mapped[str] = mapped_column(String(40), server_default=text("''"), default="")
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    gone_reason: Mapped[str | None] = mapped_column(Text)
    gone_presumed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Gone by its silence alone: taken back when it is heard of."""
    heartbeat_seconds: Mapped[float | None]
    """At least how often it promised to be heard of; None: it did not."""
    dropped_events: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
