"""The background thread that ships a spool: patient, polite to its host, never in a hurry."""

import os
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress

from everyrun.domain.clock import Clock
from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.ports import Sink
from everyrun.tracking.background import in_background, is_background
from everyrun.tracking.settings import Settings
from everyrun.tracking.sinks import NoSinkInstalled, open_sink
from everyrun.tracking.spool.adoption import adopting
from everyrun.tracking.spool.marks import Mark
from everyrun.tracking.spool.owning import OwnSpool
from everyrun.tracking.spool.writing import SpoolVanished
from everyrun.tracking.trouble import Trouble, tell_once
from everyrun.tracking.waking import Alarm

_FIRST_DELAY, _LONGEST_DELAY = 0.25, 30.0
_LONGEST_DELAY_FOR_A_WAITER = 1.0
_LONGEST_ASKED_DELAY = 300.0
_LONGEST_REST = 1.0
_MOMENT = 1.0
"""Seconds that the end of a recorder may take for what is good to do and can be done later."""
_LONGEST_WAIT = 1e6
"""Seconds; more than a lock can be waited for with a timeout, on some machines."""


class Shipper:
    """Ships one spool, and those that others abandoned.

    ``sink`` may be given; otherwise it is found and opened here, in the background.
    """

    def __init__(
        self,
        spool: OwnSpool,
        settings: Settings,
        alarm: Alarm,
        clock: Clock,
        *,
        sink: Sink | None,
        on_vanished: Callable[[OwnSpool], None],
    ) -> None:
        self.failures = 0
        """Writes that a sink refused or failed, since the beginning."""
        self._spool = spool
        self._settings = settings
        self._alarm = alarm
        self._clock = clock
        self._sink = sink
        self._closes_sink = sink is None
        self._on_vanished = on_vanished
        self._progress = threading.Condition()
        self._waiters = 0
        self._delivering = threading.Lock()
        self._stopping = False
        self._failed_in_a_row = 0
        self._adopting: Generator[int] | None = None
        self._next_adoption = 0.0
        self._last_write = time.monotonic()
        self._thread: threading.Thread | None = None

    def start(self) -> bool:
        """Start the thread; False when the interpreter no longer can."""
        thread = threading.Thread(target=self._run, name="everyrun-shipper", daemon=True)
        self._thread = thread
        try:
            thread.start()
        except RuntimeError:
            self._thread = None
            return False
        return True

    def flush(self, timeout: float) -> bool:
        """Ship what is recorded so far; whether it was done in ``timeout`` seconds."""
        if is_background():
            return False
        deadline = time.monotonic() + min(timeout, _LONGEST_WAIT)
        self._spool.writer.declare_drops()
        target = self._spool.writer.position()
        with self._progress:
            self._waiters += 1
            self._alarm.ring()
            try:
                while not self._has_reached(target) and self._is_running():
                    left = deadline - time.monotonic()
                    if left <= 0:
                        return False
                    self._progress.wait(left)
            finally:
                self._waiters -= 1
        return self._has_reached(target) or self._ship_here(target, deadline)

    def stop(self, timeout: float) -> bool:
        """End after the batch under way and give the spool up; whether that was in time.

        When it was not, the thread does so by itself as soon as the sink lets go of it.
        """
        self.dismiss()
        if self._thread is None:
            return True
        self._thread.join(min(max(timeout, 0), _LONGEST_WAIT))
        return not self._thread.is_alive()

    def dismiss(self) -> None:
        """Like :meth:`stop`, without waiting."""
        self._stopping = True
        self._alarm.ring()
        if self._thread is None:
            self._end()

    def _run(self) -> None:
        with in_background():
            self._alarm.wait(self._settings.flush_interval)
            try:
                while not self._stopping:
                    self._take_turn()
                self._adopt_at_the_end()
            except SpoolVanished:
                self._on_vanished(self._spool)
            finally:
                self._end()

    def _take_turn(self) -> None:
        try:
            if not self._ship_batch() and not self._adopt_batch():
                self._rest()
        except SpoolVanished:
            raise
        except Exception as error:
            if not self._spool.directory.path.exists():
                raise SpoolVanished(self._spool.writer) from error
            self._back_off(error)

    def _ship_batch(self) -> bool:
        started, position = time.thread_time(), self._spool.writer.position()
        if self._has_reached(position):
            self._spool.writer.declare_drops()
            return False
        shipped = self._deliver_next()
        self._announce()
        if shipped:
            self._note_success()
            self._report()
            if self._spool.writer.position() != position:
                self._make_way(time.thread_time() - started)
        return bool(shipped)

    def _adopt_batch(self) -> bool:
        if self._adopting is None:
            if time.monotonic() < self._next_adoption:
                return False
            self._adopting = adopting(self._settings, self._opened_sink(), clock=self._clock)
        started, position = time.thread_time(), self._spool.writer.position()
        try:
            next(self._adopting)
        except StopIteration:
            self._adopting = None
            self._next_adoption = time.monotonic() + self._settings.adoption_interval
            return False
        except BaseException:
            self._adopting = None
            raise
        self._failed_in_a_row = 0
        if self._spool.writer.position() != position:
            self._make_way(time.thread_time() - started)
        return True

    def _adopt_at_the_end(self) -> None:
        """Give the abandoned spools a moment where every process ends before its first look."""
        until = time.monotonic() + _MOMENT
        first_look = not self._next_adoption and not self._failed_in_a_row
        while first_look and time.monotonic() < until:
            try:
                first_look = self._adopt_batch()
            except Exception:  # noqa: BLE001 - the next process tries again
                self.failures += 1
                return

    def _rest(self) -> None:
        """Wait for something to do, then gather what comes with it."""
        now = time.monotonic()
        if now >= self._last_write + self._settings.heartbeat_interval:
            self._opened_sink().write(self._spool.recorder, [])
            self._note_success()
        until = min(self._last_write + self._settings.heartbeat_interval, self._next_adoption)
        writer = self._spool.writer
        writer.reader_waits = True
        if self._has_reached(writer.position()):
            self._alarm.wait(until - time.monotonic())
        writer.reader_waits = False
        if not self._waiters and not self._stopping and not self._has_reached(writer.position()):
            self._alarm.wait(self._settings.flush_interval)

    def _make_way(self, worked: float) -> None:
        """Rest in proportion to the ``worked`` seconds, unless there is reason to hurry.

        Every moment that this thread holds the interpreter's lock, the host's threads wait.
        """
        if not self._waiters and not self._stopping and not self._spool.writer.is_half_full():
            rest = worked * (1 / self._settings.shipping_share - 1)
            self._alarm.wait(min(rest, _LONGEST_REST))

    def _back_off(self, error: Exception) -> None:
        self.failures += 1
        self._failed_in_a_row += 1
        tell_once(*_worded(error))
        self._report()
        longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(self._failed_in_a_row - 1, 10))
        # Jitter keeps the processes of a fleet from coming back all at once.
        delay = longest * (0.5 + os.urandom(1)[0] / 510)
        asked = getattr(error, "retry_after", None)
        if asked is not None:
            delay = max(delay, min(asked, _LONGEST_ASKED_DELAY))
        elif self._waiters:
            delay = min(delay, _LONGEST_DELAY_FOR_A_WAITER)
        if not self._stopping:
            self._alarm.wait(delay)

    def _ship_here(self, target: Mark, deadline: float) -> bool:
        """Ship in the caller's thread: the interpreter is ending, or cannot start another."""
        with in_background():
            while not self._has_reached(target) and not self._stopping:
                left = deadline - time.monotonic()
                try:
                    shipped = left > 0 and self._deliver_next(left)
                except Exception as error:  # noqa: BLE001 - what fails here stays in the spool
                    self.failures += 1
                    tell_once(*_worded(error))
                    return False
                if not shipped:
                    break
        return self._has_reached(target)

    def _deliver_next(self, patience: float = -1) -> int:
        """Deliver one batch, one thread at a time: two would acknowledge the same events twice."""
        if not self._delivering.acquire(timeout=patience):
            return 0
        try:
            return self._spool.delivery.deliver_next(self._opened_sink())
        finally:
            self._delivering.release()

    def _end(self) -> None:
        # Whatever cannot be closed or removed is closed by the process's end and adopted later.
        with suppress(Exception):
            if self._adopting is not None:
                self._adopting.close()
        with suppress(Exception):
            self._spool.writer.close()
            self._ship_the_rest()
        with suppress(Exception):
            self._spool.conclude()
        with suppress(Exception):
            if self._closes_sink and self._sink is not None:
                self._sink.close()
        self._announce()

    def _ship_the_rest(self) -> None:
        """Ship what other threads appended between the last flush and the writer's closing."""
        until = time.monotonic() + _MOMENT
        target = self._spool.writer.position()
        while not self._failed_in_a_row and not self._has_reached(target):
            if time.monotonic() > until or not self._deliver_next(_MOMENT):
                return

    def _opened_sink(self) -> Sink:
        if self._sink is None:
            self._sink = open_sink(self._settings)
        return self._sink

    def _is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive() and not self._stopping

    def _has_reached(self, target: Mark) -> bool:
        return self._spool.delivery.backlog.mark >= target

    def _note_success(self) -> None:
        self._failed_in_a_row = 0
        self._last_write = time.monotonic()

    def _announce(self) -> None:
        if self._waiters:
            with self._progress:
                self._progress.notify_all()

    def _report(self) -> None:
        writer, delivery = self._spool.writer, self._spool.delivery
        if writer.dropped and writer.why_dropped:
            tell_once(Trouble.DROPPED, writer.why_dropped)
        if delivery.rejects.count:
            tell_once(Trouble.REJECTED, self._spool.directory.rejected)
        if delivery.backlog.damaged:
            tell_once(Trouble.DAMAGED, delivery.backlog.damaged[0])


def _worded(error: Exception) -> tuple[Trouble, object]:
    if isinstance(error, NoSinkInstalled):
        return Trouble.NO_SINK, error
    if isinstance(error, SinkUnavailable):
        return Trouble.UNREACHABLE, error
    return Trouble.SINK_FAILED, f"{type(error).__name__}: {error}"
