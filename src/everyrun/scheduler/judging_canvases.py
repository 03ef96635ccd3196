"""Whether a quiet canvas hangs, and why: pure, from how its members stand.

* A chord whose members are all completed sends its body before the last of them is on record as
  completed, and that is on record before it. So a body that was not sent will not be.
* A member that is lost keeps the body of its chord waiting, and what comes after it, until the
  broker delivers it again, if it does.

Whatever waits without such a reason may lie in a queue, unless the workers have nothing to do and
their queues are empty: then no worker has it, nor will any get it.
"""

from datetime import UTC, datetime

from everyrun.domain.status import Status
from everyrun.store.canvases import Header, Members, Waiting

_UNDER_WAY = (Status.RUNNING.value, Status.RETRYING.value)
_PENDING, _COMPLETED, _LOST = Status.PENDING.value, Status.COMPLETED.value, Status.LOST.value


def why_it_hangs(members: Members) -> str | None:
    """The reason in a sentence; None when it may go on by itself."""
    for header in members.headers:
        reason = _why_body_waits(header, members)
        if reason is not None:
            return reason
    counts = members.counts
    if not members.lost or any(counts.get(status) for status in _UNDER_WAY):
        return None
    waiting = counts.get(_PENDING, 0)
    rest = f", and {_tasks(waiting)} after it" if waiting else ""
    return f"hung: {_names_of_lost(members)}; it runs again only if it is delivered again{rest}"


def why_it_is_nowhere(waiting: Waiting, now: datetime) -> str | None:
    """The reason in a sentence, given that no worker has anything to do; None when something of it
    is under way, or to begin later.
    """
    if waiting.goes_on or not waiting.total:
        return None
    if any(_moment(eta, now) > now for eta in waiting.etas):
        return None
    names = ", ".join(waiting.names) + (", …" if waiting.total > len(waiting.names) > 1 else "")
    verb = "waits" if waiting.total == 1 else "wait"
    return (
        f"hung: {_tasks(waiting.total)} ({names}) {verb}, but the workers that are up have nothing "
        "to do and their queues are empty; a message was lost, or lies where no worker takes from"
    )


def _moment(eta: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(eta)
    except ValueError:  # no moment that we know of: as if it were now
        return now
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _why_body_waits(header: Header, members: Members) -> str | None:
    body = members.bodies.get(header.chord_id)
    counts = header.counts
    total, lost, done = sum(counts.values()), counts.get(_LOST, 0), counts.get(_COMPLETED, 0)
    if body is None or not body.is_due_to_backend or lost + done < total:
        return None
    if lost:
        return (
            f"hung: {body.name} waits for {_tasks(total)}, of which {done} are completed and "
            f"{lost} lost; it is sent only if these are delivered again: {_names_of_lost(members)}"
        )
    return (
        f"hung: the {_tasks(total)} that {body.name} waits for are completed and it was not sent; "
        "the count of its chord in the result backend is stuck or gone"
    )


def _names_of_lost(members: Members) -> str:
    return "; ".join(f"Task {name} is lost ({why})" for name, why in members.lost)


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"
