"""Finding the execution that a path names, and telling a poller who has its state already."""

from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.marks import find_marked


def marked(visit: Visit, connection: Connection, given: str, *parts: object) -> str:
    """The full id of the execution that a path names, once it is known to have changed.

    ``parts`` are what the answer depends on besides the execution and the address. Raises
    ``NotModified``, ``NotOnRecord`` and ``AmbiguousId``.
    """
    mark = find_marked(connection, given)
    visit.known(mark.execution_id, mark.updated_at, *parts)
    return mark.execution_id


def named(connection: Connection, given: str) -> str:
    """The full id of the execution that a path names: an id, its beginning, or an external id.

    Raises ``NotOnRecord`` and ``AmbiguousId``.
    """
    return find_marked(connection, given).execution_id
