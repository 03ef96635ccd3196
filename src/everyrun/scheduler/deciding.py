"""What becomes of due times that a scheduler comes to, some of them late: a pure function.

A due time is late once its grace is over. Of what is due: ``catch_up`` says what is done about late
ones, ``coalesce`` whether several in time are run as one. ``docs/reference/schedules.md``.
"""

from enum import StrEnum
from itertools import islice, takewhile
from typing import NamedTuple

from everyrun.domain.clock import to_datetime
from everyrun.domain.schedule import CatchUp, ScheduleDefinition
from everyrun.scheduler.triggers import Timetable, fires_between, last_fires

MOST_TOLD_APART = 1_000
"""Due times that are not run and still have a row each; what was before them shares one."""
MOST_COUNTED = 100_000
MOST_RUN_AT_ONCE = 100


class Verdict(StrEnum):
    """What is to become of a due time."""

    RUN = "run"
    MISSED = "missed"
    COALESCED = "coalesced"


class Decision(NamedTuple):
    """One due time and what is to become of it, with the reason where it is not run."""

    due: int
    verdict: Verdict
    reason: str | None = None


class Decided(NamedTuple):
    """What is to be done now, the earliest first, and when the schedule is due next."""

    decisions: list[Decision]
    next_due: int | None


def decide(timetable: Timetable, definition: ScheduleDefinition, since: int, now: int) -> Decided:
    """What becomes of everything due from ``since`` to ``now`` (µs UTC).

    At most so much at once that a transaction stays short: ``next_due`` may lie in the past.
    """
    latest = last_fires(timetable, since, now + 1, 1)
    if not latest:
        return Decided([], next(timetable.after(now), None))
    late = _Lateness(timetable, definition, since, now, latest[0])
    first_run = late.first_run()
    to_run = fires_between(timetable, first_run, now + 1, MOST_RUN_AT_ONCE)
    decisions = late.left_out(first_run) + [Decision(due, Verdict.RUN) for due in to_run]
    done = to_run[-1] if len(to_run) == MOST_RUN_AT_ONCE else now
    return Decided(decisions, next(timetable.after(done), None))


class _Lateness(NamedTuple):
    """Everything due from ``since`` to ``now``, of which ``latest`` is the last."""

    timetable: Timetable
    definition: ScheduleDefinition
    since: int
    now: int
    latest: int

    @property
    def in_time(self) -> int:
        """The first moment whose grace is not over."""
        return self.now - round(self.definition.misfire_grace * 1_000_000)

    def first_run(self) -> int:
        """The moment from which on everything that is due is run."""
        if self.definition.catch_up is CatchUp.ALL:
            return self.since
        if self.latest >= self.in_time:
            return self.latest if self.definition.coalesce else max(self.since, self.in_time)
        return self.latest if self.definition.catch_up is CatchUp.LATEST else self.now + 1

    def left_out(self, first_run: int) -> list[Decision]:
        """What is due before ``first_run``."""
        apart = last_fires(self.timetable, self.since, first_run, MOST_TOLD_APART)
        decisions = [self._leave_out(due) for due in apart]
        before = fires_between(self.timetable, self.since, first_run, 1)
        if apart[:1] != before:
            decisions.insert(0, self._all_until(before[0], apart[0]))
        return decisions

    def _leave_out(self, due: int) -> Decision:
        if due < self.in_time and self.definition.catch_up is CatchUp.NONE:
            reason = f"due at {self._said(due)}, no scheduler came to it before"
            return Decision(due, Verdict.MISSED, f"{reason} {self._said(self.now)}")
        reason = f"the run due at {self._said(self.latest)} stands for it"
        return Decision(due, Verdict.COALESCED, reason)

    def _all_until(self, first: int, until: int) -> Decision:
        """One decision for many due times, which says how many they are."""
        due = takewhile(lambda at: at < until, self.timetable.after(first - 1))
        count = sum(1 for _ in islice(due, MOST_COUNTED))
        many = f"{count}" if count < MOST_COUNTED else f"{count} or more"
        told = self._leave_out(first)
        reason = f"{told.reason}; it stands for all {many} due before {self._said(until)}"
        return told._replace(reason=reason)

    def _said(self, moment: int) -> str:
        local = to_datetime(moment).astimezone(self.timetable.zone)
        return local.isoformat(timespec="seconds")
