"""Events to record in tests: log lines that carry a number."""

from collections.abc import Iterable

from everyrun.domain.events import AnyEvent, LineLogged, RecorderDropped
from everyrun.domain.identifiers import new_id

EXECUTION_ID = "01890000-0000-7000-8000-000000000001"


def line(number: int, *, text: str = "") -> LineLogged:
    """A line that says ``<number> <text>``."""
    return LineLogged(
        execution_id=EXECUTION_ID,
        workflow="nightly",
        at=1_700_000_000_000_000 + number,
        id=new_id(),
        message=f"{number} {text}",
    )


def numbers(events: Iterable[AnyEvent]) -> list[int]:
    """The numbers of the lines among ``events``, in their order."""
    return [int(each.message.split()[0]) for each in events if isinstance(each, LineLogged)]


def declared_drops(events: Iterable[AnyEvent]) -> int:
    """How many dropped events ``events`` tell of."""
    return max((each.count for each in events if isinstance(each, RecorderDropped)), default=0)
