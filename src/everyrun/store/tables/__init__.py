"""The ledger's tables. Columns as SPEC-005 in the seeds names them (R2.2-R2.4)."""

from everyrun.store.tables.access import (
    AuditEntry,
    IdempotencyKey,
    LoginFailure,
    Session,
    Token,
    User,
)
from everyrun.store.tables.base import Base
from everyrun.store.tables.changes import Change
from everyrun.store.tables.definitions import Batch, Node, Schedule, Workflow, WorkflowVersion
from everyrun.store.tables.engine import (
    ConcurrencySlot,
    ExecutionLease,
    ExecutionRequest,
    Leadership,
    NodeClaim,
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
from everyrun.store.tables.numbers import NodeExecutionNumber, WorkflowNumber
from everyrun.store.tables.statistics import DashboardStat, LogStat, StatsBucket
from everyrun.store.tables.workers import CeleryQueue, CeleryWorker

__all__ = [
    "AuditEntry",
    "Base",
    "Batch",
    "CeleryQueue",
    "CeleryWorker",
    "Change",
    "ConcurrencySlot",
    "DashboardStat",
    "ExecutionLease",
    "ExecutionLog",
    "ExecutionRequest",
    "ExecutionTag",
    "ExternalId",
    "IdempotencyKey",
    "Leadership",
    "LogStat",
    "LoginFailure",
    "Node",
    "NodeAttempt",
    "NodeClaim",
    "NodeExecution",
    "NodeExecutionNumber",
    "Recorder",
    "ReusedNode",
    "Schedule",
    "ScheduleBackfill",
    "ScheduleFire",
    "Session",
    "StatsBucket",
    "Token",
    "User",
    "Workflow",
    "WorkflowExecution",
    "WorkflowNumber",
    "WorkflowVersion",
]
