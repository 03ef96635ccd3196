"""Reading a spool from its acknowledged mark on, and moving the mark.

Memory is bounded by what one call asks for: nothing is kept between two calls but the open file.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from everyrun.tracking.spool.framing import Ending, Frames, cut, framed_size
from everyrun.tracking.spool.layout import DAMAGED, SpoolDirectory
from everyrun.tracking.spool.marks import Mark, StateFile
from everyrun.tracking.spool.writing import Extent, SpoolWriter


class Backlog:
    """What of one spool the ledger has not taken yet.

    ``extent`` tells how far a segment may be read; ``on_left`` hears of segments that are done
    with, ``seal`` must make sure that nothing is added to a segment any more.
    """

    def __init__(
        self,
        directory: SpoolDirectory,
        state: StateFile,
        *,
        extent: Callable[[int], Extent],
        seal: Callable[[int], None],
        on_moved: Callable[[Mark], None],
        on_left: Callable[[int], None],
    ) -> None:
        self.directory = directory
        self.damaged: list[Path] = []
        """Segments that could not be read on and were set aside."""
        self._state = state
        self._extent = extent
        self._seal = seal
        self._on_moved = on_moved
        self._on_left = on_left
        self._open: tuple[int, int] | None = None
        self.mark = state.read().mark

    @classmethod
    def of_living(
        cls, directory: SpoolDirectory, state: StateFile, writer: SpoolWriter
    ) -> "Backlog":
        """The backlog of this process's own spool."""

        def moved(mark: Mark) -> None:
            writer.mark = mark

        return cls(
            directory,
            state,
            extent=writer.extent,
            seal=writer.seal,
            on_moved=moved,
            on_left=writer.forget,
        )

    @classmethod
    def of_gone(cls, directory: SpoolDirectory, state: StateFile) -> "Backlog":
        """The backlog of a spool whose process is gone."""
        return cls(
            directory,
            state,
            extent=lambda number: Extent(directory.segment(number).stat().st_size, sealed=True),
            seal=lambda _: None,
            on_moved=lambda _: None,
            on_left=lambda _: None,
        )

    def peek(self, most_events: int, most_bytes: int) -> list[bytes]:
        """The next events, oldest first; none when all that may be read is acknowledged.

        Raises ``OSError``.
        """
        while True:
            try:
                extent = self._extent(self.mark.segment) if self.mark.segment else Extent(0, True)
            except FileNotFoundError:
                extent = Extent(0, sealed=True)
            left = extent.size - self.mark.offset
            if left > 0:
                found = self._frames(most_events, most_bytes, left)
                if found.payloads:
                    return found.payloads
                if not extent.sealed or found.ending is Ending.DAMAGED:
                    self._set_aside()
                # else: the process was killed in the middle of its last write
            elif not extent.sealed:
                return []
            if not self._go_on():
                return []

    def acknowledge(self, payloads: Sequence[bytes]) -> None:
        """The ledger has the next ``payloads`` (a beginning of what ``peek`` gave).

        Raises ``OSError``.
        """
        moved = sum(map(framed_size, payloads))
        self._move(Mark(self.mark.segment, self.mark.offset + moved))

    def close(self) -> None:
        """Close what is open for reading."""
        opened, self._open = self._open, None
        if opened:
            os.close(opened[1])

    def _frames(self, most_events: int, most_bytes: int, left: int) -> Frames:
        try:
            descriptor = self._descriptor()
        except FileNotFoundError:
            return Frames([], Ending.DAMAGED, 0)
        offset = self.mark.offset
        found = cut(os.pread(descriptor, min(left, most_bytes), offset), most_events)
        if not found.payloads and found.ending is Ending.CUT_SHORT:
            whole = min(left, max(found.wanted, most_bytes))
            found = cut(os.pread(descriptor, whole, offset), 1)
        return found

    def _descriptor(self) -> int:
        number = self.mark.segment
        if self._open is None or self._open[0] != number:
            self.close()
            flags = os.O_RDONLY | os.O_CLOEXEC
            self._open = (number, os.open(self.directory.segment(number), flags))
        return self._open[1]

    def _set_aside(self) -> None:
        """Nothing behind damage can be told apart: keep the segment for a person to look at."""
        segment = self.directory.segment(self.mark.segment)
        self._seal(self.mark.segment)
        kept = segment.with_name(segment.name + DAMAGED)
        try:
            segment.rename(kept)
        except FileNotFoundError:
            return
        self.damaged.append(kept)

    def _go_on(self) -> bool:
        """Leave this segment for the next, if there is one."""
        done = self.mark.segment
        numbers = self.directory.segments()
        following = next((number for number in numbers if number > done), 0)
        if following:
            self._move(Mark(following, 0))
        elif done in numbers:
            self._move(Mark(done + 1, 0))
        self.close()
        for number in numbers:
            if number <= done:
                self.directory.segment(number).unlink(missing_ok=True)
        self._on_left(done)
        return bool(following)

    def _move(self, mark: Mark) -> None:
        self._state.write_mark(mark)
        self.mark = mark
        self._on_moved(mark)
