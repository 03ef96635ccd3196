"""Taking over the spools of processes that are gone, and shipping them in their name."""

import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress

import msgspec

from everyrun.domain.clock import Clock, SystemClock, to_datetime
from everyrun.domain.errors import EventRejected
from everyrun.domain.events import RecorderDropped, RecorderGone, RecorderInfo, encode
from everyrun.domain.ports import Sink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.delivering import Delivery, Rejects
from everyrun.tracking.spool.layout import (
    LEAVING,
    MAKING,
    SpoolDirectory,
    spool_directories,
    spools_of,
    sweep,
)
from everyrun.tracking.spool.marks import StateFile
from everyrun.tracking.spool.ownership import claim
from everyrun.tracking.spool.reading import Backlog
from everyrun.tracking.spool.unyielding import yielding_writes

_HALF_MADE_FOR = 3600.0
"""Seconds after which a directory that never became a spool is taken for abandoned."""
_SYSTEM_CLOCK = SystemClock()


class Adopted(msgspec.Struct, kw_only=True, frozen=True):
    """What one look for abandoned spools came to."""

    spools: int
    events: int


def adopt(
    settings: Settings,
    sink: Sink,
    *,
    clock: Clock = _SYSTEM_CLOCK,
    other_hosts: bool = False,
) -> Adopted:
    """Ship every abandoned spool bound for the settings' URL, and remove it.

    ``other_hosts`` also takes those of hosts that shared this home; only a person can know that
    they are gone, because not every network file system tells about locks.

    Raises what the sink raises; what was shipped until then stays shipped.
    """
    spools = events = 0
    for shipped in adopting(settings, sink, clock=clock, other_hosts=other_hosts):
        if shipped:
            events += shipped
        else:
            spools += 1
    return Adopted(spools=spools, events=events)


def adopting(
    settings: Settings,
    sink: Sink,
    *,
    clock: Clock = _SYSTEM_CLOCK,
    other_hosts: bool = False,
) -> Generator[int]:
    """The same a batch at a time: the batch's events, and 0 when a spool is done with."""
    host = None if other_hosts else os.uname().nodename
    for directory in spool_directories(spools_of(settings.home, settings.url)):
        # One that cannot be read or deleted stays, and does not keep the others waiting.
        with suppress(OSError), _claimed(directory) as claimed:
            recorder = _recorder_of(directory) if claimed else None
            if recorder is None or host not in (None, recorder.host):
                continue
            yield from _ship(directory, recorder, sink, settings, clock)
            if directory.has_leftovers():
                directory.closed.touch(mode=0o600)
            else:
                directory.remove()
            yield 0
    _sweep_remains(settings, clock)


@contextmanager
def _claimed(directory: SpoolDirectory) -> Iterator[bool]:
    ownership = None if _has_been_dealt_with(directory) else claim(directory.lock)
    try:
        yield ownership is not None
    finally:
        if ownership is not None:
            ownership.release()


def _has_been_dealt_with(directory: SpoolDirectory) -> bool:
    """Whether only what a person may want to look at is left."""
    with suppress(OSError):
        return directory.closed.exists() and not directory.segments()
    return True


def _recorder_of(directory: SpoolDirectory) -> RecorderInfo | None:
    try:
        return directory.info()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        directory.set_aside()
        return None


def _ship(
    directory: SpoolDirectory,
    recorder: RecorderInfo,
    sink: Sink,
    settings: Settings,
    clock: Clock,
) -> Iterator[int]:
    wrote_at = directory.last_written_at()
    with closing(StateFile.open(directory.state, yielding_writes())) as state:
        backlog = Backlog.of_gone(directory, state)
        with closing(backlog):
            delivery = Delivery(
                backlog,
                Rejects(directory, state, clock, limit=settings.spool_limit),
                recorder,
                batch_events=settings.batch_events,
                batch_bytes=settings.batch_bytes,
            )
            while shipped := delivery.deliver_next(sink):
                yield shipped
        dropped = state.read().dropped
        last_words = _last_words(recorder, dropped, clock.now(), wrote_at, directory)
        if last_words:
            with suppress(EventRejected):  # they belong to no spool that could keep them
                sink.write(recorder, last_words)


def _last_words(
    recorder: RecorderInfo, dropped: int, now: int, wrote_at: float, directory: SpoolDirectory
) -> list[bytes]:
    """What the process can no longer say itself."""
    words = []
    if dropped:
        words.append(encode(RecorderDropped(at=now, count=dropped)))
    if not directory.closed.exists():
        found = to_datetime(now).isoformat(timespec="seconds")
        wrote = to_datetime(round(wrote_at * 1e6)).isoformat(timespec="seconds")
        program = f" ({recorder.program})" if recorder.program else ""
        reason = (
            f"process {recorder.pid} on {recorder.host} ended without a report{program}; "
            f"it last wrote at {wrote} and was found gone at {found}"
        )
        words.append(encode(RecorderGone(at=now, reason=reason)))
    return words


def _sweep_remains(settings: Settings, clock: Clock) -> None:
    """Delete what a process left that was killed while it made or removed a spool."""
    destination = spools_of(settings.home, settings.url)
    with suppress(OSError):
        for remains in destination.iterdir():
            name = remains.name
            if name.startswith(LEAVING):
                sweep(remains)
            elif name.startswith(MAKING):
                age = clock.now() / 1e6 - remains.stat().st_mtime
                if age > _HALF_MADE_FOR:
                    sweep(remains)
