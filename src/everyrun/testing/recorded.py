"""``with everyrun.testing.recorded() as runs: ...``: what the block put on record, to be asserted.

Nothing touches a disk or a network. Every event goes through the wire format, so that what could
not be stored fails here. The pauses between a node's attempts take no time.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.events import AnyEvent, decode, encode
from everyrun.testing.recorded_executions import RecordedExecution, executions_of
from everyrun.tracking import recording
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import use_inherited_parent
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.retrying import use_pauses
from everyrun.tracking.settings import Settings


class MemoryRecorder(Recorder):
    """Keeps events in memory. Other processes that this one starts record nothing."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(Settings(enabled=False), clock=clock)
        self.events: list[AnyEvent] = []

    def record(self, event: AnyEvent) -> None:
        """Keep an event, as the ledger would read it."""
        self.events.append(decode(encode(event)))


class NoPauses:
    """Pauses that take no time, and how long they would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def pause(self, seconds: float) -> None:
        """Return at once."""
        self.seconds.append(seconds)

    async def pause_async(self, seconds: float) -> None:
        """Return at once."""
        self.seconds.append(seconds)


class Runs:
    """What was recorded so far, from any thread of this process."""

    def __init__(self, recorder: MemoryRecorder, pauses: NoPauses) -> None:
        self._recorder = recorder
        self._pauses = pauses

    @property
    def events(self) -> list[AnyEvent]:
        """The events as they were recorded."""
        return list(self._recorder.events)

    @property
    def pauses(self) -> list[float]:
        """How many seconds would have passed between attempts."""
        return list(self._pauses.seconds)

    def all(self, name: str | None = None) -> list[RecordedExecution]:
        """The executions, of the workflow ``name`` if given, in the order in which they began."""
        found = executions_of(self._recorder.events)
        return [run for run in found if name in (None, run.name)]

    def one(self, name: str | None = None) -> RecordedExecution:
        """The only execution. Raises ``AssertionError`` when there are none or several."""
        found = self.all(name)
        if len(found) != 1:
            wanted = "execution" if name is None else f"execution of {name!r}"
            names = ", ".join(run.name for run in self.all()) or "nothing"
            raise AssertionError(f"expected one {wanted}, not {len(found)}; recorded: {names}")
        return found[0]

    def __iter__(self) -> Iterator[RecordedExecution]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())


@contextmanager
def recorded(clock: Clock | None = None) -> Iterator[Runs]:
    """Record into memory for the length of a block, wherever this process records otherwise.

    ``clock`` tells the time of events. Raises ``AssertionError`` at the block's end when anything
    could not be recorded.
    """
    recorder = MemoryRecorder(clock or SystemClock())
    pauses = NoPauses()
    former_recorder = recording.use(recorder)
    former_pauses = use_pauses(pauses)
    former_parent = use_inherited_parent(None)
    former_place = CURRENT.get()
    CURRENT.set(None)
    try:
        yield Runs(recorder, pauses)
    finally:
        CURRENT.set(former_place)
        use_inherited_parent(former_parent)
        use_pauses(former_pauses)
        recording.use(former_recorder)
    if recorder.swallowed:
        raise AssertionError(f"{recorder.swallowed} things could not be recorded")
