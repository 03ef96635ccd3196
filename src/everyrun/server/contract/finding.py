"""What the seeds' ids stand for: a number, an id of the ledger, a name, or the caller's own."""

from collections.abc import Sequence

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import canonical_id
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.numbers import (
    NodePlace,
    node_numbered,
    node_with_number,
    number_nodes,
    number_workflows,
    numbers_of_nodes,
    numbers_of_workflows,
)
from everyrun.store.scripts import ScriptRecord, find_script
from everyrun.workflows.reporting import Script

GivenId = int | str


class ScriptNotFound(NotOnRecord):
    """There is no such script."""


class LogNotFound(NotOnRecord):
    """There is no such log."""


def script_of(connection: Connection, given: GivenId) -> ScriptRecord:
    """The script. Raises :class:`ScriptNotFound`, and ``AmbiguousId`` for a name of several."""
    try:
        return find_script(connection, str(given))
    except NotOnRecord as error:
        raise ScriptNotFound(str(error)) from None


def as_script(record: ScriptRecord) -> Script:
    """A script as reports name it."""
    return Script(record.id, record.name, record.kind)


def place_of_log(connection: Connection, given: str) -> NodePlace:
    """Where a log lies: by its number, or by its node execution's id. Raises
    :class:`LogNotFound`.
    """
    place = None
    if given.isascii() and given.isdigit():
        place = node_numbered(connection, int(given)) if len(given) < 20 else None
    else:
        try:
            place = node_with_number(connection, canonical_id(given))
        except ValueError:
            place = None
    if place is None:
        raise LogNotFound(f"there is no log {given[:60]!r}")
    return place


def numbers_for_nodes(visit: Visit, places: Sequence[NodePlace]) -> dict[str, int]:
    """Node execution id -> its number, given now where it has none."""
    with visit.reading() as connection:
        known = numbers_of_nodes(connection, places)
    missing = [place for place in places if place.node_execution_id not in known]
    if missing:
        known |= visit.database.transact(lambda connection: number_nodes(connection, missing))
    return known


def numbers_for_workflows(visit: Visit, ids: Sequence[str]) -> dict[str, int]:
    """Workflow id -> its number, given now where it has none."""
    with visit.reading() as connection:
        known = numbers_of_workflows(connection, ids)
    missing = [id_ for id_ in ids if id_ not in known]
    if missing:
        known |= visit.database.transact(lambda connection: number_workflows(connection, missing))
    return known
