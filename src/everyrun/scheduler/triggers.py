"""When schedules are due: pure functions of a definition, a zone and a moment.

Moments are microseconds UTC. The rules, and what happens when clocks are changed:
``docs/reference/schedules.md``.
"""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, islice, takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import EveryrunError
from everyrun.domain.schedule import At, Cron, Interval, ScheduleDefinition
from everyrun.scheduler.cron_times import CronTimes
from everyrun.scheduler.local_times import (
    HOUR,
    first_moment_at,
    is_repeated,
    local_at,
    skipped_before,
    zone_of,
)

SHORTEST_INTERVAL = 1.0
LONGEST_INTERVAL = 100 * 366 * 86_400.0
FIRST_YEAR, LAST_YEAR = 1900, 9000
CALENDAR_END = to_microseconds(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))


class InvalidSchedule(EveryrunError, ValueError):
    """A schedule cannot be like this."""

    status_code = 422


class Oddity(StrEnum):
    """What changed clocks did to a fixed local time."""

    SKIPPED = "skipped"
    REPEATED = "repeated"


class Fire(NamedTuple):
    """One due time, and what the clocks say then.

    With an ``oddity``, ``meant`` is the local time that never came, or comes twice.
    """

    at: int
    local: datetime
    oddity: Oddity | None = None
    meant: datetime | None = None


class Timetable:
    """All due times of a definition in a zone.

    Raises :class:`InvalidSchedule`, ``InvalidCron`` and ``UnknownZone``, each saying what is wrong.
    """

    def __init__(self, definition: ScheduleDefinition, timezone: str) -> None:
        self.zone: ZoneInfo = zone_of(timezone)
        _require_calendar(definition)
        self.start = None if definition.start is None else to_microseconds(definition.start)
        self.end = None if definition.end is None else to_microseconds(definition.end)
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise InvalidSchedule("a schedule's end must be after its start")
        trigger = definition.trigger
        self._times: CronTimes | _IntervalTimes | _OneTime
        if isinstance(trigger, Cron):
            self._times = CronTimes(trigger.expression, self.zone)
        elif isinstance(trigger, Interval):
            self._times = _IntervalTimes(trigger)
        else:
            self._times = _OneTime(trigger, self.zone)

    def after(self, moment: int) -> Iterator[int]:
        """The due times after a moment, in order, to the end of the calendar if to no other."""
        since = moment if self.start is None else max(moment, self.start - 1)
        end = CALENDAR_END if self.end is None else self.end
        return takewhile(lambda due: due < end, self._times.after(since))

    def describe(self, at: int) -> Fire:
        """A due time in the zone's words, with what changed clocks did to it."""
        local = local_at(self.zone, at)
        skipped = self._times.skipped_time(at)
        if skipped is not None:
            return Fire(at, local, Oddity.SKIPPED, skipped)
        if self._times.is_fixed and is_repeated(self.zone, local):
            return Fire(at, local, Oddity.REPEATED, local)
        return Fire(at, local)


def _require_calendar(definition: ScheduleDefinition) -> None:
    trigger = definition.trigger
    given = [definition.start, definition.end]
    given.append(trigger.moment if isinstance(trigger, At) else None)
    given.append(trigger.anchor if isinstance(trigger, Interval) else None)
    for moment in given:
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise InvalidSchedule(f"a schedule lies in the years {FIRST_YEAR} to {LAST_YEAR}")


def next_fires(timetable: Timetable, after: int, count: int) -> list[int]:
    """The next ``count`` due times after a moment; fewer when there are no more."""
    return list(islice(timetable.after(after), count))


def fires_between(timetable: Timetable, since: int, until: int, limit: int) -> list[int]:
    """The due times from ``since`` on and before ``until``: the first ``limit`` of them."""
    due = takewhile(lambda at: at < until, timetable.after(since - 1))
    return list(islice(due, limit))


def last_fires(timetable: Timetable, since: int, until: int, limit: int) -> list[int]:
    """The due times from ``since`` on and before ``until``: the last ``limit`` of them."""
    reach = HOUR
    while True:
        begin = max(since, until - reach)
        due = takewhile(lambda at: at < until, timetable.after(begin - 1))
        found = deque(due, maxlen=limit)
        if len(found) == limit or begin == since:
            return list(found)
        reach *= 4


def is_due(timetable: Timetable, moment: int) -> bool:
    """Whether this very moment is a due time."""
    return moment == next(chain(timetable.after(moment - 1), [None]))


class _IntervalTimes:
    """Elapsed time: knows nothing of clocks."""

    is_fixed = False

    def __init__(self, trigger: Interval) -> None:
        if not SHORTEST_INTERVAL <= trigger.every <= LONGEST_INTERVAL:
            raise InvalidSchedule(f"an interval is at least {SHORTEST_INTERVAL:g} s")
        self._every = round(trigger.every * 1_000_000)
        anchor = 0 if trigger.anchor is None else to_microseconds(trigger.anchor)
        self._anchor = anchor + round(trigger.phase * 1_000_000)

    def after(self, moment: int) -> Iterator[int]:
        turn = (moment - self._anchor) // self._every + 1
        while True:
            yield self._anchor + turn * self._every
            turn += 1

    def skipped_time(self, moment: int) -> datetime | None:
        return None


class _OneTime:
    """One moment."""

    def __init__(self, trigger: At, zone: ZoneInfo) -> None:
        self._zone = zone
        self.is_fixed = trigger.moment.tzinfo is None
        self._local = trigger.moment if self.is_fixed else None
        self._at = (
            to_microseconds(trigger.moment)
            if self._local is None
            else first_moment_at(zone, self._local)
        )

    def after(self, moment: int) -> Iterator[int]:
        if self._at > moment:
            yield self._at

    def skipped_time(self, moment: int) -> datetime | None:
        if self._local is None or moment != self._at:
            return None
        gap = skipped_before(self._zone, moment)
        return self._local if gap is not None and self._local < gap[1] else None
