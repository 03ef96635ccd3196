"""Finding the execution that a path names, and telling a poller who has its state already."""

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.views.executions import ExecutionDetail
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.marks import LogMark, Mark, find_marked, find_marked_log
from everyrun.store.reading.execution import read_execution
from everyrun.store.reading.logs import poll_after


def marked(visit: Visit, connection: Connection, given: str, *, paced: bool = False) -> str:
    """The full id of the execution that a path names, once it is known to have changed.

    ``paced`` where the answer says when to ask again: that grows while nothing happens, and is told
    anew when it has grown by a second. Raises ``NotModified``, ``NotOnRecord`` and ``AmbiguousId``.
    """
    visit.mark = mark = find_marked(connection, given)
    known_by_mark(visit, mark, paced=paced)
    return mark.execution_id


def known_by_mark(visit: Visit, mark: Mark | LogMark, *, paced: bool = False) -> str:
    """Name the state of what an execution shows by its mark. Raises ``NotModified``."""
    pace = poll_after(visit.now - mark.updated_at) // 1000 if paced else None
    return visit.known(mark.execution_id, mark.updated_at, pace)


def marked_log(visit: Visit, connection: Connection, given: str) -> LogMark:
    """How the log of the execution that a path names stands, once that is known to have changed.

    Raises as :func:`marked` does.
    """
    mark = find_marked_log(connection, given)
    visit.mark = Mark(mark.execution_id, mark.updated_at)
    known_by_mark(visit, mark, paced=True)
    return mark


def whole(visit: Visit, connection: Connection, given: str) -> ExecutionDetail:
    """The execution that a path names, once it is known to have changed.

    Who has no state of it yet is spared the look at the mark: the execution carries it. Raises as
    :func:`marked` does.
    """
    if visit.has_no_state:
        try:
            found = read_execution(connection, given)
        except NotOnRecord:
            pass  # it is named otherwise than by its full id, if at all
        else:
            visit.mark = Mark(found.id, to_microseconds(found.updated_at))
            known_by_mark(visit, visit.mark)
            return found
    return read_execution(connection, marked(visit, connection, given))


def named(connection: Connection, given: str) -> str:
    """The full id of the execution that a path names: an id, its beginning, or an external id.

    Raises ``NotOnRecord`` and ``AmbiguousId``.
    """
    return find_marked(connection, given).execution_id
