"""Lanes: the rows of one index that agree in its leading columns, in the order of their ids.

Every read here goes down one lane (or several) from a newest id, and stops after a number of
entries that the caller gives, however few of them match. A lane is spelled as a comparison of
rows, ``(status, id) < (…, …) AND (status, id) >= (…, …)``, in the order of all its columns: only
the lane's own index can answer that without sorting, so no estimate leads a planner elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    case,
    select,
    tuple_,
)

from everyrun.store.column_types import Identifier
from everyrun.store.reading.known_ids import pinned
from everyrun.store.reading.prepared import Prepared
from everyrun.store.tables import ExecutionTag, WorkflowExecution

executions = cast("Table", WorkflowExecution.__table__)
execution_tags = cast("Table", ExecutionTag.__table__)

FIRST_ID = "00000000-0000-0000-0000-000000000000"
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"


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
class LanePath:
    """A lane's shape: the table it runs through, its columns and the column of ids."""

    table: Table
    columns: tuple[Column[Any], ...]
    id: Column[Any]

    @classmethod
    def over(cls, columns: tuple[str, ...]) -> "LanePath":
        if columns == ("tag",):
            ids = execution_tags.c.workflow_execution_id
            return cls(execution_tags, (execution_tags.c.tag,), ids)
        return cls(executions, tuple(executions.c[name] for name in columns), executions.c.id)

    def narrowed(
        self,
        statement: Select[*tuple[Any, ...]],
        values: Sequence[ColumnElement[Any]],
        partitioned: bool,
    ) -> Select[*tuple[Any, ...]]:
        """``statement`` down the lane of these values, between :oldest and :newest."""
        oldest = bindparam("oldest", type_=Identifier)
        newest = bindparam("newest", type_=Identifier)
        keys = tuple_(*self.columns, self.id)
        statement = statement.where(
            keys < tuple_(*values, newest), keys >= tuple_(*values, oldest)
        ).order_by(*(column.desc() for column in (*self.columns, self.id)))
        if partitioned and values:
            # Said once more, alone: this is what leaves out partitions.
            statement = statement.where(self.id < newest, self.id >= oldest)
        # A partial index is for columns that have a value.
        return statement.where(*(column.is_not(None) for column in self.columns if column.nullable))

    def bound(self) -> list[ColumnElement[Any]]:
        """The lane's values as parameters named like its columns."""
        return [bindparam(column.name, type_=column.type) for column in self.columns]


def is_partitioned(connection: Connection) -> bool:
    """Whether the executions of this database lie in partitions."""
    return connection.dialect.name == "postgresql"


@cache
def _in_lane(columns: tuple[str, ...], partitioned: bool) -> Select[*tuple[Any, ...]]:
    path = LanePath.over(columns)
    return path.narrowed(select(path.id), path.bound(), partitioned)


@cache
def _newest(columns: tuple[str, ...], partitioned: bool) -> Prepared:
    return Prepared(_in_lane(columns, partitioned).limit(bindparam("count", type_=Integer)))


@cache
def _entry(columns: tuple[str, ...], partitioned: bool) -> Prepared:
    statement = _in_lane(columns, partitioned)
    return Prepared(statement.offset(bindparam("count", type_=Integer)).limit(1))


def newest_in(connection: Connection, lane: Lane, span: Span, count: int) -> list[str]:
    """The newest ids of a lane, newest first, ``count`` at most."""
    statement = _newest(lane.columns, is_partitioned(connection))
    return [id_ for (id_,) in statement.rows(connection, lane.parameters(span, count))]


def latest_rows(
    connection: Connection,
    columns: Sequence[ColumnElement[Any]],
    lane: Lane,
    span: Span,
    count: int,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Columns of the newest executions of a lane, newest first, ``count`` at most."""
    path = LanePath.over(lane.columns)
    statement = path.narrowed(select(*columns), path.bound(), is_partitioned(connection))
    statement = statement.limit(bindparam("count", type_=Integer))
    return connection.execute(statement, lane.parameters(span, count)).all()


def entry_in(connection: Connection, lane: Lane, span: Span, number: int) -> str | None:
    """The ``number``-th newest id of a lane, from 1; None when the lane ends before it."""
    statement = _entry(lane.columns, is_partitioned(connection))
    found = statement.first(connection, lane.parameters(span, number - 1))
    return None if found is None else cast("str", found[0])


def sift(
    connection: Connection, lane: Lane, span: Span, wanted: ColumnElement[bool], count: int
) -> list[str]:
    """The newest ids of a lane whose execution is ``wanted`` (said of ``executions``' columns).

    Looks at every entry of the span until ``count`` are found: the caller bounds the span.
    """
    path = LanePath.over(lane.columns)
    yes: ColumnElement[int] = case((wanted, 1), else_=0)
    if path.table is not executions:
        of_entry = select(yes).where(pinned(executions.c.id, path.id))
        yes = of_entry.order_by(executions.c.id).limit(1).scalar_subquery()
    statement = path.narrowed(select(path.id), path.bound(), is_partitioned(connection))
    statement = statement.where(yes == 1).limit(bindparam("count", type_=Integer))
    return list(connection.execute(statement, lane.parameters(span, count)).scalars())
