"""The ledger's tables. Columns as SPEC-005 in the seeds names them (R2.2-R2.4)."""

from everyrun.store.tables.access import Token, User
from everyrun.store.tables.base import Base
from everyrun.store.tables.definitions import Batch, Node, Schedule, Workflow, WorkflowVersion
from everyrun.store.tables.engine import (
    ConcurrencySlot,
    ExecutionLease,
    ExecutionRequest,
    Leadership,
    ReusedNode,
    ScheduleBackfill,
    ScheduleFire,
)
from everyrun.store.tables.executions import (
    ExecutionLog,
    ExecutionTag,
    ExternalId,
    NodeAttempt,
    NodeExecution,
    Recorder,
    WorkflowExecution,
)
from everyrun.store.tables.statistics import DashboardStat, LogStat, StatsBucket

__all__ = [
    "Base",
    "Batch",
    "ConcurrencySlot",
    "DashboardStat",
    "ExecutionLease",
    "ExecutionLog",
    "ExecutionRequest",
    "ExecutionTag",
    "ExternalId",
    "Leadership",
    "LogStat",
    "Node",
    "NodeAttempt",
    "NodeExecution",
    "Recorder",
    "ReusedNode",
    "Schedule",
    "ScheduleBackfill",
    "ScheduleFire",
    "StatsBucket",
    "Token",
    "User",
    "Workflow",
    "WorkflowExecution",
    "WorkflowVersion",
]
