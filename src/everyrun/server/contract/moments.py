"""Times as the seeds' clients write them: ISO 8601, often without a zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from everyrun.domain.clock import to_microseconds
from everyrun.workflows.reporting import ImpossibleReport

_LAST = 253_370_764_800_000_000  # the year 9999


def moment(text: str | None, zone: str, field: str) -> int | None:
    """An ISO time -> microseconds UTC; one without a zone is meant in ``zone``. None for None.

    Raises :class:`ImpossibleReport` that names the field.
    """
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text.strip())
        if read.tzinfo is None:
            read = read.replace(tzinfo=ZoneInfo(zone))
        at = to_microseconds(read)
    except (ValueError, OverflowError):
        at = -1
    if not 0 <= at < _LAST:
        raise ImpossibleReport(f"{field} is no ISO 8601 time from 1970 on: {text[:60]!r}")
    return at
