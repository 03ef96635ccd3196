"""This process's own spool: founded at its first event, given up when it ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import msgspec

from everyrun.domain.clock import Clock
from everyrun.domain.events import RecorderInfo
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.delivering import Delivery, Rejects
from everyrun.tracking.spool.layout import (
    MAKING,
    SpoolDirectory,
    private_directory,
    readable_url,
    spools_of,
    sweep,
)
from everyrun.tracking.spool.marks import StateFile
from everyrun.tracking.spool.ownership import Ownership, claim
from everyrun.tracking.spool.reading import Backlog
from everyrun.tracking.spool.unyielding import Writes, unyielding_writes
from everyrun.tracking.spool.writing import SpoolWriter


class OwnSpool:
    """Both ends of the spool that this process writes and ships."""

    def __init__(
        self,
        directory: SpoolDirectory,
        recorder: RecorderInfo,
        ownership: Ownership,
        state: StateFile,
        writer: SpoolWriter,
        delivery: Delivery,
    ) -> None:
        self.directory = directory
        self.recorder = recorder
        self.writer = writer
        self.delivery = delivery
        self._ownership = ownership
        self._state = state

    @classmethod
    def found(
        cls,
        settings: Settings,
        recorder: RecorderInfo,
        lock: AbstractContextManager[object],
        clock: Clock,
        *,
        wake: Callable[[], None],
        dropped: int = 0,
    ) -> "OwnSpool":
        """Make the directory and lock it. Raises ``OSError``.

        ``dropped`` counts events that were lost before there was a spool.
        """
        writes = unyielding_writes()
        directory, ownership, state = _found(settings, recorder, writes)
        writer = SpoolWriter(
            directory,
            state,
            writes,
            lock,
            limit=settings.spool_limit,
            segment_bytes=settings.segment_bytes,
            clock=clock,
            wake=wake,
            dropped=dropped,
        )
        delivery = Delivery(
            Backlog.of_living(directory, state, writer),
            Rejects(directory, state, clock, limit=settings.spool_limit),
            recorder,
            batch_events=settings.batch_events,
            batch_bytes=settings.batch_bytes,
        )
        return cls(directory, recorder, ownership, state, writer, delivery)

    def is_shipped(self) -> bool:
        """Whether everything that was recorded so far is in the ledger."""
        return self.delivery.backlog.mark >= self.writer.position()

    def conclude(self) -> None:
        """Give the spool up in order: remove it, or leave what is not shipped to be adopted."""
        # First of all, so that no thread appends between the question and the removal.
        self.writer.close()
        nothing_left = self.is_shipped() and not self.writer.undeclared
        if nothing_left and not self.directory.has_leftovers():
            with suppress(OSError):
                self.directory.remove()
        else:
            self.mark_closed()
        self._close_files()
        self._ownership.release()

    def mark_closed(self) -> None:
        """Note that the process ended in order, so that nobody reports it as gone."""
        with suppress(OSError):
            self.directory.closed.touch(mode=0o600)

    def leave_to_parent(self) -> None:
        """In a forked child: close what was inherited and touch nothing."""
        with suppress(OSError):
            self._close_files()

    def _close_files(self) -> None:
        self.writer.close()
        self.delivery.backlog.close()
        self._state.close()


def _found(
    settings: Settings, recorder: RecorderInfo, writes: Writes
) -> tuple[SpoolDirectory, Ownership, StateFile]:
    """A complete, locked directory appears under its name at once, so nobody adopts half of one."""
    destination = spools_of(settings.home, settings.url)
    private_directory(destination)
    _describe(destination, settings.url)
    making = SpoolDirectory(destination / f"{MAKING}{recorder.id}")
    making.path.mkdir(mode=0o700)
    ownership: Ownership | None = None
    state: StateFile | None = None
    try:
        ownership = claim(making.lock, create=True)
        if ownership is None:
            raise FileNotFoundError(making.lock)
        state = StateFile.create(making.state, writes)
        _write_private(making.recorder, msgspec.json.encode(recorder))
        made = SpoolDirectory(destination / recorder.id)
        making.path.rename(made.path)
    except BaseException:
        if state is not None:
            state.close()
        if ownership is not None:
            ownership.release()
        with suppress(OSError):
            sweep(making.path)
        raise
    return made, ownership, state


def _describe(destination: Path, url: str) -> None:
    """Let a person see which ledger these spools are bound for."""
    note = destination / "destination"
    if not note.exists():
        _write_private(note, f"{readable_url(url)}\n".encode())


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
