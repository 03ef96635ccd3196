"""What an execution and a node execution have in common while they run.

Attributes that most places never change are set on the class, so that a tracked call pays only for
what differs. ``marked`` says that one of them did change: the place is then settled with care.
"""

from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from everyrun.domain.events import LineLogged
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import LogLevel, Status
from everyrun.tracking import recording
from everyrun.tracking.context import Lineage
from everyrun.tracking.harmless import count_swallowed, harmless
from everyrun.tracking.lines import LineAssembler
from everyrun.tracking.outcomes import captured, status_of

if TYPE_CHECKING:
    from everyrun.tracking.running_executions import RunningExecution

PROGRESS_INTERVAL = 500_000
"""Microseconds between two progress events of one place."""


FRAMES_TO_SETTLE = 100
"""Nested calls that settling takes, amply: most of them read an exception's traceback."""


class Unset:
    """Tells "no output was named" from an output of None."""


UNSET: Final = Unset()


class Reached(NamedTuple):
    """How far something is."""

    current: float
    total: float | None
    message: str | None


class Place:
    """An execution or a node execution while it runs."""

    id: str
    outer: "Place | None"
    generation: int
    started_at: int = 0

    key: str | None = None
    node_execution_id: str | None = None
    attempt: int = 1
    status: Status = Status.RUNNING

    marked: bool = False
    unsettled: "tuple[Place, BaseException, Any] | None" = None
    """Places that ended inside this one for want of stack: (place, its error, earlier ones)."""

    output: object = UNSET
    """What it was told to give back."""

    partial_lines: dict[tuple[str, int], LineAssembler] | None = None
    _chosen: tuple[Status, str | None] | None = None
    _said: Reached | None = None
    _unsaid: Reached | None = None
    _progress_at: int | None = None
    to_stop: bool = False
    """Whether this place itself was told to stop."""

    @property
    def execution(self) -> "RunningExecution":
        """The execution itself, or the one that the node runs in."""
        raise NotImplementedError

    def is_stopping(self) -> bool:
        """Whether its code should end: its time is out, or its job was asked to stop."""
        place: Place | None = self
        while place is not None:
            if place.to_stop or place.execution.to_stop:
                return True
            place = place.outer
        return False

    def give(self, output: object) -> None:
        """Have ``output``, as it will be then, put on record when the place settles."""
        self.output = output
        self.marked = True

    @harmless
    def choose(self, status: Status, reason: object) -> None:
        """Settle with ``status``, for ``reason``, when the code comes to its end."""
        self._chosen = (status, None)
        self.marked = True
        if reason is not None:
            self._chosen = (status, recording.current().capturer.text(str(reason)))

    @harmless
    def progress(self, current: float, total: float | None, message: str | None) -> None:
        """Note how far it is; put it on record at most each half second."""
        reached = Reached(
            _finite(current),
            None if total is None or not isfinite(total) else float(total),
            None if message is None else recording.current().capturer.text(str(message)),
        )
        now = recording.current().clock.now()
        if self._progress_at is None or not 0 <= now - self._progress_at < PROGRESS_INTERVAL:
            self._say(reached, now)
        else:
            self._unsaid = reached
            self.marked = True

    @harmless
    def say_last_progress(self) -> None:
        """Put on record how far it came, when that was held back."""
        if self._unsaid is not None:
            self._say(self._unsaid, recording.current().clock.now())

    def _say(self, reached: Reached, at: int) -> None:
        self._unsaid = None
        self._progress_at = at
        if reached != self._said:
            self._said = reached
            self._record_progress(reached, at)

    def complete(self, result: object) -> None:
        """Settle: the code returned ``result``."""
        try:
            if self.marked or self.generation != Lineage.generation:
                self._settle_with_care(Status.COMPLETED, result, None)
            else:
                output = None if result is None else recording.current().capturer.plain(result)
                self._finish(Status.COMPLETED, None, output)
        except Exception:  # noqa: BLE001 - the caller is to get the result
            count_swallowed()

    def fail_with(self, error: BaseException) -> None:
        """Settle: the code was left by ``error``."""
        if isinstance(error, RecursionError) and self.outer is not None and not _has_stack():
            # Whoever is further out, where there is more of the stack left, settles this one too.
            self.outer.unsettled = (self, error, self.outer.unsettled)
            self.outer.marked = True
            return
        try:
            status = status_of(error)
            if status is Status.COMPLETED:
                self._settle_with_care(status, None, None)
            else:
                self._settle_with_care(status, None, captured(error))
        except Exception:  # noqa: BLE001 - the caller is to get `error`
            count_swallowed()

    @harmless
    def settle_what_could_not_be(self) -> None:
        """Settle the places that ended inside this one when no stack was left to record with.

        Each of them may hold others; one after the other, because nesting is what went wrong.
        """
        waiting, self.unsettled = [self.unsettled], None
        told: tuple[BaseException, CapturedError] | None = None
        while waiting:
            entry = waiting.pop()
            while entry is not None:
                place, error, entry = entry
                waiting.append(place.unsettled)
                place.unsettled = None
                if told is None or told[0] is not error:
                    told = (error, captured(error))
                place._settle_with_care(Status.FAILED, None, told[1])  # noqa: SLF001 - ours

    def _settle_with_care(
        self, status: Status, result: object, error: CapturedError | None
    ) -> None:
        if self.generation != Lineage.generation:
            return
        if self.unsettled is not None:
            self.settle_what_could_not_be()
        self._say_what_was_held_back()
        status, error = self._as_chosen(status, error)
        if result is None and not isinstance(self.output, Unset):
            result = self.output
        output = None if result is None else recording.current().capturer.plain(result)
        self._finish(status, error, output)

    def _as_chosen(
        self, status: Status, error: CapturedError | None
    ) -> tuple[Status, CapturedError | None]:
        if self._chosen is None:
            return status, error
        status, reason = self._chosen
        if error is None and reason is not None:
            error = CapturedError("", reason, "")
        return status, error

    @harmless
    def _say_what_was_held_back(self) -> None:
        self.say_last_progress()
        self.say_partial_lines()

    def line_assembler(self, stream: str, thread: int) -> LineAssembler:
        """What makes lines of the pieces that ``thread`` writes here to ``stream``."""
        if self.partial_lines is None:
            self.partial_lines = {}
            self.marked = True
        return self.partial_lines.setdefault((stream, thread), LineAssembler())

    def say_partial_lines(self, thread: int | None = None) -> None:
        """Put on record what was written without a line's end, by one thread or by all."""
        held = self.partial_lines or {}
        for stream, writer in list(held):
            if thread in (None, writer):
                for line in held.pop((stream, writer)).end():
                    self.record_line(LogLevel.INFO, line, logger=stream)

    def record_line(
        self, level: LogLevel, text: str, data: object = None, logger: str | None = None
    ) -> LineLogged:
        """Put one line of this place on record; answers it as it stands there."""
        recorder = recording.current()
        run = self.execution
        line = LineLogged(
            id=new_id(),
            execution_id=run.id,
            workflow=run.workflow,
            kind=run.kind,
            at=recorder.clock.now(),
            level=level,
            message=recorder.capturer.text(text),
            node=self.key,
            node_execution_id=self.node_execution_id,
            attempt=self.attempt,
            logger=logger,
            data=data,
        )
        recorder.record(line)
        return line

    def _finish(self, status: Status, error: CapturedError | None, output: object) -> None:
        raise NotImplementedError

    def _record_progress(self, reached: Reached, at: int) -> None:
        raise NotImplementedError


def _finite(number: float) -> float:
    if not isfinite(number):
        raise ValueError(f"{number} is no progress")
    return float(number)


def _has_stack(frames: int = FRAMES_TO_SETTLE) -> bool:
    """Whether this many more calls can be nested here."""
    try:
        return frames == 0 or _has_stack(frames - 1)
    except RecursionError:
        return False
