"""How many executions filters mean, counted one by one up to a ceiling."""

import hashlib
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.domain.status import SETTLED, Status
from everyrun.domain.views.deleting import ExecutionCount
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.reading.cursors import make_cursor, read_cursor
from everyrun.store.reading.executions import matching_ids, span_of
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import FIRST_ID, Span, executions

MOST_COUNTED = 10_000
MOST_LOOKS = 100
"""Searches by bounded work (3,000 entries each) that one count makes at most."""

OVER = frozenset({*SETTLED, Status.LOST})
"""What may be deleted: nothing of it runs any more, as far as is known."""

_CHUNK = 200
_KIND = b"d"
_COUNT_BYTES = 4
_DIGEST_BYTES = 8


class Matching(NamedTuple):
    """Executions, newest first; ``complete`` when there are no others."""

    ids: list[str]
    complete: bool


class Confirmation(NamedTuple):
    """What somebody was shown before they said yes: how many, the newest of them the last one."""

    newest: str
    shown: int

    def text(self, filters: ExecutionFilters) -> str:
        """What stands for it; good for these filters alone."""
        count = self.shown.to_bytes(_COUNT_BYTES, "big")
        return make_cursor(_KIND, id_bytes(self.newest), count, _digest(filters))

    @classmethod
    def read(cls, text: str, filters: ExecutionFilters) -> "Confirmation | None":
        """What a text stands for; None when it is of other filters.

        Raises :class:`InvalidCursor`.
        """
        raw = read_cursor(text, _KIND, 16 + _COUNT_BYTES + _DIGEST_BYTES)
        if raw[-_DIGEST_BYTES:] != _digest(filters):
            return None
        return cls(id_text(raw[:16]), int.from_bytes(raw[16:-_DIGEST_BYTES], "big"))


def _digest(filters: ExecutionFilters) -> bytes:
    return hashlib.blake2b(msgspec.json.encode(filters), digest_size=_DIGEST_BYTES).digest()


def count_executions(
    connection: Connection, filters: ExecutionFilters, ceiling: int = MOST_COUNTED
) -> ExecutionCount:
    """How many executions the filters let through, ``ceiling`` at most, and of which status.

    Raises :class:`InvalidQuery`.
    """
    found = find_matching(connection, filters, span_of(filters), ceiling)
    statuses = count_statuses(connection, found.ids)
    shown = Confirmation(found.ids[0] if found.ids else FIRST_ID, len(found.ids))
    return ExecutionCount(
        count=len(found.ids),
        complete=found.complete,
        statuses=statuses,
        deletable=sum(count for status, count in statuses.items() if status in OVER),
        confirm=shown.text(filters),
    )


def find_matching(
    connection: Connection, filters: ExecutionFilters, span: Span, ceiling: int
) -> Matching:
    """The newest executions of a span that the filters let through, ``ceiling`` at most."""
    ids: list[str] = []
    for _ in range(MOST_LOOKS):
        found = matching_ids(connection, filters, span, ceiling + 1 - len(ids))
        ids += found.ids
        if len(ids) > ceiling:
            return Matching(ids[:ceiling], complete=False)
        if found.searched_to is None:
            return Matching(ids, complete=True)
        span = replace(span, newest=found.searched_to)
    return Matching(ids, complete=False)


def count_statuses(connection: Connection, ids: list[str]) -> dict[str, int]:
    """How many of these executions have which status, the most frequent first."""
    counts: Counter[str] = Counter()
    for start in range(0, len(ids), _CHUNK):
        # One by one: grouped, SQLite would walk a whole index of statuses instead.
        of_chunk = one_of(connection, executions.c.id, ids[start : start + _CHUNK])
        counts.update(connection.execute(select(executions.c.status).where(of_chunk)).scalars())
    return dict(counts.most_common())
