"""The newest of several lanes at once: what a piece of a name or several statuses ask for.

The databases differ in how a query runs once for each of many values: PostgreSQL joins laterally,
SQLite correlates a subquery that packs its rows into one text.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    select,
    text,
    type_coerce,
)

from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.column_types import Identifier
from everyrun.store.reading.lanes import Lane, LanePath, Span, is_partitioned, newest_in

_ID_DIGITS = 32


def newest_in_each(
    connection: Connection, lanes: Sequence[Lane], span: Span, count: int
) -> list[str]:
    """The newest ids of lanes of one shape together, newest first, ``count`` at most.

    Costs the ``count`` newest of each lane, in one statement.
    """
    if len(lanes) == 1:
        return newest_in(connection, lanes[0], span, count)
    read = _on_postgresql if is_partitioned(connection) else _on_sqlite
    return read(connection, lanes, span, count, count)


def newest_of_each(connection: Connection, lanes: Sequence[Lane]) -> list[str]:
    """The newest id of each of some lanes of one shape, in one statement."""
    if not lanes:
        return []
    read = _on_postgresql if is_partitioned(connection) else _on_sqlite
    return read(connection, lanes, Span(), 1, len(lanes))


def _on_postgresql(
    connection: Connection, lanes: Sequence[Lane], span: Span, count: int, together: int
) -> list[str]:
    parameters = {**lanes[0].parameters(span, count), "together": together}
    for position, name in enumerate(lanes[0].columns):
        parameters[name] = [lane.fixed[position][1] for lane in lanes]
    return list(connection.execute(_lateral(lanes[0].columns), parameters).scalars())


@cache
def _lateral(columns: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    path = LanePath.over(columns)
    arrays = [type_coerce(bindparam(column.name), ARRAY(column.type)) for column in path.columns]
    lane = func.unnest(*arrays).table_valued(*columns, name="lane").render_derived()
    values = [type_coerce(lane.c[column.name], column.type) for column in path.columns]
    count = bindparam("count", type_=Integer)
    inner = path.narrowed(select(path.id.label("id")), values, partitioned=True)
    found = inner.limit(count).lateral("found")
    joined = select(found.c.id).select_from(lane).join(found, text("true"))
    return joined.order_by(found.c.id.desc()).limit(bindparam("together", type_=Integer))


def _on_sqlite(
    connection: Connection, lanes: Sequence[Lane], span: Span, count: int, together: int
) -> list[str]:
    types = [column.type for column in LanePath.over(lanes[0].columns).columns]
    values = [
        id_bytes(value) if isinstance(type_, Identifier) else value
        for lane in lanes
        for type_, (_, value) in zip(types, lane.fixed, strict=True)
    ]
    parameters = (*values, id_bytes(span.newest), id_bytes(span.oldest), count)
    statement = _packed(lanes[0].columns, len(lanes))
    ids = sorted(
        (
            packed[at : at + _ID_DIGITS]
            for (packed,) in connection.exec_driver_sql(statement, parameters)
            if packed
            for at in range(0, len(packed), _ID_DIGITS)
        ),
        reverse=True,
    )
    return [id_text(bytes.fromhex(digits)) for digits in ids[:together]]


@cache
def _packed(columns: tuple[str, ...], lanes: int) -> str:
    path = LanePath.over(columns)
    names = ", ".join(columns)
    places = ", ".join([f"({', '.join('?' * len(columns))})"] * lanes)
    key = f"t.{path.id.name}"
    same = "".join(f"t.{name} = lane.{name} AND " for name in columns)
    return (
        f"WITH lane ({names}) AS (VALUES {places}) "  # noqa: S608 - only our columns' names
        f"SELECT (SELECT group_concat(hex(found.id), '') FROM ("
        f"SELECT {key} AS id FROM {path.table.name} AS t "
        f"WHERE {same}{key} < ? AND {key} >= ? ORDER BY {key} DESC LIMIT ?) AS found) FROM lane"
    )
