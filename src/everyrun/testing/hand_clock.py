"""A clock that is moved by hand: five minutes pass in one line."""

from datetime import UTC, datetime, timedelta

from everyrun.domain.clock import to_microseconds

_NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class HandClock:
    """Answers the same time until it is moved. Begins at noon UTC of 15 January 2026."""

    def __init__(self, start: datetime = _NOON) -> None:
        self._now = to_microseconds(start)

    def now(self) -> int:
        """Microseconds since 1970, UTC."""
        return self._now

    def forward(self, **duration: float) -> None:
        """Let time pass: ``clock.forward(minutes=5)``. Takes what ``timedelta`` takes."""
        self._now += timedelta(**duration) // timedelta(microseconds=1)
