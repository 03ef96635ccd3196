"""The scheduler's loop: lead, do what is due, look after what was left, wait, and again.

Nothing in it must happen exactly because of the lead: what is due is decided once by the rows that
it is about (``firing``), so that a leader that was thought gone and wakes up again does no harm.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from everyrun.domain.clock import Clock, SystemClock
from everyrun.scheduler.firing import Fired, fire_all
from everyrun.scheduler.forgetting import Forgetting
from everyrun.scheduler.hanging import Hanging
from everyrun.scheduler.leading import Leading
from everyrun.scheduler.overdue import Overdue
from everyrun.scheduler.quieting import Quieting
from everyrun.scheduler.rescuing import IsSurelyDead, rescue_all
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.scheduler.silence import Silence
from everyrun.store.database import Database, is_unavailable
from everyrun.store.leaderships import Leader
from everyrun.store.schedules import next_moment
from everyrun.store.silences import Promise
from everyrun.store.slots import count_dead_slots, drop_dead_slots
from everyrun.workflows.rescuing import Rescued

_SHORTEST_PAUSE = 0.01
_log = logging.getLogger("everyrun.scheduler")


def _nobody_is(_owner: str, _host: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Watcher:
    """Who is told what the loop did, from the loop's own thread."""

    on_led: Callable[[Leader], None] | None = None
    """The lead went to this one."""
    on_fired: Callable[[Fired], None] | None = None
    """Due times of a schedule were decided."""
    on_rescued: Callable[[Rescued], None] | None = None
    """An execution that was left was put back into the queue."""
    on_silent: Callable[[Promise], None] | None = None
    """A recorder was taken for gone, by its silence."""
    on_hung: Callable[[str, str], None] | None = None
    """A canvas (its execution) hangs, for this reason."""
    on_round: Callable[[int], None] | None = None
    """Everything that there was to do at this time is done."""


@dataclass
class Loop:
    """One scheduler among those of a ledger. ``owner`` is a UUID of its own.

    ``run`` it in one thread; ``stop`` and ``wake`` it from any.
    """

    database: Database
    owner: str
    settings: SchedulerSettings = field(default_factory=SchedulerSettings)
    clock: Clock = field(default_factory=SystemClock)
    watcher: Watcher = field(default_factory=Watcher)
    is_surely_dead: IsSurelyDead = _nobody_is

    def __post_init__(self) -> None:
        self._host = os.uname().nodename
        self.leading = Leading(
            self.database,
            self.owner,
            self._host,
            self.settings.lease_seconds,
            self.is_surely_dead,
        )
        self._overdue = Overdue(self.settings.patience_seconds)
        self._forgetting = Forgetting()
        self._quieting = Quieting()
        self._silence = Silence(self.watcher.on_silent)
        self._hanging = Hanging(self.watcher.on_hung)
        self._changed = Condition()
        self._woken = False
        self._stopped = False
        self._look_after_at = 0
        self._epoch: tuple[str, int] | None = None

    def run(self) -> None:
        """Go round until stopped; then give the lead up."""
        while not self._stopped:
            try:
                self.go_round()
                pause = self.pause()
            except Exception as error:
                if not is_unavailable(error):
                    raise
                _log.warning("the ledger does not answer, it is tried again: %s", error)
                pause = self.settings.poll_seconds
            self._wait(pause)
        try:
            self.leading.resign(self.clock.now())
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("the lead is not given up and has to run out: %s", error)

    def stop(self) -> None:
        """Have ``run`` end after the round that it is in."""
        self._stopped = True
        self.wake()

    def wake(self) -> None:
        """Have the next round begin now: there is a new schedule, or other news."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def go_round(self) -> bool:
        """Do all that there is to do now, as the leader; answers whether it is."""
        now = self.clock.now()
        leads = self.leading.try_to_lead(now)
        self._tell_of_leader()
        if leads:
            fire_all(self.database, now, on_fired=self.watcher.on_fired, goes_on=self._still_leads)
            self._look_after(now)
        if self.watcher.on_round is not None:
            self.watcher.on_round(now)
        return leads

    def pause(self) -> float:
        """Seconds until there may be something to do."""
        longest = self.settings.poll_seconds
        if not self.leading.is_ours:
            return longest
        with self.database.reading() as connection:
            due = next_moment(connection)
        if due is None:
            return longest
        seconds = (due - self.clock.now()) / 1_000_000
        # One that is due already is in another process's hands, or came up just now.
        return min(longest, max(_SHORTEST_PAUSE, seconds))

    def _still_leads(self) -> bool:
        return not self._stopped and self.leading.try_to_lead(self.clock.now())

    def _look_after(self, now: int) -> None:
        """See to what was left, once in so many seconds."""
        if now < self._look_after_at:
            return
        self._look_after_at = now + round(self.settings.poll_seconds * 1_000_000)
        rescue_all(
            self.database,
            now,
            host=self._host,
            is_surely_dead=self.is_surely_dead,
            on_rescued=self.watcher.on_rescued,
        )
        with self.database.reading() as connection:
            dead_slots = count_dead_slots(connection)
        if dead_slots:
            self.database.transact(drop_dead_slots)
        self._overdue.tell(self.database, now)
        self._forgetting.forget(self.database, now)
        self._quieting.end_quiet(self.database, now)
        self._silence.notice(self.database, now)
        self._hanging.notice(self.database, now)

    def _tell_of_leader(self) -> None:
        leader = self.leading.leader
        if leader is None or self._epoch == (leader.owner, leader.epoch):
            return
        self._epoch = (leader.owner, leader.epoch)
        if self.watcher.on_led is not None:
            self.watcher.on_led(leader)

    def _wait(self, seconds: float) -> None:
        with self._changed:
            if not self._woken:
                self._changed.wait(seconds)
            self._woken = False
