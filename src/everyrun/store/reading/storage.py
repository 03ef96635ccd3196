"""How much the ledger takes up, found out without reading it all."""

from sqlalchemy import Connection, func, select, text

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import birth_of
from everyrun.domain.views.storage import StorageUse, TableUse
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.recorders import dropped_events
from everyrun.store.reading.statistics import stats_buckets
from everyrun.store.tables import Base

LOOKED_THROUGH = 128 << 20
"""Bytes of an SQLite file up to which its tables are told apart: that reads all of its pages."""

_TABLES = sorted(Base.metadata.tables)

_POSTGRESQL_TABLES = text(
    """
SELECT r.relname AS name,
       sum(greatest(c.reltuples, 0)) FILTER (WHERE c.relkind = 'r') AS rows,
       sum(pg_total_relation_size(c.oid)) AS bytes,
       count(*) FILTER (WHERE c.oid <> r.oid) AS partitions
FROM pg_class r JOIN pg_class c ON c.oid = r.oid
     OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = r.oid)
WHERE r.relnamespace = current_schema()::regnamespace AND r.relname = ANY (:names)
  AND r.relkind IN ('r', 'p')
GROUP BY r.relname ORDER BY r.relname
"""
)
_POSTGRESQL_SIZE = text("SELECT pg_database_size(current_database())")
_SQLITE_TABLES = text(
    """
SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes
FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name
WHERE d.aggregate = TRUE GROUP BY s.tbl_name
"""
)


def storage_use(connection: Connection) -> StorageUse:
    """How much the ledger takes up, without the spools.

    An SQLite file of more than 128 MiB is told as a whole only, as is one whose SQLite has no
    ``dbstat``.
    """
    postgresql = connection.dialect.name == "postgresql"
    size, free = _size(connection)
    tables = _in_postgresql(connection) if postgresql else _in_sqlite(connection, size)
    total = connection.execute(select(func.sum(stats_buckets.c.executions))).scalar()
    by_age = [
        connection.execute(select(executions.c.id).order_by(order).limit(1)).scalar()
        for order in (executions.c.id, executions.c.id.desc())
    ]
    oldest, newest = (None if id_ is None else to_datetime(birth_of(id_)) for id_ in by_age)
    return StorageUse(
        database=connection.dialect.name,
        size_bytes=size,
        free_bytes=free,
        tables=tables,
        executions=int(total or 0),
        oldest_execution_at=oldest,
        newest_execution_at=newest,
        dropped_events=dropped_events(connection),
        spools=[],
    )


def _size(connection: Connection) -> tuple[int, int]:
    if connection.dialect.name == "postgresql":
        return int(connection.execute(_POSTGRESQL_SIZE).scalar_one()), 0
    page, pages, free = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("page_size", "page_count", "freelist_count")
    )
    return page * pages, page * free


def _in_postgresql(connection: Connection) -> list[TableUse]:
    return [
        TableUse(
            table=row.name,
            rows=int(row.rows or 0),
            size_bytes=int(row.bytes),
            partitions=row.partitions,
        )
        for row in connection.execute(_POSTGRESQL_TABLES, {"names": _TABLES})
    ]


def _in_sqlite(connection: Connection, size: int) -> list[TableUse]:
    if size > LOOKED_THROUGH or not _has_dbstat(connection):
        return [TableUse(table=name, rows=None, size_bytes=None, partitions=0) for name in _TABLES]
    sizes = {row.name: int(row.bytes) for row in connection.execute(_SQLITE_TABLES)}
    return [
        TableUse(
            table=name,
            rows=connection.execute(
                select(func.count()).select_from(Base.metadata.tables[name])
            ).scalar_one(),
            size_bytes=sizes.get(name, 0),
            partitions=0,
        )
        for name in _TABLES
    ]


def _has_dbstat(connection: Connection) -> bool:
    options = connection.exec_driver_sql("PRAGMA compile_options").scalars()
    return "ENABLE_DBSTAT_VTAB" in set(options)
