"""Log lines as pages show them."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, literal, select

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.status import LogLevel
from everyrun.store.column_types import Identifier
from everyrun.store.reading.known_ids import pinned
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.tables import ExecutionLog

execution_logs = cast("Table", ExecutionLog.__table__)

MOST_LINES = 1_000


_l = execution_logs.c


def line_columns(
    execution_id: str | ColumnElement[str] | None = None,
) -> tuple[ColumnElement[Any], ...]:
    """The columns of a line, named like :class:`LogLine`'s fields.

    Of one execution, where it is known; else of whichever execution a line belongs to.
    """
    of: ColumnElement[str] = _l.workflow_execution_id
    if isinstance(execution_id, str):
        of = literal(execution_id, Identifier)
    elif execution_id is not None:
        of = execution_id
    n = node_executions.c
    node_id = (
        select(n.node_id)
        .where(n.workflow_execution_id == of, pinned(n.id, _l.node_execution_id))
        .order_by(n.id)
        .limit(1)
        .correlate(execution_logs)
        .scalar_subquery()
    )
    key = (
        select(nodes.c.key).where(nodes.c.id == node_id).correlate(execution_logs).scalar_subquery()
    )
    return (
        _l.id,
        _l.position,
        _l.level,
        _l.timestamp,
        _l.message,
        _l.node_execution_id,
        key.label("node"),
        _l.attempt,
        _l.logger,
        _l.data,
    )


def checked_levels(levels: Iterable[str]) -> tuple[str, ...]:
    """The levels, each once. Raises :class:`InvalidQuery` for a word that is none (R2.1)."""
    try:
        return tuple(dict.fromkeys(LogLevel(level).value for level in levels))
    except ValueError as error:
        raise InvalidQuery(f"{error}; there are {', '.join(LogLevel)}") from None
