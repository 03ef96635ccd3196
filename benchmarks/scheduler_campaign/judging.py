"""Every due time against what is on record of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from benchmarks.scheduler_campaign.plan import NODES, WORKFLOW
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.scheduler.firing import STARTED
from everyrun.scheduler.scheduling import timetable_of
from everyrun.scheduler.triggers import fires_between
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.schedules import ScheduleRecord
from everyrun.store.tables import Node, NodeExecution, ScheduleFire, Workflow, WorkflowExecution


class Due(NamedTuple):
    """One due time of one schedule."""

    schedule: str
    at: int


class Run(NamedTuple):
    """One execution on record: which due time it is for, and how it ended."""

    id: str
    due: Due
    status: str


@dataclass
class Verdict:
    """What the comparison came to; ``problems`` is empty when each due time was run once."""

    due: int = 0
    starts: int = 0
    repeated: int = 0
    latest_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def expected(schedules: Sequence[ScheduleRecord], until: int) -> list[Due]:
    """Every due time before ``until`` (µs UTC), worked out from the rules."""
    return [
        Due(schedule.id, at)
        for schedule in schedules
        for at in fires_between(timetable_of(schedule), schedule.next_fire_at or 0, until, 10**6)
    ]


def runs(connection: Connection) -> list[Run]:
    """All executions of the campaign's workflow."""
    query = (
        select(WorkflowExecution.id, WorkflowExecution.metadata_, WorkflowExecution.status)
        .join(Workflow, Workflow.id == WorkflowExecution.workflow_id)
        .where(Workflow.name == WORKFLOW)
    )
    return [
        Run(row[0], Due(row[1]["schedule_id"], _moment(row[1]["due_at"])), row[2])
        for row in connection.execute(query)
    ]


def judge(connection: Connection, due: Sequence[Due], marks: Path) -> Verdict:
    """Compare what was due with what is on record, and that with the marks."""
    verdict = Verdict(due=len(due))
    verdict.problems += check_counters(connection) + check_integrity(connection)
    found = runs(connection)
    _judge_fires(connection, verdict, due, {run.due: run.id for run in found})
    counts = Counter(run.due for run in found)
    verdict.problems += [f"{_said(each)} was run {n} times" for each, n in counts.items() if n > 1]
    wanted = set(due)
    for run in found:
        if run.due in wanted and run.status != "completed":
            verdict.problems.append(f"execution {run.id} of {_said(run.due)} is {run.status}")
    _judge_nodes(connection, verdict, [run.id for run in found if run.due in wanted], marks)
    return verdict


def _judge_fires(
    connection: Connection, verdict: Verdict, due: Sequence[Due], executions: dict[Due, str]
) -> None:
    fires = {
        Due(fire.schedule_id, to_microseconds(fire.due_at)): fire
        for fire in connection.execute(
            select(
                ScheduleFire.schedule_id,
                ScheduleFire.due_at,
                ScheduleFire.outcome,
                ScheduleFire.fired_at,
                ScheduleFire.workflow_execution_id,
            )
        )
    }
    for each in due:
        fire = fires.get(each)
        if fire is None:
            verdict.problems.append(f"{_said(each)} was lost")
        elif fire.outcome != STARTED:
            verdict.problems.append(f"{_said(each)} was {fire.outcome}")
        elif fire.workflow_execution_id != executions.get(each):
            verdict.problems.append(f"{_said(each)} has not the execution that it says")
        else:
            late = (to_microseconds(fire.fired_at) - each.at) / 1e6
            verdict.latest_seconds = max(verdict.latest_seconds, late)


def _judge_nodes(
    connection: Connection, verdict: Verdict, executions: Sequence[str], marks: Path
) -> None:
    """Each node has one row, completed, and begun no more often than it has attempts."""
    starts = Counter(tuple(line.split()) for line in marks.read_text().splitlines())
    verdict.problems += [f"{mark} is there {n} times" for mark, n in starts.items() if n > 1]
    verdict.starts = len(starts)
    verdict.repeated = sum(1 for mark in starts if mark[2] != "1")
    query = select(
        NodeExecution.workflow_execution_id, Node.key, NodeExecution.status, NodeExecution.attempt
    ).join(Node, Node.id == NodeExecution.node_id)
    rows = Counter[tuple[str, str]]()
    for execution_id, key, status, attempt in connection.execute(query):
        rows[execution_id, key] += 1
        begun = [int(mark[2]) for mark in starts if mark[:2] == (execution_id, key)]
        if execution_id in executions and (status != "completed" or attempt not in begun):
            verdict.problems.append(f"{key} of {execution_id} is {status} in attempt {attempt}")
        if begun and max(begun) > attempt:
            verdict.problems.append(f"{key} of {execution_id} began {max(begun)} times")
    verdict.problems += [
        f"{key} of {execution_id} has {rows[execution_id, key]} rows"
        for execution_id in executions
        for key in NODES
        if rows[execution_id, key] != 1
    ]


def _moment(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text))


def _said(due: Due) -> str:
    return f"{to_datetime(due.at).isoformat()} of {due.schedule}"
