"""From what a person types to a trigger or a moment."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say

if TYPE_CHECKING:
    from everyrun.domain.schedule import Trigger

TRIGGERS = "--cron / --every / --at"


def trigger_from(cron: str | None, every: str | None, at: str | None) -> "Trigger":
    """The one trigger that was given. Raises :class:`~everyrun.cli.errors.BadInput`."""
    from everyrun.domain.schedule import At, Cron, Interval

    if sum(option is not None for option in (cron, every, at)) != 1:
        raise BadInput(say("something_needed", what=TRIGGERS))
    if cron is not None:
        return Cron(expression=cron)
    if every is not None:
        return Interval(every=seconds_of(every))
    assert at is not None
    return At(moment=local_moment(at))


def seconds_of(text: str) -> float:
    """A span in seconds. Raises :class:`~everyrun.cli.errors.BadInput`."""
    from everyrun.cli.moments import parse_span

    return parse_span(text).total_seconds()


def local_moment(text: str) -> datetime:
    """A date or a time; aware only with an offset. Raises ``BadInput``."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(say("bad_local_moment", text=text)) from None


def bound(text: str | None, zone: tzinfo) -> datetime | None:
    """A date or a time as a bound of a schedule, in its zone where it names none."""
    if text is None:
        return None
    moment = local_moment(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
