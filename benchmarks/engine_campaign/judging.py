"""What the nodes did, by their marks, against what is on record of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from benchmarks.engine_campaign.doing import BEGAN, ENDED
from everyrun.domain.status import SETTLED
from everyrun.store.tables import Node, NodeAttempt, NodeExecution, WorkflowExecution


class Mark(NamedTuple):
    """One line of the file: what an attempt did."""

    what: str
    key: str
    attempt: int


class Kill(NamedTuple):
    """How things stood when an engine had just died: lines in the file, nodes with an outcome."""

    marks: int
    settled: frozenset[str]


class Record(NamedTuple):
    """What is on record of an execution: its status, and each node's attempts by number."""

    status: str
    attempts: Mapping[str, Mapping[int, str]]


@dataclass
class Verdict:
    """What the comparison came to; ``problems`` is empty when the record tells the truth.

    ``repeated`` are starts of a second or later attempt, ``unmarked`` attempts on record that were
    killed before they could leave a mark.
    """

    starts: int = 0
    repeated: int = 0
    unmarked: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        """Take another execution's verdict in."""
        self.starts += other.starts
        self.repeated += other.repeated
        self.unmarked += other.unmarked
        self.problems += other.problems


def read_marks(path: Path) -> list[Mark]:
    """All marks, in their order."""
    if not path.exists():
        return []
    words = (line.split() for line in path.read_text().splitlines())
    return [Mark(what, key, int(attempt)) for what, key, attempt in words]


def settled_nodes(connection: Connection, execution_id: str) -> frozenset[str]:
    """The nodes whose outcome is on record."""
    query = (
        select(Node.key)
        .join(NodeExecution, Node.id == NodeExecution.node_id)
        .where(
            NodeExecution.workflow_execution_id == execution_id,
            NodeExecution.status.in_([status.value for status in SETTLED]),
        )
    )
    return frozenset(connection.execute(query).scalars())


def read_record(connection: Connection, execution_id: str) -> Record:
    """The execution's status and every attempt of every node."""
    status = connection.execute(
        select(WorkflowExecution.status).where(WorkflowExecution.id == execution_id)
    ).scalar_one()
    attempts: dict[str, dict[int, str]] = {}
    keys: dict[str, str] = {}
    rows = connection.execute(
        select(NodeExecution.id, Node.key, NodeExecution.attempt, NodeExecution.status)
        .join(Node, Node.id == NodeExecution.node_id)
        .where(NodeExecution.workflow_execution_id == execution_id)
    )
    for row in rows:
        if row.key in attempts:
            raise ValueError(f"{row.key} has two rows")
        keys[row.id] = row.key
        attempts[row.key] = {row.attempt: row.status}
    earlier = connection.execute(
        select(NodeAttempt.node_execution_id, NodeAttempt.attempt, NodeAttempt.status).where(
            NodeAttempt.workflow_execution_id == execution_id
        )
    )
    for id_, attempt, attempt_status in earlier:
        attempts[keys[id_]][attempt] = attempt_status
    return Record(status, attempts)


def judge(
    record: Record,
    marks: Sequence[Mark],
    kills: Sequence[Kill],
    parents: Mapping[str, Collection[str]],
) -> Verdict:
    """Compare a completed execution's record with its marks."""
    verdict = Verdict()
    if record.status != "completed":
        verdict.problems.append(f"the execution is {record.status}")
    counts = Counter(marks)
    verdict.problems += [f"{mark} is there {n} times" for mark, n in counts.items() if n > 1]
    verdict.problems += [
        f"{mark} has no attempt on record"
        for mark in counts
        if mark.attempt not in record.attempts.get(mark.key, {})
    ]
    for key in parents:
        _judge_attempts(verdict, key, record.attempts.get(key, {}), counts)
    verdict.problems += _run_again(marks, kills) + _too_early(marks, parents)
    return verdict


def _judge_attempts(
    verdict: Verdict, key: str, attempts: Mapping[int, str], marks: Counter[Mark]
) -> None:
    """Attempts are numbered from 1; the last one completed, the others were lost."""
    if sorted(attempts) != list(range(1, len(attempts) + 1)) or not attempts:
        verdict.problems.append(f"{key} has the attempts {sorted(attempts)}")
        return
    for number, status in attempts.items():
        began, ended = marks[Mark(BEGAN, key, number)], marks[Mark(ENDED, key, number)]
        verdict.starts += began
        verdict.repeated += began if number > 1 else 0
        if number == len(attempts):
            if (status, began, ended) != ("completed", 1, 1):
                verdict.problems.append(
                    f"{key} is {status} in attempt {number}, begun {began}, ended {ended} times"
                )
        elif status != "lost":
            verdict.problems.append(f"{key} was {status} in attempt {number} and went on")
        elif not began:
            verdict.unmarked += 1


def _run_again(marks: Sequence[Mark], kills: Sequence[Kill]) -> list[str]:
    """Nodes that began after a kill though their outcome was on record by then."""
    return [
        f"{mark.key} had an outcome on record and began again"
        for kill in kills
        for mark in marks[kill.marks :]
        if mark.what == BEGAN and mark.key in kill.settled
    ]


def _too_early(marks: Sequence[Mark], parents: Mapping[str, Collection[str]]) -> list[str]:
    """Nodes that began before one that they need had ended."""
    ended: set[str] = set()
    problems = []
    for mark in marks:
        if mark.what == ENDED:
            ended.add(mark.key)
        else:
            problems += [
                f"{mark.key} began before {parent} had ended"
                for parent in parents[mark.key]
                if parent not in ended
            ]
    return problems
