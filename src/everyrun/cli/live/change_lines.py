"""A run told without a terminal: a line for each change, as it happens."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from everyrun.cli import marks, wording
from everyrun.cli.messages import say
from everyrun.cli.terminal import one_line
from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.status import Status
from everyrun.store.reading.summaries import error_line

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree

_Failed = events.NodeRetrying | events.NodeFinished
_WIDTH = len("✔ completed")


def change_lines(tree: "RunTree", told: Iterable[events.AnyEvent], zone: tzinfo) -> Iterator[str]:
    """The lines of what happened to nodes. ``tree`` has been fed with these events."""
    for event in told:
        if isinstance(event, events.NodeStarted):
            yield _line(tree, event, Status.RUNNING, zone)
        elif isinstance(event, events.NodeRetrying):
            attempt = say("attempt_line", attempt=event.attempt)
            yield _line(tree, event, Status.RETRYING, zone, attempt, _why(event))
        elif isinstance(event, events.NodeFinished):
            yield _line(tree, event, event.status, zone, _how_long(event), _why(event))
        elif isinstance(event, events.NodeLost):
            yield _line(tree, event, Status.LOST, zone, event.reason)


def _line(
    tree: "RunTree", event: events.NodeEvent, status: str, zone: tzinfo, *more: str | None
) -> str:
    at = wording.clock_time(to_datetime(event.at), zone).partition(" ")[2]
    return one_line("  ".join([at, _mark(status), _label(tree, event), *filter(None, more)]))


def _mark(status: str) -> str:
    """Icon and word, as wide as those of every status."""
    mark = marks.mark(status)
    cells = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in mark)
    return mark + " " * (_WIDTH - cells)


def _label(tree: "RunTree", event: events.NodeEvent) -> str:
    name = event.node if event.iteration is None else f"{event.node}[{event.iteration}]"
    return name if event.execution_id == tree.id else f"{event.workflow}: {name}"


def _how_long(event: events.NodeFinished) -> str | None:
    if event.started_at is None:
        return None
    return wording.duration((event.at - event.started_at) / 1e6)


def _why(event: _Failed) -> str | None:
    return error_line(event.error_type, event.error_message)


def waiting_line(reason: str, now: datetime, zone: tzinfo) -> str:
    """That a run has to wait for others, and for which."""
    at = wording.clock_time(now, zone).partition(" ")[2]
    return one_line(f"{at}  {_mark(Status.PENDING)}  {reason}")
