"""Lanes: the rows of one index that agree in its leading columns, in the order of their ids.

Every read here goes down one lane (or several) from a newest id, and stops after a number of
entries that the caller gives, however few of them match. A lane is spelled as a comparison of
rows, ``(status, id) < (…, …) AND (status, id) >= (…, …)``, in the order of all its columns: only the
lane's own index can answer that without sorting, so no estimate leads a planner elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    bindparam,
    case,
    func,
    select,
    text,
    tuple_,
    type_coerce,
)

from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.column_types import Identifier
from everyrun.store.tables import ExecutionTag, WorkflowExecution

executions = cast("Table", WorkflowExecution.__table__)
execution_tags = cast("Table", ExecutionTag.__table__)

FIRST_ID = "00000000-0000-0000-0000-000000000000"
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_ID_DIGITS = 32


@dataclass(frozen=True)
class Span:
    """Ids from ``oldest`` (included) up to ``newest`` (excluded)."""

    oldest: str = FIRST_ID
    newest: str = LAST_ID


@dataclass(frozen=True)
class Lane:
    """Executions by the values of some columns that lead an index: ``(("status", "failed"),)``.

    A lane over ``tag`` runs through ``execution_tags``; all others through the executions.
    """

    fixed: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are fixed."""
        return tuple(name for name, _ in self.fixed)

    def parameters(self, span: Span, count: int) -> dict[str, Any]:
        """What :func:`_in_lane` statements bind."""
        return {**dict(self.fixed), "oldest": span.oldest, "newest": span.newest, "count": count}


@dataclass(frozen=True)
class _Path:
    """A lane's shape: the table it runs through, its columns and the column of ids."""

    table: Table
    columns: tuple[Column[Any], ...]
    id: Column[Any]

    @classmethod
    def over(cls, columns: tuple[str, ...]) -> "_Path":
        if columns == ("tag",):
            ids = execution_tags.c.workflow_execution_id
            return cls(execution_tags, (execution_tags.c.tag,), ids)
        return cls(executions, tuple(executions.c[name] for name in columns), executions.c.id)

    def narrowed(
        self, statement: Select[Any], values: Sequence[ColumnElement[Any]], partitioned: bool
    ) -> Select[Any]:
        """``statement`` down the lane of these values, between :oldest and :newest."""
        oldest = bindparam("oldest", type_=Identifier)
        newest = bindparam("newest", type_=Identifier)
        keys = tuple_(*self.columns, self.id)
        statement = statement.where(
            keys < tuple_(*values, newest), keys >= tuple_(*values, oldest)
        ).order_by(*(column.desc() for column in (*self.columns, self.id)))
        if partitioned and values:
            # Said once more, alone: this is what leaves out partitions.
            return statement.where(self.id < newest, self.id >= oldest)
        return statement

    def bound(self) -> list[ColumnElement[Any]]:
        """The lane's values as parameters named like its columns."""
        return [bindparam(column.name, type_=column.type) for column in self.columns]


