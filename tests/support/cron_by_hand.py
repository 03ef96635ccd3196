"""A second way to the times of a cron expression: go through every minute there is.

Shares nothing with ``everyrun.scheduler``: fields are read by a few lines of its own, and local
times come from asking a zone about each minute of UTC in turn, remembering what its clocks have
said so far. Slow, and simple enough to believe.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


class Fields(NamedTuple):
    """Which values each field takes, and how the two day fields go together.

    ``times`` are minutes since midnight.
    """

    times: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    both_days: bool
    fixed: bool

    def match_day(self, local: datetime) -> bool:
        """Whether a local time is on one of the expression's days."""
        if local.month not in self.months:
            return False
        by_date = local.day in self.days
        by_name = local.isoweekday() % 7 in self.weekdays
        return (by_date and by_name) if self.both_days else (by_date or by_name)

    def match(self, local: datetime) -> bool:
        """Whether a local time is one of the expression's."""
        return local.hour * 60 + local.minute in self.times and self.match_day(local)


@cache
def read(expression: str) -> Fields:
    """Five fields of numbers, ``*``, ranges, lists and steps."""
    texts = expression.split()
    sets = [_values(text, *bounds) for text, bounds in zip(texts, _BOUNDS, strict=True)]
    minutes_, hours, days, months, weekdays = sets
    return Fields(
        frozenset(hour * 60 + minute for hour in hours for minute in minutes_),
        days,
        months,
        frozenset(day % 7 for day in weekdays),
        both_days=texts[2].startswith("*") or texts[4].startswith("*"),
        fixed=not texts[0].startswith("*") and not texts[1].startswith("*"),
    )


def _values(text: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, _, high = (f"{least}-{most}" if span == "*" else span).partition("-")
        last = int(high) if high else (most if step else int(low))
        found.update(range(int(low), last + 1, int(step or 1)))
    return frozenset(found)


class Minute(NamedTuple):
    """One minute of UTC; ``skipped`` are the local minutes that were left out just before it."""

    at: datetime
    local: datetime
    of_day: int
    is_first: bool
    skipped: tuple[datetime, ...]


def minutes(zone: ZoneInfo, since: datetime, until: datetime) -> list[Minute]:
    """Every minute of UTC from ``since`` on and before ``until``, with what the clocks say.

    Begins to watch the clocks three hours earlier, to know what they have said before.
    """
    found = []
    at = since - timedelta(hours=3)
    highest = (at - MINUTE).astimezone(zone).replace(tzinfo=None)
    while at < until:
        local = at.astimezone(zone).replace(tzinfo=None)
        skipped = []
        expected = highest + MINUTE
        while expected < local:
            skipped.append(expected)
            expected += MINUTE
        if at >= since:
            of_day = local.hour * 60 + local.minute
            found.append(Minute(at, local, of_day, local > highest, tuple(skipped)))
        highest = max(highest, local)
        at += MINUTE
    return found


def due(expression: str, watched: list[Minute]) -> list[datetime]:
    """Those of these minutes at which the expression is due."""
    fields = read(expression)
    said = [
        minute
        for minute in watched
        if minute.of_day in fields.times and fields.match_day(minute.local)
    ]
    if not fields.fixed:
        return [minute.at for minute in said]
    first = {minute.at for minute in said if minute.is_first}
    after_gaps = {
        minute.at
        for minute in watched
        if minute.skipped and any(fields.match(local) for local in minute.skipped)
    }
    return sorted(first | after_gaps)


def changes(zone: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    """The minutes of UTC at which a zone's clocks are set, found by asking every six hours."""
    found = []
    step = timedelta(hours=6)
    at, offset = since, since.astimezone(zone).utcoffset()
    while at < until:
        at += step
        if at.astimezone(zone).utcoffset() != offset:
            change = at - step
            while change.astimezone(zone).utcoffset() == offset:
                change += MINUTE
            found.append(change)
            offset = at.astimezone(zone).utcoffset()
    return found


def utc(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
