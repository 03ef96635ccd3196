"""Moments on their way out."""

from datetime import datetime

from everyrun.domain.clock import to_datetime


def moment_of(at: int | None) -> datetime | None:
    """Microseconds UTC -> a moment."""
    return None if at is None else to_datetime(at)
