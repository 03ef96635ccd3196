"""How many executions the usual views show: exact where sums are kept, else up to a ceiling."""

from sqlalchemy import ColumnElement, Connection, func, select

from everyrun.domain.clock import to_datetime
from everyrun.domain.status import Status
from everyrun.domain.views.statistics import ViewCount, ViewCounts
from everyrun.store.reading.days import day_window
from everyrun.store.reading.lanes import Lane, Span, newest_in
from everyrun.store.reading.narrowing import buckets_of, lanes_of
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.statistics import stats_buckets

MOST_COUNTED = 1_000
"""Executions that a view without kept sums is counted up to."""

_b = stats_buckets.c


def count_views(
    connection: Connection,
    now: int,
    zone: str,
    *,
    workflow: str | None = None,
    kind: str | None = None,
) -> ViewCounts:
    """The counts of ``all``, of each status, of ``today`` and of each status ``today_…``.

    Those of the day are exact. The others are counted up to 1,000, and with more say ``at_least``.
    At ``now`` (µs UTC), for all workflows or those of this name and kind. Raises
    :class:`SettingsError` for an unknown zone.
    """
    lanes = lanes_of(connection, workflow, kind)
    with kept_to_indexes(connection, plan_once=True):
        items = [_count(connection, "all", lanes)]
        for status in Status:
            narrowed = [Lane((*lane.fixed, ("status", status.value))) for lane in lanes]
            items.append(_count(connection, status.value, narrowed))
    of_today = _of_day(connection, now, zone, buckets_of(workflow, kind))
    items.append(ViewCount(view="today", executions=sum(of_today.values())))
    items += [
        ViewCount(view=f"today_{status}", executions=of_today.get(status.value, 0))
        for status in Status
    ]
    return ViewCounts(timezone=zone, items=items)


def _of_day(
    connection: Connection, now: int, zone: str, chosen: ColumnElement[bool]
) -> dict[str, int]:
    start, end = day_window(now, zone)
    query = (
        select(_b.status, func.sum(_b.executions))
        .where(_b.bucket >= to_datetime(start), _b.bucket < to_datetime(end), chosen)
        .group_by(_b.status)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _count(connection: Connection, view: str, lanes: list[Lane]) -> ViewCount:
    found = 0
    for lane in lanes:
        found += len(newest_in(connection, lane, Span(), MOST_COUNTED + 1 - found))
        if found > MOST_COUNTED:
            break
    return ViewCount(view=view, executions=min(found, MOST_COUNTED), at_least=found > MOST_COUNTED)
