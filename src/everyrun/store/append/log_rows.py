"""Log lines on their way into their executions."""

from collections.abc import Iterable

from everyrun.domain.events import LineLogged
from everyrun.store.append import execution_rows
from everyrun.store.append.joining import ExecutionState
from everyrun.store.append.payload_text import payload_text, storable_text
from everyrun.store.append.rows import BulkRows, Row

TABLE = "execution_logs"
COLUMNS = (
    "workflow_execution_id",
    "id",
    "position",
    "node_execution_id",
    "attempt",
    "level",
    "timestamp",
    "logger",
    "message",
    "data",
)

Line = tuple[bytes, bytes | None, LineLogged]
"""A line with its id and its node execution's, both as bytes."""


def new_lines(
    rows: BulkRows, lines: dict[bytes, list[Line]], states: dict[bytes, ExecutionState]
) -> dict[bytes, list[Line]]:
    """The lines that are not on record yet, one of each id.

    Ids are UUIDv7, so a line born after the newest on record is new without a look; only the
    others are asked for one by one.
    """
    once = {
        execution_id: list({line[0]: line for line in these}.values())
        for execution_id, these in lines.items()
    }
    known = [id_ for id_ in once if execution_rows.lines_before(states[id_]) > 0]
    newest = _newest_ids(rows, known)
    doubtful = [
        (execution_id, line[0])
        for execution_id in known
        for line in once[execution_id]
        if line[0] <= newest.get(execution_id, b"")
    ]
    if doubtful:
        keys = ("workflow_execution_id", "id")
        on_record = set(rows.select(TABLE, keys, keys, doubtful))
        for execution_id in known:
            once[execution_id] = [
                line for line in once[execution_id] if (execution_id, line[0]) not in on_record
            ]
    return once


def _newest_ids(rows: BulkRows, execution_ids: Iterable[bytes]) -> dict[bytes, bytes]:
    newest: dict[bytes, bytes] = {}
    for execution_id in execution_ids:
        found = rows.select_where(
            TABLE, ("id",), "workflow_execution_id = ? ORDER BY id DESC LIMIT 1", (execution_id,)
        )
        if found:
            newest[execution_id] = found[0][0]
    return newest


def save(
    rows: BulkRows, lines: dict[bytes, list[Line]], states: dict[bytes, ExecutionState]
) -> None:
    """Write new lines, at the positions that their executions have kept for them."""
    inserted: list[Row] = []
    for execution_id, these in lines.items():
        first = execution_rows.lines_before(states[execution_id]) + 1
        for position, (id_, node_execution_id, line) in enumerate(these, first):
            inserted.append(
                (
                    execution_id,
                    id_,
                    position,
                    node_execution_id,
                    line.attempt,
                    line.level.value,
                    line.at,
                    storable_text(line.logger),
                    storable_text(line.message),
                    payload_text(line.data),
                )
            )
    rows.insert(TABLE, COLUMNS, inserted)
