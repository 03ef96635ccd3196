"""Time as an argument: nothing below the edges asks the machine what time it is."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Answers the time in whole microseconds since 1970, UTC."""

    def now(self) -> int: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        return time.time_ns() // 1000


def to_datetime(at: int) -> datetime:
    """Microseconds UTC -> an aware datetime, exactly."""
    return _EPOCH + timedelta(microseconds=at)


def to_microseconds(moment: datetime) -> int:
    """An aware datetime -> microseconds UTC, exactly. Raises ``ValueError`` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be put on record")
    return (moment - _EPOCH) // _MICROSECOND
