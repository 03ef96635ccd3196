"""Stories: the events of made-up executions, in the order in which they happened."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from everyrun.domain import events
from everyrun.domain.events import RecorderInfo
from everyrun.domain.status import LogLevel, Status

NOON = 1_780_000_000_000_000
HOUR = 3_600_000_000
OUTCOMES = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED)


def identifier_at(at: int, number: int) -> str:
    """A UUIDv7 of a chosen time and number, so that a story is the same each time it is told."""
    digits = f"{at // 1000:012x}7{number % 4096:03x}8{number:015x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def recorder_numbered(number: int) -> RecorderInfo:
    """One of the recorders that tell a story."""
    id_ = identifier_at(NOON - HOUR, 900_000 + number)
    return RecorderInfo(id=id_, host=f"host-{number}", pid=number + 1, started_at=NOON - HOUR)


@dataclass
class Story:
    """Facts with who told them, oldest first."""

    told: list[tuple[RecorderInfo, Any]] = field(default_factory=list)
    at: int = NOON
    numbers: int = 0

    def new_id(self) -> str:
        self.numbers += 1
        return identifier_at(self.at, self.numbers)

    def tell(self, recorder: RecorderInfo, event: Any) -> None:
        self.told.append((recorder, event))


class _Teller:
    """Draws one story, execution by execution."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.story = Story()

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    def tick(self) -> int:
        self.story.at += self.draw(st.sampled_from([1, 40, 1_000_000, HOUR // 3]))
        return self.story.at

    def recorder(self) -> RecorderInfo:
        return recorder_numbered(self.draw(st.integers(0, 2)))

    def error(self, status: Status) -> dict[str, Any]:
        if status is not Status.FAILED:
            return {}
        return {"error_type": "ValueError", "error_message": "값이 없다", "error_traceback": "…"}

    def execution(self, number: int, parent: str | None) -> str:
        of: dict[str, Any] = {
            "execution_id": self.story.new_id(),
            "workflow": self.draw(st.sampled_from(["nightly", "o'clock", "한글 작업"])),
            "kind": self.draw(st.sampled_from(["function", "celery"])),
        }
        recorder = self.recorder()
        described = {
            "trigger": self.draw(st.sampled_from(["manual", "schedule"])),
            "input": {"n": number},
            "tags": self.draw(st.lists(st.sampled_from(["a", "b", "c"]), max_size=2)),
            "external_id": f"job-{number % 2}" if self.chance(40) else None,
            "parent_execution_id": parent,
            "metadata": {"priority": "high"},
        }
        if self.chance(50):
            created = events.ExecutionCreated(**of, at=self.tick(), **described)
            self.story.tell(recorder, created)
        if self.chance(85):
            self.story.tell(recorder, events.ExecutionStarted(**of, at=self.tick(), **described))
        for turn in range(self.draw(st.integers(0, 3))):
            self.node(of, recorder, turn)
        if self.chance(30):
            tagged = events.ExecutionTagged(**of, at=self.tick(), tags=["late"])
            self.story.tell(recorder, tagged)
        self.lines(of, recorder, None)
        if self.chance(20):
            lost = events.ExecutionLost(**of, at=self.tick(), reason="no sign of life")
            self.story.tell(self.recorder(), lost)
        if self.chance(75):
            self.finish_execution(of, recorder)
        return str(of["execution_id"])

    def finish_execution(self, of: dict[str, Any], recorder: RecorderInfo) -> None:
        for _ in range(1 + self.chance(15)):
            status = self.draw(st.sampled_from(OUTCOMES))
            self.story.tell(
                recorder,
                events.ExecutionFinished(
                    **of, at=self.tick(), status=status, output={"rows": 3}, **self.error(status)
                ),
            )

    def node(self, of: dict[str, Any], recorder: RecorderInfo, turn: int) -> None:
        node = {
            "node": self.draw(st.sampled_from(["load", "load", "clean"])),
            "node_execution_id": self.story.new_id(),
            "order": turn + 1,
            "iteration": str(turn),
        }
        for attempt in range(1, 1 + self.draw(st.integers(1, 3))):
            recorder = recorder if self.chance(70) else self.recorder()
            last = self.attempt(of, node, attempt, recorder)
            if last:
                break

    def attempt(
        self, of: dict[str, Any], node: dict[str, Any], attempt: int, recorder: RecorderInfo
    ) -> bool:
        both = {**of, **node, "attempt": attempt}
        began = self.tick()
        if self.chance(85):
            started = events.NodeStarted(**both, at=began, input={"x": [1, 2]})
            self.story.tell(recorder, started)
        if self.chance(30):
            progressed = events.NodeProgressed(
                **both, at=self.tick(), started_at=began, current=float(attempt), total=9.0
            )
            self.story.tell(recorder, progressed)
        self.lines(of, recorder, node, attempt)
        if self.chance(15):
            lost = events.NodeLost(**both, at=self.tick(), reason="its lease expired")
            self.story.tell(self.recorder(), lost)
        if self.chance(40):
            retrying = events.NodeRetrying(
                **both, at=self.tick(), started_at=began, error_type="OSError", error_message="gone"
            )
            self.story.tell(recorder, retrying)
            return False
        if self.chance(80):
            status = self.draw(st.sampled_from(OUTCOMES))
            finished = events.NodeFinished(
                **both, at=self.tick(), started_at=began, status=status, **self.error(status)
            )
            self.story.tell(recorder, finished)
        return self.chance(80)

    def lines(
        self,
        of: dict[str, Any],
        recorder: RecorderInfo,
        node: dict[str, Any] | None,
        attempt: int = 1,
    ) -> None:
        where: dict[str, Any] = {}
        if node is not None:
            where = {"node": node["node"], "node_execution_id": node["node_execution_id"]}
        for _ in range(self.draw(st.integers(0, 2))):
            level = self.draw(st.sampled_from(list(LogLevel)))
            line = events.LineLogged(
                **of, **where, id=self.story.new_id(), at=self.tick(), message="줄", level=level
            )
            line.attempt = attempt
            self.story.tell(recorder, line)


@st.composite
def stories(draw: Any) -> Story:
    """Random executions: retries, loops, nesting, missing starts, several tellers, losses."""
    teller = _Teller(draw)
    parent: str | None = None
    for number in range(draw(st.integers(1, 3))):
        parent = teller.execution(number, parent if teller.chance(50) else None)
    for number in range(3):
        if teller.chance(20):
            gone = events.RecorderGone(at=teller.tick(), reason="its process has ended")
            teller.story.tell(recorder_numbered(number), gone)
        if teller.chance(20):
            dropped = events.RecorderDropped(at=teller.tick(), count=number + 1)
            teller.story.tell(recorder_numbered(number), dropped)
    return teller.story


Batches = list[tuple[RecorderInfo, list[Any]]]


@st.composite
def retellings(draw: Any, story: Story) -> Batches:
    """The same facts in any order, some repeated, cut into batches of one recorder each."""
    repeated = draw(st.lists(st.sampled_from(story.told), max_size=8)) if story.told else []
    facts = draw(st.permutations([*story.told, *repeated]))
    batches: Batches = []
    size = draw(st.integers(1, 12))
    for recorder, event in facts:
        if batches and batches[-1][0] == recorder and len(batches[-1][1]) < size:
            batches[-1][1].append(event)
        else:
            batches.append((recorder, [event]))
    grouped = draw(st.booleans())
    return _grouped(batches) if grouped else batches


def _grouped(batches: Batches) -> Batches:
    """One large batch for each recorder."""
    by_recorder: dict[str, tuple[RecorderInfo, list[Any]]] = {}
    for recorder, told in batches:
        by_recorder.setdefault(recorder.id, (recorder, []))[1].extend(told)
    return list(by_recorder.values())
