"""What an engine may commit of one execution, and what user code tells of it in between."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import strategies as st

from everyrun.domain import events
from everyrun.domain.events import AnyEvent, RecorderInfo
from everyrun.domain.status import LogLevel, Status
from tests.support.stories import NOON, identifier_at, recorder_numbered

KEYS = ("load", "each", "each.read", "sum")
"""The nodes of the graph that these executions are of."""

ENGINE, USER_CODE = recorder_numbered(1), recorder_numbered(2)
ORDINARY = {"start": 6, "finish": 6, "skip": 2, "retry": 6, "begin again": 8, "give up": 1}
"""What an engine does while nobody interferes, and how often."""
WITH_USER_CODE = ORDINARY | {"progress": 4, "log": 2, "nest": 2}
"""The same, while the nodes' own code tells the record about itself."""
ANYTHING = WITH_USER_CODE | {
    "create": 1,
    "start created": 2,
    "lose": 1,
    "repeat": 1,
    "settle": 1,
    "declare gone": 0.3,
}
_PAYLOADS: tuple[Any, ...] = (None, {}, {"rows": [1, 2.5, None]}, "값", "a\0b", ["x" * 300])
_STEPS = (0, 1, 40, 2_000_000)


class Commit(NamedTuple):
    """What is told at once, at ``now``: by the engine, or by another recorder."""

    recorder: RecorderInfo
    told: list[AnyEvent]
    now: int


@dataclass
class _Row:
    """A node execution in the making."""

    about: dict[str, Any]
    began: int
    attempt: int = 1
    status: str = "running"


