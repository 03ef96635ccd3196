"""A day as people mean it: from midnight to midnight where they are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import SettingsError


def day_window(now: int, zone: str) -> tuple[int, int]:
    """Start (included) and end (excluded) of the day of ``now`` in a zone; µs UTC (R1.3, R1.7).

    23 or 25 hours where the clocks change. Raises :class:`SettingsError` for an unknown zone.
    """
    today, local = local_day(now, zone), zone_named(zone)
    return _midnight(today, local), _midnight(today + timedelta(days=1), local)


def local_day(now: int, zone: str) -> date:
    """The day that it is in a zone at ``now`` (µs UTC). Raises :class:`SettingsError`."""
    return to_datetime(now).astimezone(zone_named(zone)).date()


def zone_named(zone: str) -> ZoneInfo:
    """The zone of a name. Raises :class:`SettingsError` where there is none."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise SettingsError(f"there is no time zone {zone!r}") from None


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone, UTC; where the clocks skip its midnight, the moment they do."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return to_microseconds(day_start(day, zone))
