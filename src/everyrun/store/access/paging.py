"""Pages of what has a UUIDv7 as its id, the newest first."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select

from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.reading.cursors import make_cursor, read_cursor

_ID_BYTES = 16


class Identified(Protocol):
    """Has an id."""

    id: str


Item = TypeVar("Item", bound=Identified)


def older_than(query: Select[Any], column: Any, kind: bytes, after: str | None) -> Select[Any]:
    """Of a list, what comes after a cursor. Raises :class:`InvalidCursor`."""
    if after is None:
        return query
    return query.where(column < id_text(read_cursor(after, kind, _ID_BYTES)))


def page_of(found: Sequence[Item], limit: int, kind: bytes) -> tuple[list[Item], str | None]:
    """The first ``limit`` of at least one more that was looked for, and the cursor to the rest."""
    items = list(found[:limit])
    goes_on = len(found) > limit
    return items, make_cursor(kind, id_bytes(items[-1].id)) if goes_on else None