@dataclass
class _Teller:
    """Draws one execution, action by action."""

    draw: Any
    of: dict[str, Any]
    odd: bool
    at: int = NOON
    number: int = 10
    rows: list[_Row] = field(default_factory=list)
    pending: list[AnyEvent] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    def tick(self) -> int:
        self.at += self.draw(st.sampled_from(_STEPS))
        return self.at

    def new_id(self) -> str:
        self.number += 1
        return identifier_at(NOON, self.number)

    def payload(self) -> Any:
        return self.draw(st.sampled_from(_PAYLOADS))

    def error(self, status: Status) -> dict[str, Any]:
        if status is not Status.FAILED:
            return {}
        message = "Zeile\0zwei" if self.odd and self.chance(5) else "값이 없다"
        return {"error_type": "ValueError", "error_message": message, "error_traceback": "…"}

    def pick(self, status: str) -> _Row | None:
        rows = [row for row in self.rows if row.status == status]
        return self.draw(st.sampled_from(rows)) if rows else None

    def about(self) -> dict[str, Any]:
        key = "a new one" if self.odd and self.chance(3) else self.draw(st.sampled_from(KEYS))
        inside = self.rows[0].about["node_execution_id"] if self.rows else None
        return {
            **self.of,
            "node": key,
            "node_execution_id": self.new_id(),
            "node_type": "set",
            "order": self.number if not self.odd or self.chance(90) else None,
            "iteration": str(self.number) if key == "each.read" else None,
            "parent_node_execution_id": inside if key == "each.read" else None,
        }

    def act(self, action: str) -> None:
        getattr(self, action.replace(" ", "_"))()
        if self.pending and self.chance(60):
            self.commit()

    # What the engine does.

    def commit(self) -> None:
        told, self.pending = self.pending, []
        self.commits.append(Commit(ENGINE, told, self.tick()))

    def start(self) -> None:
        row = _Row(self.about(), self.tick())
        self.rows.append(row)
        self.pending.append(events.NodeStarted(**row.about, at=row.began, input=self.payload()))

    def create(self) -> None:
        row = _Row(self.about(), self.tick(), status="created")
        self.rows.append(row)
        self.pending.append(events.NodeCreated(**row.about, at=row.began, input=self.payload()))

    def start_created(self) -> None:
        row = self.pick("created")
        if row is not None:
            row.status, row.began = "running", self.tick()
            self.pending.append(events.NodeStarted(**row.about, at=row.began))

    def skip(self) -> None:
        row = _Row(self.about(), self.tick(), status="settled")
        self.rows.append(row)
        self._finish(row, Status.SKIPPED, None)

    def finish(self) -> None:
        row = self.pick("running")
        if row is not None:
            wanted = [Status.COMPLETED, Status.COMPLETED, Status.FAILED, Status.CANCELLED]
            self._finish(row, self.draw(st.sampled_from(wanted)), row.began)

    def give_up(self) -> None:
        row = self.pick("retrying")
        if row is not None:
            self._finish(row, Status.CANCELLED, None)

    def _finish(self, row: _Row, status: Status, began: int | None) -> None:
        row.status = "settled"
        if self.odd and self.chance(5):
            row.about["order"] = self.number
        self.pending.append(
            events.NodeFinished(
                **row.about,
                at=self.tick(),
                attempt=row.attempt,
                started_at=began if self.chance(90) else None,
                status=status,
                output=self.payload(),
                **self.error(status),
            )
        )

    def retry(self) -> None:
        row = self.pick("running")
        if row is not None:
            row.status = "retrying"
            self.pending.append(
                events.NodeRetrying(
                    **row.about,
                    at=self.tick(),
                    attempt=row.attempt,
                    started_at=row.began,
                    **self.error(Status.FAILED),
                )
            )

    def begin_again(self) -> None:
        row = self.pick("retrying") or self.pick("lost")
        if row is not None:
            row.status, row.began, row.attempt = "running", self.tick(), row.attempt + 1
            self.pending.append(
                events.NodeStarted(
                    **row.about, at=row.began, attempt=row.attempt, input=self.payload()
                )
            )

    def lose(self) -> None:
        row = self.pick("running")
        if row is not None:
            row.status = "lost"
            self.pending.append(
                events.NodeLost(
                    **row.about, at=self.tick(), attempt=row.attempt, reason="it was killed"
                )
            )

    def repeat(self) -> None:
        told = [event for commit in self.commits for event in commit.told]
        if told:
            self.pending.append(self.draw(st.sampled_from(told)))

    def settle(self) -> None:
        finished = events.ExecutionFinished(**self.of, at=self.tick(), status=Status.COMPLETED)
        self.pending.append(finished)

    # What others tell meanwhile.

    def _tell(self, *told: AnyEvent, recorder: RecorderInfo = USER_CODE) -> None:
        self.commits.append(Commit(recorder, list(told), self.tick()))

    def progress(self) -> None:
        row = self.pick("running")
        if row is None:
            self._tell(events.ExecutionProgressed(**self.of, at=self.tick(), current=0.5))
            return
        self._tell(
            events.NodeProgressed(
                **row.about,
                at=self.tick() + self.draw(st.sampled_from([0, 5_000_000])),
                attempt=row.attempt,
                started_at=row.began - (7 if self.chance(10) else 0),
                current=2.0,
                total=4.0,
                message="half",
            )
        )

    def log(self) -> None:
        row = self.pick("running")
        where: dict[str, Any] = {}
        if row is not None:
            where = {key: row.about[key] for key in ("node", "node_execution_id")}
            where["attempt"] = row.attempt
        line = events.LineLogged(
            **self.of, **where, id=self.new_id(), at=self.tick(), message="줄", level=LogLevel.INFO
        )
        self._tell(line)

    def nest(self) -> None:
        row = self.pick("running")
        if row is None:
            return
        began = self.tick()
        nested = {
            **self.of,
            "node": "helper",
            "node_execution_id": self.new_id(),
            "parent_node_execution_id": row.about["node_execution_id"],
        }
        done = events.NodeFinished(
            **nested, at=self.tick(), started_at=began, status=Status.COMPLETED
        )
        self._tell(events.NodeStarted(**nested, at=began), done)

    def declare_gone(self) -> None:
        gone = events.RecorderGone(at=self.tick(), reason="it does not answer")
        self._tell(gone, recorder=ENGINE if self.chance(50) else USER_CODE)


@st.composite
def engine_stories(draw: Any, actions: Mapping[str, float] = ANYTHING) -> list[Commit]:
    """The commits of one execution of the graph, in their order; the first one begins it."""
    of: dict[str, Any] = {
        "execution_id": identifier_at(NOON, 1),
        "workflow": "nightly",
        "kind": "graph",
    }
    teller = _Teller(draw, of, odd=actions is ANYTHING)
    teller.pending.append(events.ExecutionStarted(**of, at=NOON, input={"day": "today"}))
    bag = [action for action, weight in actions.items() for _ in range(round(weight * 10))]
    teller.act("start")
    for _ in range(draw(st.integers(1, 60))):
        teller.act(draw(st.sampled_from(bag)))
    teller.commit()
    return teller.commits
