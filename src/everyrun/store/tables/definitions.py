"""What runs: workflows, their versions, their nodes, their schedules, and batches of executions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Document, Identifier
from everyrun.store.tables.base import Base


class Workflow(Base):
    """Anything that runs by name. First sight of a (kind, name) registers it.

    A deleted workflow keeps its row (``deleted_at``), so that history never dangles.
    """

    __tablename__ = "workflows"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    execution_order: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("kind", "name"), Index("ix_workflows_name", "name"))


class WorkflowVersion(Base):
    """An immutable snapshot of a graph's definition."""

    __tablename__ = "workflow_versions"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    workflow_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflows.id", ondelete="CASCADE")
    )
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, Any]] = mapped_column(Document)
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("workflow_id", "version"),)


class Node(Base):
    """A step's lasting identity within a workflow: (workflow, key).

    ``title`` is what people call it, where whoever reports it from outside said so.
    """

    __tablename__ = "nodes"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    workflow_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflows.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(Text)
    node_type: Mapped[str | None] = mapped_column(String(100))
    title: Mapped[str | None] = mapped_column(Text)
    retry_config: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workflow_id", "key"),)


class Batch(Base):
    """Several executions started as one, with honest counts.

    Whoever runs it holds it as ``owner`` until ``expires_at``; ``parallel`` executions at once.
    """

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), server_default=text("'pending'"))
    executions_total: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    executions_completed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    executions_failed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    executions_cancelled: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    executions_not_run: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    started_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    parallel: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    stop_asked_at: Mapped[datetime | None]
    stop_asked_by: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Identifier)
    expires_at: Mapped[datetime | None]


class Schedule(Base):
    """When a workflow starts by itself; ``docs/reference/schedules.md`` says how it is defined."""

    __tablename__ = "schedules"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    workflow_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflows.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(Text)
    definition: Mapped[dict[str, Any]]
    timezone: Mapped[str] = mapped_column(String(64), server_default=text("'UTC'"))
    active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    paused_reason: Mapped[str | None] = mapped_column(Text)
    next_fire_at: Mapped[datetime | None]
    last_fire_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("workflow_id", "name"),
        Index("ix_schedules_due", "active", "next_fire_at"),
    )
