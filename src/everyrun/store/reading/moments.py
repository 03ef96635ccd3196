"""Times that a caller asks from and until."""

from datetime import datetime

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import InvalidQuery
from everyrun.domain.identifiers import first_id_at
from everyrun.store.reading.lanes import FIRST_ID, LAST_ID, Span

BEGINNING = to_datetime(0)
END = datetime.max.replace(tzinfo=BEGINNING.tzinfo)


def aware(moment: datetime | None) -> datetime | None:
    """The moment itself. Raises :class:`InvalidQuery` when it has no zone."""
    if moment is not None and moment.tzinfo is None:
        raise InvalidQuery(f"{moment} has no time zone")
    return moment


def born_between(since: datetime | None, until: datetime | None) -> Span:
    """The ids born from ``since`` (included) until ``until`` (excluded), to the millisecond.

    Raises :class:`InvalidQuery` for a time without a zone.
    """
    return Span(_first_id(since, FIRST_ID), _first_id(until, LAST_ID))


def _first_id(moment: datetime | None, otherwise: str) -> str:
    if (moment := aware(moment)) is None:
        return otherwise
    return first_id_at(max(0, to_microseconds(moment)))
