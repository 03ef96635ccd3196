"""Ids on their way into queries: those that a person gave, and whole pages of them."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, ColumnElement, Connection, and_, any_, literal

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import canonical_id
from everyrun.store.column_types import Identifier


def record_id(given: str) -> str:
    """The canonical form. Raises :class:`NotOnRecord`, for what is no id names nothing."""
    try:
        return canonical_id(given)
    except ValueError:
        raise NotOnRecord(f"nothing on record has the id {given!r}") from None


def pinned(column: ColumnElement[str], value: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether ``column`` equals ``value``, said as a range of one.

    Ordered by that column, only an index on it can answer, where an equality leaves a planner free.
    """
    return and_(column >= value, column <= value)


def one_of(
    connection: Connection, column: ColumnElement[str], ids: Sequence[str]
) -> ColumnElement[bool]:
    """Whether ``column`` is one of these ids.

    On PostgreSQL they are one value, so that pages of any length share a statement and its plan.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(Identifier)))
    return column.in_(ids)
