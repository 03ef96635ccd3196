"""The dashboard's figures, counted once for all who ask (R1.4-R1.8).

What was counted is kept for five minutes, by day and zone, with the generation that it was counted
in (``store.changes.generations``): it is never taken for longer than it is true.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, delete, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime
from everyrun.domain.views.dashboard import DashboardFigures
from everyrun.store.changes.generations import is_current
from everyrun.store.database import Database
from everyrun.store.reading.dashboard import Counted, count_figures
from everyrun.store.reading.days import local_day
from everyrun.store.tables import DashboardStat

VALID = timedelta(minutes=5)
"""How long what was counted is taken at most (R1.4)."""

REWRITTEN_AFTER = timedelta(seconds=1)
"""So often are values written again at most, for where everything changes all the time."""

FORGOTTEN_AFTER = timedelta(days=2)
NO_DAY = date(1970, 1, 1)

stats = cast("Table", DashboardStat.__table__)
_s = stats.c

_OF_THE_DAY = {"today_executions", "today_failed_scripts"}
_FIELDS = {
    "total_scripts": "total_workflows",
    "inactive_scripts": "inactive_workflows",
    "today_executions": "today_executions",
    "today_failed_scripts": "today_failed_workflows",
    "all_executions": "all_executions",
    "all_failed_scripts": "all_failed_workflows",
}
"""The seeds' name of a value (``stat_key``) -> ours."""


class _Kept(NamedTuple):
    """What is in the table; ``figures`` is None when it cannot be taken."""

    figures: DashboardFigures | None
    is_fresh: bool


def dashboard_figures(
    database: Database, now: int, zone: str, *, use_cache: bool = True
) -> DashboardFigures:
    """The figures at ``now`` (µs UTC) for the day that it is in ``zone``, and of all days.

    ``use_cache=False`` counts in any case (R1.5). Either way they are those of a moment of this
    call. Raises :class:`SettingsError` for an unknown zone.
    """
    day = local_day(now, zone)
    with database.reading() as connection:
        kept = _read(connection, now, day, zone)
        if use_cache and kept.figures is not None:
            return kept.figures
        counted = count_figures(connection, now, zone)
    if not (use_cache and kept.is_fresh):
        keep_figures(database, counted, now, day, zone)
    return _figures(counted.values, now, day, zone, from_cache=False)


def keep_figures(database: Database, counted: Counted, now: int, day: date, zone: str) -> bool:
    """Keep what was counted, unless somebody writes just now; answers whether it is kept."""
    return database.transact_at_once(lambda connection: _write(connection, counted, now, day, zone))


def forget_figures(connection: Connection, now: int) -> int:
    """Forget the values of past days and of zones that nobody asks for; answers how many."""
    old = _s.updated_at < to_datetime(now) - FORGOTTEN_AFTER
    return connection.execute(delete(stats).where(old)).rowcount


def _key(name: str, day: date, zone: str) -> tuple[str, date, str]:
    return (name, day, zone) if name in _OF_THE_DAY else (name, NO_DAY, "")


def _read(connection: Connection, now: int, day: date, zone: str) -> _Kept:
    keys = [_key(name, day, zone) for name in _FIELDS]
    wanted = or_(*(tuple_(_s.stat_key, _s.day, _s.timezone) == key for key in keys))
    rows = connection.execute(select(stats).where(wanted)).all()
    moment = to_datetime(now)
    ages = [moment - row.updated_at for row in rows]
    is_fresh = len(rows) == len(keys) and timedelta(0) <= max(ages) < REWRITTEN_AFTER
    if len(rows) < len(keys) or min(ages) < timedelta(0) or max(ages) >= VALID:
        return _Kept(None, is_fresh)
    if not all(is_current(connection, each) for each in {row.generation for row in rows}):
        return _Kept(None, is_fresh)
    values = {_FIELDS[row.stat_key]: row.stat_value for row in rows}
    return _Kept(_figures(values, now, day, zone, from_cache=True, rows=rows), is_fresh)


def _figures(
    values: Mapping[str, int],
    now: int,
    day: date,
    zone: str,
    *,
    from_cache: bool,
    rows: Any = (),
) -> DashboardFigures:
    counted_at = min((row.updated_at for row in rows), default=to_datetime(now))
    return DashboardFigures(
        day=day, timezone=zone, counted_at=counted_at, from_cache=from_cache, **values
    )


def _write(connection: Connection, counted: Counted, now: int, day: date, zone: str) -> None:
    moment = to_datetime(now)
    rows: list[dict[str, Any]] = []
    for name, field in sorted(_FIELDS.items()):
        key, of_day, of_zone = _key(name, day, zone)
        rows.append(
            {
                "stat_key": key,
                "day": of_day,
                "timezone": of_zone,
                "stat_value": counted.values[field],
                "updated_at": moment,
                "created_at": moment,
                "generation": counted.generation,
            }
        )
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(stats)
    newer = {name: statement.excluded[name] for name in ("stat_value", "updated_at", "generation")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["stat_key", "day", "timezone"], set_=newer),
        rows,
    )
