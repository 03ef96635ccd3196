"""How executions fared by the hour or the day, as people where they are count hours and days."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    and_,
    case,
    column,
    func,
    select,
    values,
)

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.status import Status
from everyrun.domain.views.statistics import Series, SeriesPoint
from everyrun.store.append.counting import BUCKET_MICROSECONDS
from everyrun.store.column_types import Moment
from everyrun.store.reading.days import day_start, zone_named
from everyrun.store.reading.narrowing import buckets_of
from everyrun.store.reading.statistics import stats_buckets

FIRST_YEAR, LAST_YEAR = 1970, 9_000
MOST_POINTS = 750
"""A month of hours; two years of days."""

_b = stats_buckets.c


class Step(StrEnum):
    """How long each point of a series is."""

    HOUR = "hour"
    DAY = "day"


def read_series(
    connection: Connection,
    since: datetime,
    until: datetime,
    *,
    step: Step,
    zone: str,
    workflow: str | None = None,
    kind: str | None = None,
) -> Series:
    """Executions per hour or day of a zone, those without any included, 750 at most.

    From the hour or day that ``since`` lies in until that of ``until`` (excluded). Where clocks
    change a day has 23 or 25 hours, or half an hour less or more. Executions count when they
    started (those that wait, when they were asked for).
    Raises :class:`SettingsError` for an unknown zone, :class:`InvalidQuery` for times without a
    zone, out of range, and for too many points.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise InvalidQuery("since and until need a time zone")
    if not (since.year >= FIRST_YEAR and until.year <= LAST_YEAR):
        raise InvalidQuery(f"since and until must be from {FIRST_YEAR} to {LAST_YEAR}")
    local = zone_named(zone)
    bounds = _bounds(since, until, step, local)
    counts = _count(connection, bounds, workflow, kind) if len(bounds) > 1 else []
    return Series(
        timezone=zone,
        step=step.value,
        items=[
            _point(start.astimezone(local), end.astimezone(local), row)
            for (start, end), row in zip(pairwise(bounds), counts, strict=True)
        ],
    )


def _bounds(since: datetime, until: datetime, step: Step, zone: ZoneInfo) -> list[datetime]:
    """The times at which the points begin, and the one at which the last one ends; UTC."""
    if since >= until:
        return []
    days = _days(since.astimezone(zone).date(), until, zone)
    bounds: list[datetime] = []
    for start, end in days:
        for moment in [start] if step is Step.DAY else _hours(start, end, zone):
            bounds.append(moment)
            if len(bounds) > 2 * MOST_POINTS:
                raise InvalidQuery(_too_many(step))
    if step is Step.HOUR:
        # Those of the first day before ``since`` were only passed on the way.
        first = max((i for i, at in enumerate(bounds) if at <= since), default=0)
        bounds = [at for at in bounds[first:] if at < until]
    if bounds:
        bounds.append(_end_of(bounds[-1], step, zone))
    if len(bounds) > MOST_POINTS + 1:
        raise InvalidQuery(_too_many(step))
    return bounds


def _too_many(step: Step) -> str:
    return f"at most {MOST_POINTS} points can be asked for; that are more {step.value}s"


def _days(first: date, until: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    day = first
    while (start := day_start(day, zone)) < until:
        day += timedelta(days=1)
        yield start, day_start(day, zone)


def _hours(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The beginnings of the hours of a day; a new one begins also where the clocks change."""
    quarter = timedelta(microseconds=BUCKET_MICROSECONDS)
    before: tuple[int, timedelta | None] | None = None
    while start < end:
        local = start.astimezone(zone)
        hour = (local.hour, local.utcoffset())
        if hour != before:
            yield start
        before = hour
        start += quarter


def _end_of(start: datetime, step: Step, zone: ZoneInfo) -> datetime:
    day = start.astimezone(zone).date()
    tomorrow = day_start(day + timedelta(days=1), zone)
    if step is Step.DAY:
        return tomorrow
    later = (at for at in _hours(day_start(day, zone), tomorrow, zone) if at > start)
    return next(later, tomorrow)


def _count(
    connection: Connection, bounds: list[datetime], workflow: str | None, kind: str | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The sums of each stretch, in their order: each is a range of an index."""
    points = (
        values(
            column("number", Integer),
            column("start", Moment),
            column("until", Moment),
            name="stretches",
        )
        .data([(number, *pair) for number, pair in enumerate(pairwise(bounds))])
        .cte("points")
    )
    p = points.c
    within = and_(_b.bucket >= p.start, _b.bucket < p.until, buckets_of(workflow, kind))
    sums = [
        func.coalesce(func.sum(case((_b.status == status.value, _b.executions), else_=0)), 0).label(
            status.value
        )
        for status in Status
    ]
    query = (
        select(
            p.number,
            func.sum(_b.duration_count).label("measured"),
            func.sum(_b.duration_sum).label("lasted"),
            *sums,
        )
        .select_from(points.outerjoin(stats_buckets, within))
        .group_by(p.number)
        .order_by(p.number)
    )
    return connection.execute(query).all()


def _point(start: datetime, end: datetime, row: Row[*tuple[Any, ...]]) -> SeriesPoint:
    counts = {status.value: int(getattr(row, status.value)) for status in Status}
    counts["running"] += counts.pop("retrying")
    measured = int(row.measured or 0)
    return SeriesPoint(
        start=start,
        end=end,
        executions=sum(counts.values()),
        mean_seconds=int(row.lasted) / measured / 1e6 if measured else None,
        **counts,
    )