def _is_partitioned(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@cache
def _in_lane(columns: tuple[str, ...], partitioned: bool) -> Select[Any]:
    path = _Path.over(columns)
    return path.narrowed(select(path.id), path.bound(), partitioned)


@cache
def _newest(columns: tuple[str, ...], partitioned: bool) -> Select[Any]:
    return _in_lane(columns, partitioned).limit(bindparam("count", type_=Integer))


@cache
def _entry(columns: tuple[str, ...], partitioned: bool) -> Select[Any]:
    statement = _in_lane(columns, partitioned)
    return statement.offset(bindparam("count", type_=Integer)).limit(1)


def newest_in(connection: Connection, lane: Lane, span: Span, count: int) -> list[str]:
    """The newest ids of a lane, newest first, ``count`` at most."""
    statement = _newest(lane.columns, _is_partitioned(connection))
    return list(connection.execute(statement, lane.parameters(span, count)).scalars())


def entry_in(connection: Connection, lane: Lane, span: Span, number: int) -> str | None:
    """The ``number``-th newest id of a lane, from 1; None when the lane ends before it."""
    statement = _entry(lane.columns, _is_partitioned(connection))
    found = connection.execute(statement, lane.parameters(span, number - 1)).scalar()
    return cast("str | None", found)


def newest_in_each(
    connection: Connection, lanes: Sequence[Lane], span: Span, count: int
) -> list[str]:
    """The newest ids of lanes of one shape together, newest first, ``count`` at most.

    Costs the ``count`` newest of each lane, in one statement.
    """
    if len(lanes) == 1:
        return newest_in(connection, lanes[0], span, count)
    if _is_partitioned(connection):
        return _newest_in_each_on_postgresql(connection, lanes, span, count)
    return _newest_in_each_on_sqlite(connection, lanes, span, count)


def _newest_in_each_on_postgresql(
    connection: Connection, lanes: Sequence[Lane], span: Span, count: int
) -> list[str]:
    statement = _lateral(lanes[0].columns)
    parameters = lanes[0].parameters(span, count)
    for position, name in enumerate(lanes[0].columns):
        parameters[name] = [lane.fixed[position][1] for lane in lanes]
    return list(connection.execute(statement, parameters).scalars())


@cache
def _lateral(columns: tuple[str, ...]) -> Select[Any]:
    path = _Path.over(columns)
    arrays = [type_coerce(bindparam(column.name), ARRAY(column.type)) for column in path.columns]
    lane = func.unnest(*arrays).table_valued(*columns, name="lane").render_derived()
    values = [type_coerce(lane.c[column.name], column.type) for column in path.columns]
    count = bindparam("count", type_=Integer)
    inner = path.narrowed(select(path.id.label("id")), values, partitioned=True)
    found = inner.limit(count).lateral("found")
    return (
        select(found.c.id)
        .select_from(lane)
        .join(found, text("true"))
        .order_by(found.c.id.desc())
        .limit(count)
    )


def _newest_in_each_on_sqlite(
    connection: Connection, lanes: Sequence[Lane], span: Span, count: int
) -> list[str]:
    columns = lanes[0].columns
    path = _Path.over(columns)
    row = f"({', '.join('?' * len(columns))})"
    names = ", ".join(columns)
    same = " AND ".join(f"e.{name} = lane.{name}" for name in columns)
    statement = (
        f"WITH lane ({names}) AS (VALUES {', '.join([row] * len(lanes))}) "
        f"SELECT (SELECT group_concat(hex(found.id), '') FROM (SELECT e.id FROM {path.table.name} e"
        f" WHERE {same} AND e.id < ? AND e.id >= ? ORDER BY e.id DESC LIMIT ?) AS found) FROM lane"
    )
    types = [column.type for column in path.columns]
    values = [
        id_bytes(value) if isinstance(type_, Identifier) else value
        for lane in lanes
        for type_, (_, value) in zip(types, lane.fixed, strict=True)
    ]
    parameters = (*values, id_bytes(span.newest), id_bytes(span.oldest), count)
    raw = sorted(
        (
            digits[at : at + _ID_DIGITS]
            for (digits,) in connection.exec_driver_sql(statement, parameters)
            if digits
            for at in range(0, len(digits), _ID_DIGITS)
        ),
        reverse=True,
    )
    return [id_text(bytes.fromhex(digits)) for digits in raw[:count]]


def sift(
    connection: Connection, lane: Lane, span: Span, wanted: ColumnElement[bool], count: int
) -> list[str]:
    """The newest ids of a lane whose execution is ``wanted`` (said of ``executions``' columns).

    Looks at every entry of the span until ``count`` are found: the caller bounds the span.
    """
    path = _Path.over(lane.columns)
    yes = case((wanted, 1), else_=0)
    if path.table is not executions:
        yes = select(yes).where(executions.c.id == path.id).scalar_subquery()
    statement = path.narrowed(select(path.id), path.bound(), _is_partitioned(connection))
    statement = statement.where(yes == 1).limit(bindparam("count", type_=Integer))
    return list(connection.execute(statement, lane.parameters(span, count)).scalars())
