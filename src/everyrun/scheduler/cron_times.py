"""The times of a cron expression, in a zone whose clocks are set forward and back.

``cronsim`` works out the calendar, on local times without any zone; the rule about changed clocks
is applied here. Why its own is not taken: ``docs/decisions/0007-clock-changes.md``.

* A fixed time of day that the clocks skip is due once, at the first moment after the gap; one that
  they say twice is due once, when they first say it.
* An expression whose second, minute or hour begins with ``*`` has no fixed time of day: it is due
  at every real moment whose local time it matches.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import EveryrunError
from everyrun.scheduler.local_times import (
    HOUR,
    first_moment_at,
    local_at,
    offset_at,
    skipped_before,
    stretches,
)

_SECOND = timedelta(seconds=1)
_DAY = 24 * HOUR
_ONE_DAY = timedelta(days=1)

SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


class InvalidCron(EveryrunError, ValueError):
    """This is no cron expression."""

    status_code = 422


class CronTimes:
    """The due times of one expression in one zone. Raises :class:`InvalidCron`."""

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        self._zone = zone
        self._expression = spelled_out(expression)
        of_the_day = self._expression.split()[:-3]
        self.is_fixed = not any(field.startswith("*") for field in of_the_day)

    def after(self, moment: int) -> Iterator[int]:
        """The due times after a moment, in order, without end where the calendar has none."""
        try:
            if self.is_fixed:
                yield from self._fixed(moment)
            else:
                yield from self._real(moment)
        except OverflowError:
            return  # the year 9999 is over

    def skipped_time(self, moment: int) -> datetime | None:
        """The local time that did not happen and for which this moment is due, if it is for one."""
        gap = skipped_before(self._zone, moment) if self.is_fixed else None
        if gap is None:
            return None
        meant = next(self._local_from(gap[0]), None)
        return meant if meant is not None and meant < gap[1] else None

    def _fixed(self, moment: int) -> Iterator[int]:
        last = moment
        for local in self._local_from(local_at(self._zone, moment)):
            due = first_moment_at(self._zone, local)
            # One that the clocks have said before, or a second one in the same gap.
            if due > last:
                yield due
                last = due

    def _real(self, moment: int) -> Iterator[int]:
        since = moment + 1
        while True:
            until = since + _DAY
            for stretch in stretches(self._zone, since, until):
                for local in self._local_from(_naive(stretch.since) + stretch.offset):
                    due = _moment(local - stretch.offset)
                    if due >= stretch.until:
                        break
                    yield due
            # Clocks are set back by less than a day: later moments have no earlier local times.
            earliest = _naive(until) + offset_at(self._zone, until) - _ONE_DAY
            following = next(self._local_from(earliest), None)
            if following is None:
                return
            since = max(until, _moment(following) - 2 * _DAY)

    def _local_from(self, local: datetime) -> Iterator[datetime]:
        """Local times that match, from ``local`` on."""
        whole = local.replace(microsecond=0)
        return CronSim(self._expression, whole if whole < local else whole - _SECOND)


def spelled_out(expression: str) -> str:
    """An expression with single spaces, a shorthand such as ``@daily`` written out.

    Raises :class:`InvalidCron` that says which field is wrong.
    """
    trimmed = " ".join(expression.split())
    known = SHORTHANDS.get(trimmed.lower(), trimmed)
    try:
        CronSim(known, datetime(2000, 1, 1))  # noqa: DTZ001 - a calendar without a zone
    except CronSimError as error:
        what = str(error).lower()
        raise InvalidCron(f"cron expression {expression!r}: {what}") from None
    return known


def _naive(moment: int) -> datetime:
    return to_datetime(moment).replace(tzinfo=None)


def _moment(naive: datetime) -> int:
    return to_microseconds(naive.replace(tzinfo=UTC))
