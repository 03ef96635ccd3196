"""An execution by what a person types: a full id, the beginning of one, or an external id."""

from sqlalchemy import Connection, select

from everyrun.domain.errors import AmbiguousId, NotOnRecord
from everyrun.domain.identifiers import canonical_id
from everyrun.store.prefixes import begins_with
from everyrun.store.reading.external_ids import owners_of
from everyrun.store.reading.lanes import executions

_CANDIDATES_NAMED = 5


def find_execution(connection: Connection, text: str) -> str:
    """The full id of the execution that ``text`` names.

    In this order: a full id, a whole external id, the beginning of an id (4 digits or more, dashes
    or not). Raises :class:`NotOnRecord` and :class:`AmbiguousId`.
    """
    given = text.strip()
    found = (
        _by_full_id(connection, given)
        or owners_of(connection, given)
        or _by_prefix(connection, given)
    )
    if not found:
        raise NotOnRecord(f"nothing on record has the id {text!r}")
    if len(found) > 1:
        named = ", ".join(found[:_CANDIDATES_NAMED])
        more = " and more" if len(found) > _CANDIDATES_NAMED else ""
        raise AmbiguousId(f"{text!r} may be any of {named}{more}; give more of it")
    return found[0]


def _by_full_id(connection: Connection, given: str) -> list[str]:
    try:
        id_ = canonical_id(given)
    except ValueError:
        return []
    statement = select(executions.c.id).where(executions.c.id == id_)
    return list(connection.execute(statement).scalars())


def _by_prefix(connection: Connection, given: str) -> list[str]:
    matching = begins_with(executions.c.id, given)
    if matching is None:
        return []
    statement = (
        select(executions.c.id)
        .where(matching)
        .order_by(executions.c.id.desc())
        .limit(_CANDIDATES_NAMED + 1)
    )
    return list(connection.execute(statement).scalars())
