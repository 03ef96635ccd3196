"""What lies in the spools of this home: for ``everyrun spool status`` and ``drop``."""

from contextlib import suppress
from pathlib import Path

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.events import RecorderInfo, decode
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.framing import HEADER_BYTES, Ending, cut
from everyrun.tracking.spool.layout import SpoolDirectory, spool_directories
from everyrun.tracking.spool.marks import SpoolState
from everyrun.tracking.spool.ownership import claim

_READ_BYTES = 1 << 20


class SpoolInUse(EveryrunError):
    """This spool's process is still recording; end it first."""

    status_code = 409


class SpoolEntry(msgspec.Struct, kw_only=True, frozen=True):
    """One recorder's spool. Bytes and events are those that the ledger has not taken yet."""

    recorder: RecorderInfo
    path: str
    destination: str
    """The ledger that it is bound for, without secrets."""
    alive: bool
    """Whether a process holds it: the one that records, or one that adopts it right now."""
    segments: int
    unacknowledged_bytes: int
    unacknowledged_events: int
    oldest_at: int | None
    """Microseconds UTC of the oldest of these events."""
    dropped: int
    rejected: int
    damaged: int
    """Segments that could not be read on and were set aside."""


def inventory(settings: Settings) -> list[SpoolEntry]:
    """Every spool under the settings' home, whatever ledger it is bound for, oldest first."""
    entries = []
    for destination in _destinations(settings.home):
        for directory in spool_directories(destination):
            # A spool that is removed while it is looked at is no longer one.
            with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
                entries.append(describe(directory))
    return sorted(entries, key=lambda entry: entry.recorder.id)


def waiting_bytes(home: Path) -> tuple[int, int]:
    """How many spools lie in a home, and the bytes in them that no ledger has taken.

    Looks at sizes only, so that it may be asked often.
    """
    spools = waiting = 0
    for destination in _destinations(home):
        for directory in spool_directories(destination):
            with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
                mark = SpoolState.read_from(directory.state).mark
                spools += 1
                for number in directory.segments():
                    if number >= mark.segment:
                        size = directory.segment(number).stat().st_size
                        waiting += size - (mark.offset if number == mark.segment else 0)
    return spools, waiting


def describe(directory: SpoolDirectory, *, alive: bool | None = None) -> SpoolEntry:
    """One spool. Raises ``OSError``, ``msgspec.DecodeError``."""
    recorder = directory.info()
    state = SpoolState.read_from(directory.state)
    waiting, size, oldest = _count_waiting(directory, state)
    return SpoolEntry(
        recorder=recorder,
        path=str(directory.path),
        destination=_destination_of(directory),
        alive=_is_held(directory) if alive is None else alive,
        segments=len(directory.segments()),
        unacknowledged_bytes=size,
        unacknowledged_events=waiting,
        oldest_at=oldest,
        dropped=state.dropped,
        rejected=state.rejected,
        damaged=len(directory.damaged()),
    )


def drop(entry: SpoolEntry) -> None:
    """Delete a spool with all that is in it.

    Raises :class:`SpoolInUse` when a process holds it. One that is gone already is no error.
    """
    directory = SpoolDirectory(Path(entry.path))
    ownership = claim(directory.lock, create=True)
    if ownership is not None:
        with ownership:
            directory.remove()
    elif directory.path.exists():
        raise SpoolInUse


def _destinations(home: Path) -> list[Path]:
    try:
        return sorted(each for each in (home / "spool").iterdir() if each.is_dir())
    except FileNotFoundError:
        return []


def _destination_of(directory: SpoolDirectory) -> str:
    with suppress(OSError):
        return (directory.path.parent / "destination").read_text().strip()
    return directory.path.parent.name


def _is_held(directory: SpoolDirectory) -> bool:
    ownership = claim(directory.lock)
    if ownership is None:
        return True
    ownership.release()
    return False


def _count_waiting(directory: SpoolDirectory, state: SpoolState) -> tuple[int, int, int | None]:
    """Events, their bytes and the oldest's time, from the mark to the last whole frame."""
    events = size = 0
    oldest: int | None = None
    for number in directory.segments():
        if number < state.mark.segment:
            continue
        offset = state.mark.offset if number == state.mark.segment else 0
        with directory.segment(number).open("rb") as segment:
            segment.seek(offset)
            pending = b""
            while data := segment.read(_READ_BYTES):
                found = cut(pending + data, _READ_BYTES)
                if oldest is None and found.payloads:
                    with suppress(msgspec.DecodeError, UnicodeDecodeError):
                        oldest = decode(found.payloads[0]).at
                used = sum(map(len, found.payloads)) + HEADER_BYTES * len(found.payloads)
                pending = (pending + data)[used:]
                events += len(found.payloads)
                size += used
                if found.ending is Ending.DAMAGED:
                    break
    return events, size, oldest
