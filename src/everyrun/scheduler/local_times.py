"""Between a zone's clocks and the moments that there really are.

Local times are naive datetimes; moments are microseconds UTC. A zone's clocks are set forward or
back by anything from minutes to a whole day, at any time of day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import EveryrunError

HOUR = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)


class UnknownZone(EveryrunError, ValueError):
    """There is no time zone of this name; write an IANA name such as Asia/Seoul."""

    status_code = 422


class Stretch(NamedTuple):
    """A time in which a zone's clocks are left alone: from ``since`` on, before ``until``."""

    since: int
    until: int
    offset: timedelta


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises :class:`UnknownZone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(f"there is no time zone {name!r}; write an IANA name") from None


def offset_at(zone: ZoneInfo, at: int) -> timedelta:
    """What the zone's clocks are ahead of UTC."""
    offset = to_datetime(at).astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def local_at(zone: ZoneInfo, at: int) -> datetime:
    """What the zone's clocks say."""
    return to_datetime(at).astimezone(zone).replace(tzinfo=None, fold=0)


def first_moment_at(zone: ZoneInfo, local: datetime) -> int:
    """The first moment at which the zone's clocks say ``local``, or later where they skip it."""
    early = local.replace(tzinfo=zone, fold=0)
    moment = to_microseconds(early)
    if local_at(zone, moment) == local:
        return moment
    # Read with the offset after the gap, a time inside of it lies before it, and the other way
    # round: the change is in between.
    before = to_microseconds(local.replace(tzinfo=zone, fold=1))
    return _change(zone, before, moment)


def is_repeated(zone: ZoneInfo, local: datetime) -> bool:
    """Whether the zone's clocks say ``local`` twice."""
    early, late = (to_microseconds(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return early < late and local_at(zone, early) == local


def skipped_before(zone: ZoneInfo, at: int) -> tuple[datetime, datetime] | None:
    """From which local time on, and before which, the clocks skip at this very moment."""
    expected = local_at(zone, at - 1) + _MICROSECOND
    said = local_at(zone, at)
    return (expected, said) if said > expected else None


def stretches(zone: ZoneInfo, since: int, until: int) -> Iterator[Stretch]:
    """The time from ``since`` on and before ``until``, cut where the zone's clocks are set."""
    begun, offset, at = since, offset_at(zone, since), since
    while at < until:
        following = min(at + HOUR, until)
        if offset_at(zone, following - 1) != offset:
            change = _change(zone, max(begun, at - 1), following - 1)
            yield Stretch(begun, change, offset)
            begun, offset, at = change, offset_at(zone, change), change
        else:
            at = following
    yield Stretch(begun, until, offset)


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first moment with the offset that holds at ``after`` and not yet at ``before``."""
    offset = offset_at(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after
