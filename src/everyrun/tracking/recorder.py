"""The recorder: puts events on this process's spool, and never hurts the process."""

import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.events import AnyEvent, RecorderInfo, encode
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer, clean_text
from everyrun.domain.ports import Sink
from everyrun.domain.version import VERSION
from everyrun.tracking import lifecycle
from everyrun.tracking.settings import VARIABLES, Settings
from everyrun.tracking.shipping import Shipper
from everyrun.tracking.silent_capturer import SilentCapturer
from everyrun.tracking.sinks import NoSinkInstalled, load_sink
from everyrun.tracking.spool.inventory import SpoolEntry, describe
from everyrun.tracking.spool.owning import OwnSpool
from everyrun.tracking.spool.writing import SpoolVanished
from everyrun.tracking.trouble import Trouble, tell_once
from everyrun.tracking.waking import Alarm

_FOUNDING_PAUSE = 1.0
"""Seconds between two tries to make a spool directory where none can be made."""
_SYSTEM_CLOCK = SystemClock()
_inherited: list[Shipper] = []
"""Shippers of parent processes. Kept, because ending one would end the parent's connections."""


class Recorder:
    """One process's recorder; usable from any thread, from signal handlers, and after fork.

    ``sink`` is for tests and for hosts that bring their own; a forked child uses the same object.
    Otherwise the sink of ``settings.url`` is opened in the background.
    """

    def __init__(
        self, settings: Settings, *, sink: Sink | None = None, clock: Clock = _SYSTEM_CLOCK
    ) -> None:
        self.settings = settings
        self.swallowed = 0
        """Exceptions that were kept from the host."""
        self.clock = clock
        """What tells the time of events."""
        self.capturer: Capturer = Capturer(settings.payload_limit)
        """What turns payloads into plain values."""
        self.program = sys.argv[0] if sys.argv else ""
        """What this process is called on record; forked children are called the same."""
        self._sink = sink
        self._clock = clock
        self._info: RecorderInfo | None = None
        self._spool: OwnSpool | None = None
        self._shipper: Shipper | None = None
        self._start_afresh()
        lifecycle.watch(self)

    def record(self, event: AnyEvent) -> None:
        """Put an event on the spool before returning; it outlives the process from then on.

        Never raises an ``Exception``: what cannot be recorded is counted (``dropped``,
        ``swallowed``).
        """
        try:
            self._append(encode(event))
        except Exception as error:  # noqa: BLE001 - recording must never fail its host
            self._recover(event, error)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything recorded so far is in the ledger; whether it is.

        ``timeout`` in seconds; None waits as long as the end of the process would.
        """
        shipper = self._shipper
        return shipper is None or self._flush(shipper, timeout)

    def close(self, timeout: float | None = None) -> bool:
        """Flush, end the background thread and leave nothing behind that is shipped.

        What could not be shipped in ``timeout`` seconds stays in the spool for another process.
        Recording afterwards starts over under a new id.
        """
        if timeout is None:
            timeout = self.settings.flush_at_exit
        deadline = time.monotonic() + timeout
        self.flush(timeout)
        with self._lock:
            spool, shipper = self._spool, self._shipper
            self._detach()
        if spool is None or shipper is None:
            return True
        self._flush(shipper, max(deadline - time.monotonic(), 0))
        if not shipper.stop(max(deadline - time.monotonic(), 0.1)):
            spool.mark_closed()
        return spool.is_shipped()

    def make_way(self, share: float) -> None:
        """Let shipping take this part of the time, at most, unless the environment says another.

        Holds from when the process next begins a spool: it is for when nothing is recorded yet.
        """
        if VARIABLES["shipping_share"] not in os.environ:
            self.settings = replace(self.settings, shipping_share=share)

    def prepare_to_fork(self) -> None:
        """Load what ships to the ledger, which takes half a second of each process otherwise.

        For a process that forks many that record. Nothing is opened.
        """
        if self._sink is None:
            with suppress(NoSinkInstalled):  # told when there is something to ship
                load_sink(self.settings)

    @property
    def info(self) -> RecorderInfo:
        """Who records; another one after fork."""
        info = self._info
        if info is None:
            info = self._info = self._describe_process()
        return info

    @property
    def dropped(self) -> int:
        """Events that were recorded and are lost: no room, no disk, or not encodable."""
        spool = self._spool
        return self._dropped_before + self._homeless + (spool.writer.dropped if spool else 0)

    @property
    def failures(self) -> int:
        """Writes that the sink refused or failed."""
        shipper = self._shipper
        return shipper.failures if shipper else 0

    def status(self) -> SpoolEntry | None:
        """What lies in this process's spool; None when nothing was recorded. Raises ``OSError``."""
        spool = self._spool
        return describe(spool.directory, alive=True) if spool else None

    def before_fork(self) -> None:
        """Finish the append under way."""
        self._lock.acquire()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._lock.release()

    def after_fork_in_child(self) -> None:
        """Become another recorder, with no part in the parent's spool."""
        if self._spool is not None:
            self._spool.leave_to_parent()
        if self._shipper is not None:
            _inherited.append(self._shipper)
        self.swallowed = 0
        self._start_afresh()

    def _flush(self, shipper: Shipper, timeout: float | None) -> bool:
        try:
            return shipper.flush(self.settings.flush_at_exit if timeout is None else timeout)
        except Exception:  # noqa: BLE001 - a spool that was deleted is no reason to fail the host
            self.swallowed += 1
            return False

    def _describe_process(self) -> RecorderInfo:
        return RecorderInfo(
            id=new_id(),
            host=clean_text(os.uname().nodename),
            pid=os.getpid(),
            started_at=self._clock.now(),
            program=clean_text(self.program),
            everyrun_version=VERSION,
            heartbeat=self.settings.heartbeat_interval,
        )

    def _start_afresh(self) -> None:
        self._lock = threading.RLock()
        self._info = self._spool = self._shipper = None
        self._dropped_before = 0
        self._homeless = 0
        self._no_spool: OSError | None = None
        self._next_founding = 0.0
        self._append = self._found_and_append

    def _detach(self) -> None:
        """Give up the spool; the next event founds another."""
        spool = self._spool
        self._append = self._found_and_append
        self._spool = self._shipper = self._info = None
        if spool is not None:
            self._dropped_before += spool.writer.dropped

    def _found_and_append(self, payload: bytes) -> None:
        with self._lock:
            if self._spool is None:
                self._found()
            append = None if self._spool is None else self._append
            if append is None:
                self._homeless += 1
        if append is None:
            tell_once(Trouble.DROPPED, self._no_spool)
        else:
            append(payload)

    def _found(self) -> None:
        if time.monotonic() < self._next_founding:
            return
        # Taken and not only read: a signal handler that records meanwhile needs an id of its own.
        info, self._info = self.info, None
        alarm, lost = Alarm(), self._homeless
        try:
            spool = OwnSpool.found(
                self.settings, info, self._lock, self._clock, wake=alarm.ring, dropped=lost
            )
        except OSError as error:
            self._next_founding = time.monotonic() + _FOUNDING_PAUSE
            self._no_spool = error
            return
        if self._spool is not None:  # a signal handler founded one meanwhile
            spool.conclude()
            return
        shipper = Shipper(
            spool, self.settings, alarm, self._clock, sink=self._sink, on_vanished=self._forsake
        )
        self._homeless -= lost
        self._info, self._spool, self._shipper = info, spool, shipper
        self._append = spool.writer.append
        if not lifecycle.is_ending():
            shipper.start()
            lifecycle.close_with_multiprocessing()

    def _forsake(self, spool: OwnSpool) -> None:
        """The spool's directory was removed under us."""
        with self._lock:
            if self._spool is not spool:
                return
            shipper, untold = self._shipper, spool.writer.undeclared
            self._detach()
            self._dropped_before -= untold
            self._homeless += untold
        if shipper is not None:
            shipper.dismiss()

    def _recover(self, event: AnyEvent, error: Exception) -> None:
        """Record once more where that can help, else count."""
        try:
            if isinstance(error, SpoolVanished):
                spool = self._spool
                if spool is not None and spool.writer is error.writer:
                    self._forsake(spool)
                self._append(encode(event))
                return
        except Exception as second:  # noqa: BLE001 - recording must never fail its host
            error = second
        self.swallowed += 1
        spool = self._spool
        if spool is not None:
            spool.writer.drop()
        else:
            self._homeless += 1
        tell_once(Trouble.SWALLOWED, f"{type(error).__name__}: {error}")


class SilentRecorder(Recorder):
    """Records nothing: for ``EVERYRUN_DISABLED=1``."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.capturer = SilentCapturer()

    def record(self, event: AnyEvent) -> None:
        """Do nothing."""

    def prepare_to_fork(self) -> None:
        """Do nothing."""
