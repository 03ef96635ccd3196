"""Moments as people write them: a date and time, or a time of day, in some zone."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from everyrun.domain.clock import to_datetime, to_microseconds

_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


def zone_of(name: str) -> ZoneInfo:
    """``Asia/Seoul`` -> the zone. Raises ``ValueError`` with a sentence."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # OSError: a folder of zones
        raise ValueError(f"there is no time zone {name!r}; one is Asia/Seoul") from None


def moment_of(text: str, zone: ZoneInfo | None, after: int) -> int:
    """A moment, µs UTC: ``2026-01-15T06:30:00+09:00``, or the next ``06:30`` from ``after`` on.

    What has no zone of its own is of ``zone``. A time that a change of the clocks skips is taken as
    much later as they jump; of a time that comes twice the first is meant. Raises ``ValueError``
    with a sentence.
    """
    written = text.strip()
    if _TIME_OF_DAY.fullmatch(written):
        if zone is None:
            raise ValueError(f"{text!r} is a time of day; say of which zone, as in Asia/Seoul")
        return _next(
            time.fromisoformat(written.zfill(5) if len(written) < 6 else written), zone, after
        )
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(
            f"{text!r} is no moment: write 2026-01-15T06:30:00+09:00, or 06:30"
        ) from None
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError(f"{text!r} has no zone: write +09:00 or Z at its end, or name a zone")
        moment = moment.replace(tzinfo=zone)
    return to_microseconds(moment)


def _next(at: time, zone: ZoneInfo, after: int) -> int:
    today: date = to_datetime(after).astimezone(zone).date()
    for day in range(3):  # a day is left out where the date line moved: Samoa had no 30 December
        moment = to_microseconds(datetime.combine(today + timedelta(days=day), at, tzinfo=zone))
        if moment >= after:
            return moment
    raise AssertionError("one of three days has the time still to come")
