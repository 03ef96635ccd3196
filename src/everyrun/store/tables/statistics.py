"""Sums kept in step with the rows, in the transaction that changes the rows."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Identifier
from everyrun.store.tables.base import Base


class StatsBucket(Base):
    """Executions per workflow, status and 15-minute UTC bucket of their start.

    An execution that has not started counts in the bucket of its creation. ``duration_sum`` (µs)
    and ``duration_count`` cover those that have both a start and an end. Every offset in use is a
    multiple of 15 minutes, so any zone's day is a sum of whole buckets.
    """

    __tablename__ = "stats_buckets"

    bucket: Mapped[datetime] = mapped_column(primary_key=True)
    workflow_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[str] = mapped_column(String(20), primary_key=True)
    executions: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    duration_count: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    duration_sum: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)

    __table_args__ = (Index("ix_stats_buckets_workflow_id_bucket", "workflow_id", "bucket"),)


class LogStat(Base):
    """The seeds' log statistics (R0.6), per workflow; their sum is the whole.

    ``executions`` have at least one node execution; ``nodes_completed`` and ``nodes_failed`` count
    node executions; ``duration_sum`` (µs) and ``duration_count`` cover the settled ones that have a
    start.
    """

    __tablename__ = "log_stats"

    workflow_id: Mapped[str] = mapped_column(
        Identifier, ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True
    )
    executions: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    nodes_completed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    nodes_failed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    duration_count: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    duration_sum: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)


class DashboardStat(Base):
    """A cached dashboard value (R1.4), keyed by the day it counts so that midnight cannot lie.

    ``day`` is 1970-01-01 for values that belong to no day. ``generation`` names the state of the
    ledger that was counted: the value holds while nothing that counts was committed after it.
    """

    __tablename__ = "dashboard_stats"

    stat_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    timezone: Mapped[str] = mapped_column(String(64), primary_key=True)
    stat_value: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    updated_at: Mapped[datetime]
    created_at: Mapped[datetime]
    generation: Mapped[str] = mapped_column(Text, server_default=text("''"), default="")
