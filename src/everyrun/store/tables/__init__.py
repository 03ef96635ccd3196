"""The ledger's tables. Columns as SPEC-005 in the seeds names them (R2.2-R2.4)."""

from everyrun.store.tables.access import Token, User
from everyrun.store.tables.base import Base
from everyrun.store.tables.definitions import Batch, Node, Schedule, Workflow, WorkflowVersion
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
    "DashboardStat",
    "ExecutionLog",
    "ExecutionTag",
    "ExternalId",
    "LogStat",
    "Node",
    "NodeAttempt",
    "NodeExecution",
    "Recorder",
    "Schedule",
    "StatsBucket",
    "Token",
    "User",
    "Workflow",
    "WorkflowExecution",
    "WorkflowVersion",
]
