"""What was promised against what is on record."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.fault_campaign.victim import KIND_LINE, KIND_NODE_FINISHED, KIND_NODE_STARTED
from everyrun.domain.identifiers import id_text
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog, NodeExecution, Recorder

NOTE_BYTES = 1 + 16 + 16


@dataclass
class Promises:
    """The notes of every victim: recorder -> what its ``record()`` returned for."""

    lines: dict[str, set[str]] = field(default_factory=dict)
    started: dict[str, set[str]] = field(default_factory=dict)
    finished: dict[str, set[str]] = field(default_factory=dict)

    def count(self, recorder: str) -> int:
        """How many events a recorder has promised."""
        return sum(
            len(kept.get(recorder, ())) for kept in (self.lines, self.started, self.finished)
        )

    @property
    def total(self) -> int:
        """How many events were promised."""
        return sum(map(self.count, self.recorders))

    @property
    def recorders(self) -> set[str]:
        """Everyone who promised something."""
        return self.lines.keys() | self.started.keys() | self.finished.keys()


def read_promises(folder: Path) -> Promises:
    """Every complete note in a folder of notes."""
    promises = Promises()
    places = {
        KIND_LINE: promises.lines,
        KIND_NODE_STARTED: promises.started,
        KIND_NODE_FINISHED: promises.finished,
    }
    for path in sorted(folder.iterdir()):
        notes = path.read_bytes()
        for at in range(0, len(notes) - NOTE_BYTES + 1, NOTE_BYTES):
            note = notes[at : at + NOTE_BYTES]
            recorder = id_text(note[17:])
            places[note[:1]].setdefault(recorder, set()).add(id_text(note[1:17]))
    return promises


@dataclass
class Verdict:
    """What the count came to; ``problems`` is empty when every promise was kept."""

    promised: int
    on_record: int
    dropped: int
    twice: int
    problems: list[str]

    @property
    def figures(self) -> str:
        """The count in words."""
        return (
            f"promised {self.promised:,}, on record {self.on_record:,}, "
            f"told dropped {self.dropped:,}, twice {self.twice}"
        )

    @property
    def all_problems(self) -> list[str]:
        """What is wrong, what is there twice too."""
        return [*self.problems, *([f"{self.twice} events are there twice"] if self.twice else [])]


def judge(database: Database, promises: Promises) -> Verdict:
    """Count what is on record, recorder by recorder.

    Every promised event must be on record, or be one of those that its recorder says it dropped.
    The event that was being recorded when a process was killed was never promised: it may be on
    record or among the dropped, so a killed recorder may have dropped one more than is missing.
    """
    with database.reading() as connection:
        lines = set(connection.execute(select(ExecutionLog.id)).scalars())
        rows = connection.execute(select(NodeExecution.id, NodeExecution.status)).all()
        line_rows = connection.execute(select(func.count()).select_from(ExecutionLog)).scalar_one()
        drops: dict[str, int] = {
            row.id: row.dropped_events
            for row in connection.execute(select(Recorder.id, Recorder.dropped_events))
        }
        problems = check_counters(connection)
    nodes = {row.id for row in rows}
    finished = {row.id for row in rows if row.status == "completed"}
    twice = (line_rows - len(lines)) + (len(rows) - len(nodes))
    missing: Counter[str] = Counter()
    for recorder in promises.recorders:
        missing[recorder] += len(promises.lines.get(recorder, set()) - lines)
        missing[recorder] += len(promises.finished.get(recorder, set()) - finished)
        # A finished node execution shows that it had started, whether or not the start came.
        missing[recorder] += len(promises.started.get(recorder, set()) - nodes)
    for recorder, count in missing.items():
        dropped = drops.get(recorder, 0)
        if not count <= dropped <= count + 1:
            problems.append(f"recorder {recorder}: {count} events missing, {dropped} told dropped")
    return Verdict(
        promised=promises.total,
        on_record=len(lines) + len(nodes) + len(finished),
        dropped=sum(drops.values()),
        twice=twice,
        problems=problems,
    )
