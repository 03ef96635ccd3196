"""Alembic's environment: runs inside the transaction that ``store.schema`` holds."""

from typing import Any

from alembic import context

from everyrun.store.partitions import PARTITIONED
from everyrun.store.tables import Base

LOCK_TIMEOUT = "10s"


def _belongs(thing: Any, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    if kind == "index":
        dialect = context.config.attributes["connection"].dialect.name
        return bool(thing.info.get("only_on", dialect) == dialect)
    partition = kind == "table" and any(str(name).startswith(f"{t}_") for t in PARTITIONED)
    return not partition


def run() -> None:
    connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
        include_object=_belongs,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
